"""The pieces of the engine, what switches each off, and the smallest cases in which it should tell.

A switch is a name of the engine's own and what stands there instead, so that a piece which is renamed or taken away is
missed by `tests/benchmarks/test_ablation.py`. Cases were chosen where the piece was built for them (`git log`), as small
as they show it; where two are named the second says how it goes with size.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from unittest.mock import patch

ALL = "all on"


@dataclass(frozen=True, slots=True)
class Case:
    """What is solved.

    Attributes
    ----------
    kind : `unit` of benchmarks.instances; `office` of `giliran synth`, one without counters; `city` of so many offices
        under one limit of time; `replan` a unit for twelve new absences, until the fewest changes are told.
    limit : of time, as users would give, in processor seconds; 0 for none.
    stop : processor seconds after which a run is stopped: some ten times what it takes with all pieces on.
    seeds : how many, from the first: more of them where single ones tell by chance.
    """

    people: int
    days: int = 22
    limit: float = 0.0
    stop: float = 5.0
    kind: str = "unit"
    units: int = 1
    first: int = 1
    seeds: int = 3

    @property
    def title(self) -> str:
        """Return what a table says of it."""
        size = f"{self.people} × {self.days}" + (f" in {self.units}" if self.units > 1 else "")
        return " ".join(part for part in ("" if self.kind == "unit" else self.kind, size) if part)


@dataclass(frozen=True, slots=True)
class Switch:
    """A name of the engine's, as `module:name`, and what stands there instead."""

    where: str
    instead: Any

    def patch(self) -> Any:
        """Return a context in which it does.

        Raises
        ------
        AttributeError
            Where the engine has no such name any more.
        """
        module, path = self.where.split(":")
        *outer, name = path.split(".")
        target: Any = import_module(f"scheduler.{module}")
        for part in outer:
            target = getattr(target, part)
        return patch.object(target, name, self.instead)

    @property
    def key(self) -> str:
        """Return what tells it from others in what is kept of a run."""
        return f"{self.where}={getattr(self.instead, '__name__', self.instead)}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: its name, where it should tell, and what switches it off."""

    name: str
    cases: tuple[Case, ...]
    switches: tuple[Switch, ...]


# What stands there instead ---------------------------------------------------------------------------------------


def gives_none(*_: Any, **__: Any) -> None:
    """Find nothing."""


def gives_false(*_: Any, **__: Any) -> bool:
    """Do not succeed."""
    return False


def finds_no_roster(*_: Any, **__: Any) -> Any:
    """Find no roster, and prove nothing."""
    from scheduler.solve.search import Found

    return Found(None, 0)


def leaves_nothing_empty(*_: Any, **__: Any) -> Any:
    """Complete no rows with places left empty."""
    return finds_no_roster(), False


def knows_nothing(*_: Any, **__: Any) -> Any:
    """Know neither bounds nor a roster before the passes."""
    from scheduler.solve.rows.ideal import Ideal

    return Ideal()


def keeps_rows(_: Any, rows: Any, *__: Any) -> Any:
    """Leave rows as they are."""
    return rows


def stints_by_constant(_: Any, node: Any) -> list[Any]:
    """Bound stints by what they cost whatever is chosen."""
    from scheduler.solve.rows.tree import STINTS, Node

    least = node.programme.prices[STINTS].constant
    return [Node((*node.key, least), node.plan, node.levels, node.windows, node.programme, node.following)]


# The pieces ------------------------------------------------------------------------------------------------------

FEW, SOME, MANY, LARGE = Case(14, stop=10), Case(20), Case(60, seeds=5), Case(150, stop=12, first=2)
HURRIED = Case(500, limit=0.6, stop=12)
LONG, LONGER = Case(150, 44, limit=5, stop=20, seeds=6), Case(60, 66, limit=10, stop=25, seeds=6)
SHORT = Case(60, 66, limit=3, stop=15, seeds=6)
OFFICE, BUREAU = Case(19, kind="office"), Case(26, kind="office")
TIGHT = Case(20, stop=8, first=7, seeds=4)
CLOSE, SHORT_PERIOD = Case(12, stop=8, first=5, seeds=4), Case(40, 10, stop=8, seeds=4)
AGENCY = Case(40, stop=12, kind="office", seeds=5)
CITY = Case(600, 10, limit=6, stop=20, kind="city", units=20)
REPLANNED = Case(500, stop=15, kind="replan")

