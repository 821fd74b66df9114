"""Who may sign in to the board, as what, and which offices they see: this is the one place that says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.board import passwords
from scheduler.server.store.board_tables import ACCOUNT, SCOPE, SESSION
from scheduler.server.store.tables import SCENARIO, SUBJECT

Role = Literal["admin", "head", "monitor"]
ROLES: tuple[Role, ...] = ("admin", "head", "monitor")
EVERY_UNIT = "*"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody signed in.

    Attributes
    ----------
    scopes : the units seen, as (scenario's row, unit's name); the name is `EVERY_UNIT` for all of a scenario.
    sees_everything : of admins without a scope: every scenario.
    """

    id: int
    name: str
    role: Role
    sees_everything: bool
    scopes: frozenset[tuple[int, str]]

    def sees_scenario(self, scenario: int) -> bool:
        """Whether all units of a scenario are the account's to see."""
        return self.sees_everything or (scenario, EVERY_UNIT) in self.scopes

    def sees(self, scenario: int, unit: str) -> bool:
        """Whether one unit is the account's to see; an empty unit stands for the whole scenario."""
        return self.sees_scenario(scenario) or (bool(unit) and (scenario, unit) in self.scopes)


def account(connection: Connection, account_id: int) -> Account | None:
    """Return an account with what it sees; None where there is none or it is disabled."""
    c = ACCOUNT.c
    row = connection.execute(select(ACCOUNT).where(c.id == account_id, c.disabled_at.is_(None))).mappings()
    found = row.first()
    if found is None:
        return None
    scopes = connection.execute(
        select(SCOPE.c.scenario_id, SCOPE.c.unit).where(SCOPE.c.account_id == account_id)
    )
    everything = bool(found["sees_everything"]) and found["role"] == "admin"
    return Account(
        found["id"], found["name"], found["role"], everything, frozenset((s, u) for s, u in scopes)
    )


def clean_name(text: str) -> str:
    """Return an account's name as it is stored, whatever was typed."""
    return text.strip().casefold()


def add(
    connection: Connection,
    name: str,
    role: Role,
    password: str,
    scopes: Iterable[tuple[int, str]],
    now: int,
) -> int:
    """Add an account and return its row.

    Parameters
    ----------
    scopes : as of `Account`; an admin without any sees every scenario.
    now : seconds since 1970.

    Raises
    ------
    UsageError
        Where the name is taken or is none, the password is too weak, or nothing could be seen with it.
    """
    name, wanted = clean_name(name), sorted(set(scopes))
    if not _NAME.fullmatch(name):
        raise UsageError(
            Bilingual(
                id=f"Nama akun “{name}”: pakai 2–64 huruf kecil, angka, titik, garis atau @.",
                en=f"Account name “{name}”: use 2–64 small letters, digits, dots, dashes or @.",
            )
        )
    if connection.execute(select(ACCOUNT.c.id).where(ACCOUNT.c.name == name)).first():
        raise UsageError(
            Bilingual(id=f"Akun “{name}” sudah ada.", en=f"The account “{name}” exists already.")
        )
    if role != "admin" and not wanted:
        raise UsageError(
            Bilingual(
                id="Kepala dan pemantau perlu unitnya: sebut --unit.",
                en="A head or monitor needs their units: name them by --unit.",
            )
        )
    passwords.check_new(password, name)
    row = {"name": name, "role": role, "password": passwords.hash_password(password), "made_at": now}
    row["sees_everything"] = role == "admin" and not wanted
    made: int = connection.execute(insert(ACCOUNT).returning(ACCOUNT.c.id), row).scalar_one()
    if wanted:
        rows = [{"account_id": made, "scenario_id": s, "unit": u} for s, u in wanted]
        connection.execute(insert(SCOPE), rows)
    return made


def find(connection: Connection, name: str) -> RowMapping:
    """Return the row of an account by its name.

    Raises
    ------
    UsageError
        Where there is none.
    """
    found = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == clean_name(name))).mappings().first()
    if found is None:
        raise UsageError(Bilingual(id=f"Akun “{name}” tidak ada.", en=f"There is no account “{name}”."))
    return found


def disable(connection: Connection, account_id: int, now: int) -> None:
    """Keep an account from signing in, and end its sessions."""
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(disabled_at=now))
    connection.execute(delete(SESSION).where(SESSION.c.account_id == account_id))


def set_password(connection: Connection, account_id: int, name: str, password: str) -> None:
    """Give an account another password, let it sign in again, and end its sessions.

    Raises
    ------
    UsageError
        Where the password is too weak.
    """
    passwords.check_new(password, name)
    values = {"password": passwords.hash_password(password), "disabled_at": None}
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(values))
    connection.execute(delete(SESSION).where(SESSION.c.account_id == account_id))


def accounts(connection: Connection) -> list[dict[str, Any]]:
    """Return every account with its units, by name; no password."""
    joined = SCOPE.join(SCENARIO, SCOPE.c.scenario_id == SCENARIO.c.id)
    seen: dict[int, list[str]] = {}
    for account_id, scenario, unit in connection.execute(
        select(SCOPE.c.account_id, SCENARIO.c.name, SCOPE.c.unit).select_from(joined).order_by(SCOPE.c.unit)
    ):
        seen.setdefault(account_id, []).append(f"{scenario}: {unit}")
    columns = (ACCOUNT.c.id, ACCOUNT.c.name, ACCOUNT.c.role, ACCOUNT.c.sees_everything, ACCOUNT.c.disabled_at)
    rows = connection.execute(select(*columns).order_by(ACCOUNT.c.name)).mappings()
    return [{**row, "units": seen.get(row["id"], [])} for row in rows]


def units_seen(connection: Connection, who: Account, scenario: int | None = None) -> Sequence[RowMapping]:
    """Return the units (rows of `subject`, with the scenario's) that an account may see, by scenario and name."""
    joined = SUBJECT.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    wanted = select(SUBJECT, SCENARIO.c.name.label("scenario"), SCENARIO.c.title, SCENARIO.c.timezone)
    wanted = wanted.select_from(joined).where(SUBJECT.c.kind == "unit")
    if scenario is not None:
        wanted = wanted.where(SUBJECT.c.scenario_id == scenario)
    if not who.sees_everything:
        wanted = wanted.where(SUBJECT.c.scenario_id.in_({s for s, _ in who.scopes}))
    rows = connection.execute(wanted.order_by(SCENARIO.c.name, SUBJECT.c.id)).mappings()
    return [row for row in rows if who.sees(row["scenario_id"], row["key"])]
