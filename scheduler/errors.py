"""Everything that can go wrong, as one tree; the command line catches its root once.

SchedulerError                    exit code
├── UsageError                    2   wrong usage that click cannot see
├── InputError                    3   faulty input: carries every `Fault` found; 2 where all are of typed options
│   └── PolicyError               3   the policy file or a tweak of it
├── InfeasibleError               4   no roster can exist: carries the conflict
├── VerificationError             5   a roster breaks a rule: carries the violations
├── NoRosterFoundError            6   effort or time ran out before any roster
│   └── UnfinishedError           6   some units have no roster, though one may exist: carries which and why
└── ExportError                   7   a file is locked or unwritable, or the disk is full
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.language import Bilingual, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong (or doubtful) in one place of one input.

    Attributes
    ----------
    problem : what is wrong, as a sentence without its place.
    file, sheet, row, field : where: a path or name, the sheet's name, the row as the program that made the
        file numbers it (1-based), the column's header or the dotted key. Empty or 0 where it has none.
    value : what stood there, as text.
    allowed : what may stand there.
    remedy : what to do next.
    warning : True where reading went on and nothing is refused.
    """

    problem: Bilingual
    file: str = ""
    sheet: str = ""
    row: int = 0
    field: str = ""
    value: str = ""
    allowed: Bilingual | None = None
    remedy: Bilingual | None = None
    warning: bool = False

    @property
    def is_of_option(self) -> bool:
        """Whether it lies in what was typed on the command line, not in a file."""
        return not self.file and self.field.startswith("--")

    def describe(self, language: Language) -> str:
        """Return the fault as one line: place, problem, value, what is allowed, what to do."""
        id_ = language == "id"
        place = [self.file] if self.file else []
        if self.sheet:
            place.append(("lembar " if id_ else "sheet ") + f"“{self.sheet}”")
        if self.row:
            place.append(("baris " if id_ else "row ") + str(self.row))
        if self.field:
            place.append(self.field)
        parts = [", ".join(place) + ": " if place else "", self.problem.in_language(language)]
        if self.value:
            parts.append(("; tertulis " if id_ else "; found ") + f"“{_shorten(self.value)}”")
        if self.allowed:
            parts.append(("; yang boleh: " if id_ else "; allowed: ") + self.allowed.in_language(language))
        text = "".join(parts)
        if not text.endswith((".", "?", "!")):
            text += "."
        if self.remedy:
            text += " " + self.remedy.in_language(language)
        return text


def _shorten(value: str, most: int = 60) -> str:
    clean = "".join(c if c.isprintable() else "�" for c in value)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


class SchedulerError(Exception):
    """The root of every error that giliran raises on purpose."""

    exit_code: int = 1

    def __init__(self, message: Bilingual) -> None:
        super().__init__(message.en)
        self.message = message

    def describe(self, language: Language) -> str:
        """Return the lines for standard error."""
        return self.message.in_language(language)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.message,), self.__dict__)


class UsageError(SchedulerError):
    """The command line asks for something that does not fit together."""

    exit_code = 2


class InputError(SchedulerError):
    """Faulty input; `faults` holds all of them, in the order of the files.

    Where all of them lie in typed options it is wrong usage, whoever found it: click or a reader.
    """

    exit_code = 3

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        if self.faults and all(fault.is_of_option for fault in self.faults):
            self.exit_code = UsageError.exit_code
            super().__init__(
                Bilingual(
                    id=f"Pilihan keliru ({count} kesalahan); tidak ada yang ditulis.",
                    en=f"Wrong option{'s' if count != 1 else ''} ({count} fault{'s' if count != 1 else ''}); "
                    "nothing was written.",
                )
            )
            return
        super().__init__(
            Bilingual(
                id=f"Masukan keliru ({count} kesalahan); tidak ada yang ditulis.",
                en=f"Faulty input ({count} fault{'s' if count != 1 else ''}); nothing was written.",
            )
        )

    def describe(self, language: Language) -> str:
        """Return the heading and one line for each fault."""
        return "\n".join([self.message.in_language(language), *(f.describe(language) for f in self.faults)])

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.faults,))


class PolicyError(InputError):
    """The policy file, or a tweak given on the command line, cannot be taken."""


class InfeasibleError(SchedulerError):
    """No roster can exist.

    Attributes
    ----------
    conflict : the sentences of the rules that cannot all hold; one that ends in a colon is the heading of those below it.
    ways_out : relaxations, each checked by solving, cheapest first.
    found : the conflicts as `scheduler.solve.conflict.Conflict`, for whoever looks for ways out.
    """

    exit_code = 4

    def __init__(
        self,
        message: Bilingual,
        conflict: Sequence[Bilingual] = (),
        ways_out: Sequence[Bilingual] = (),
        found: Sequence[Any] = (),
    ) -> None:
        super().__init__(message)
        self.conflict = tuple(conflict)
        self.ways_out = tuple(ways_out)
        self.found = tuple(found)

    def describe(self, language: Language) -> str:
        """Return the message, one line for each rule in conflict under its heading, and one for each way out."""
        lines = [self.message.in_language(language)]
        lines += [_heading_or_bullet(sentence.in_language(language)) for sentence in self.conflict]
        if self.ways_out:
            lines.append("Jalan keluar, termurah dulu:" if language == "id" else "Ways out, cheapest first:")
            lines += [_bullet(sentence.in_language(language)) for sentence in self.ways_out]
        return "\n".join(lines)


def _heading_or_bullet(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 80, break_on_hyphens=False) if text.endswith(":") else _bullet(text)


def _bullet(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 80, initial_indent="  • ", subsequent_indent="    ", break_on_hyphens=False)


class VerificationError(SchedulerError):
    """A roster breaks a rule, or the solver claimed a value that the roster does not have."""

    exit_code = 5


class NoRosterFoundError(SchedulerError):
    """Effort or time ran out before any roster was found; none is known to be impossible."""

    exit_code = 6


class UnfinishedError(NoRosterFoundError):
    """Some units have no roster, though one may exist: their solver crashed, hung, or ran out of memory or time.

    Attributes
    ----------
    units : why, by the unit's name.
    details : what the solvers' processes printed last, for whoever repairs them.
    """

    def __init__(
        self, message: Bilingual, units: Mapping[str, Bilingual], details: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.units = dict(units)
        self.details = tuple(details)

    def describe(self, language: Language) -> str:
        """Return the message, and one line for each unit."""
        lines = [_bullet(f"{name}: {why.in_language(language)}") for name, why in self.units.items()]
        return "\n".join([self.message.in_language(language), *lines])

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.message, self.units, self.details))


class ExportError(SchedulerError):
    """An output cannot be written: locked by another program, no permission, or the disk is full."""

    exit_code = 7