PIECES = tuple(
    Piece(name, cases, tuple(Switch(where, instead) for where, instead in switches))
    for name, cases, switches in (
        ("first roster", (HURRIED,), [("solve.passes:first_roster", finds_no_roster)]),
        ("first rosters for all at first", (CITY,), [("rounds:Rounds._make_first", gives_none)]),
        ("counted bounds", (SOME, MANY), [("solve.unit:find_ideal", knows_nothing), ("solve.fairness:Group.aim", None)]),
        ("whole rows", (SOME, MANY), [("solve.unit:find_ideal", knows_nothing)]),
        ("fairest shares aimed at", (FEW,), [("solve.passes:Passes._aim_at", gives_false)]),
        ("units taken apart", (OFFICE, BUREAU, AGENCY), [("solve.apart:MOST_IN_PARTS", 0)]),
        ("units tried whole at first", (SOME,), [("solve.apart:LEAST_AT_ONCE", 1_000_000)]),
        ("plain search in small parts", (OFFICE, BUREAU), [("solve.apart:FEW_IN_PART", 0)]),
        ("numbers of few people", (OFFICE, BUREAU), [("solve.rows.numbers:FEW_PEOPLE", 0)]),
        ("smoothed duals", (MANY, LARGE), [("solve.rows.columns:SMOOTHING", 0.0)]),
        ("stints priced in rows", (SOME, MANY), [("solve.rows.tree:Tree._price_stints", stints_by_constant)]),
        ("short searches in turn", (CLOSE, SHORT_PERIOD), [("solve.passes:FEW_VARIABLES", 0)]),
        ("rows listed", (SHORT_PERIOD,), [("solve.passes:list_rows", gives_none)]),
        ("something better asked for", (CLOSE,), [("solve.closing:Closing._better", finds_no_roster)]),
        ("demands of posts added up", (TIGHT, MANY), [("solve.rows.relaxation:MOST_TOGETHER", 1)]),
        ("posts counted together", (SOME,), [("solve.rows.roles:MOST_OFFICERS", -1)]),
        ("picking of whole rows", (MANY,), [("solve.rows.picking:MOST_ROWS", -1)]),
        ("picking by branch and cut", (MANY, LARGE), [("solve.rows.picking:branch", gives_none)]),
        ("bounds raised by picking", (SOME, MANY), [("solve.rows.rounding:MOST_RAISED", 1)]),
        ("rows one person after another", (LONG, LONGER), [("solve.rows.rounding:settle", keeps_rows)]),
        ("mending", (LONGER,), [("solve.rows.rounding:Rounding._mend", gives_none)]),
        ("posts held with few rows changed", (LONGER,), [("solve.rows.rounding:Rounding._complete_nearby", gives_false)]),
        ("places left empty at last", (SHORT,), [("solve.rows.rounding:leave_empty", leaves_nothing_empty)]),
        ("changes counted first", (REPLANNED,), [("solve.passes:repaired", gives_none)]),
        ("changes by whole rows", (REPLANNED,), [("solve.repair:nearest", gives_none)]),
    )
)  # fmt: skip
"""In the order of docs/search.md."""


@contextmanager
def without(piece: str) -> Iterator[None]:
    """Switch a piece off; none for `ALL`."""
    with ExitStack() as off:
        for switch in switches_of(piece):
            off.enter_context(switch.patch())
        yield


def switches_of(piece: str) -> tuple[Switch, ...]:
    """Return what switches a piece off.

    Raises
    ------
    KeyError
        Where there is no such piece.
    """
    return {ALL: (), **{known.name: known.switches for known in PIECES}}[piece]
