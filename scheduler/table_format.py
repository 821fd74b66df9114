"""How the tables for programs spell their cells: columns, numbers, roles, and text that no spreadsheet runs.

The files are UTF-8 without a byte order mark, with commas, LF and a heading, on every system. A text that a
spreadsheet would run as a formula gets one apostrophe in front (OWASP, "CSV Injection"); a text that itself has
apostrophes before such a character gets one more, so that reading back always takes off exactly one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

ROSTER_COLUMNS = ("date", "unit", "person_id", "name", "rank", "status", "role", "fixed_by")
LEDGER_COLUMNS = (
    "person_id", "unit", "rank", "due_days", "home_days", "balance",
    "monday_friday_balance", "role_balances", "last_status", "last_stint",
)  # fmt: skip
REMAINDER_COLUMNS = ("unit", "rule", "remainder")
UNIT_MARK, DATES_MARK, REVISION_MARK = "giliran:unit", "giliran:dates", "giliran:revision="
"""What stands hidden on a workbook's grid, to be found again where it was edited by hand."""

RUNS = "=+\\-@\t\r\n＝＋－＠"
_HARMFUL = re.compile(f"'*[{RUNS}]")
_GUARDED = re.compile(f"''*[{RUNS}]")
_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$')
_THOUSANDTHS = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,3}))?", re.ASCII)


def guard(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula.

    Examples
    --------
    >>> guard("=HYPERLINK(1)"), guard("Ma'mur"), guard("'=1")
    ("'=HYPERLINK(1)", "Ma'mur", "''=1")
    """
    return f"'{text}" if _HARMFUL.match(text) else text


def unguard(text: str) -> str:
    """Return what `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def table_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a whole table as the bytes of its file; the cells are guarded by the caller where they are text.

    The csv module of Python 3.11 leaves a lone carriage return unquoted, which it then cannot read itself.
    """
    lines = (",".join(map(_quoted, row)) + "\n" for row in (columns, *rows))
    return "".join(lines).encode("utf-8", errors="replace")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def days_text(thousandths: int) -> str:
    """Return thousandths of a day as days with exactly three decimals: -250 is "-0.250"."""
    whole, rest = divmod(abs(thousandths), 1000)
    return f"{'-' if thousandths < 0 else ''}{whole}.{rest:03}"


def parse_days(text: str) -> int:
    """Return thousandths of a day.

    Raises
    ------
    ValueError
        Where `text` is no decimal number of at most three decimals.
    """
    found = _THOUSANDTHS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    sign, whole, rest = found.groups()
    value = int(whole) * 1000 + int((rest or "").ljust(3, "0"))
    return -value if sign else value


def escape_role(name: str) -> str:
    """Return a role's name without the separators of lists: `%`, `;` and `=` as percent and two digits."""
    return name.replace("%", "%25").replace(";", "%3B").replace("=", "%3D")


def unescape_role(text: str) -> str:
    """Return what `escape_role` was given."""
    return text.replace("%3D", "=").replace("%3B", ";").replace("%25", "%")


def roles_text(roles: Sequence[str]) -> str:
    """Return roles joined by `;`."""
    return ";".join(map(escape_role, roles))


def parse_roles(text: str) -> tuple[str, ...]:
    """Return the roles of a cell, none where it is empty."""
    return tuple(unescape_role(part) for part in text.split(";") if part) if text else ()


def role_balances_text(balances: Mapping[str, int]) -> str:
    """Return balances by role, in the roles' alphabetical order: `Loket Berkas=0.250;monitor=-0.100`."""
    return ";".join(f"{escape_role(name)}={days_text(balances[name])}" for name in sorted(balances))


def parse_role_balances(text: str) -> dict[str, int]:
    """Return balances by role in thousandths.

    Raises
    ------
    ValueError
        Where a part is not `name=number` or a name stands twice.
    """
    balances: dict[str, int] = {}
    for part in text.split(";") if text else ():
        name, equals, number = part.partition("=")
        role = unescape_role(name)
        if not equals or not role or role in balances:
            raise ValueError(part)
        balances[role] = parse_days(number)
    return balances
