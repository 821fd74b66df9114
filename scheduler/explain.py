"""Why no roster exists, the cheapest ways out, and what one more demand would cost where one does.

Every conflict named is confirmed, every way out is checked by solving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from scheduler.errors import InfeasibleError
from scheduler.language import Bilingual
from scheduler.problem import Problem
from scheduler.roster import Replaced
from scheduler.solve.conflicts.change import WayOut
from scheduler.solve.conflicts.conflict import Conflict, dates_text
from scheduler.solve.effort import Effort
from scheduler.solve.executors.finder import Finder, FinderHere
from scheduler.solve.executors.process import SolverDiedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What keeps a problem from having a roster.

    Attributes
    ----------
    conflicts : by unit, in the order in which they were found.
    ways_out : cheapest first.
    unexplained : units that have no roster though no conflict could be confirmed, or that effort left open.
    lost : what could not be looked into because its solver crashed or hung, and why.
    """

    conflicts: tuple[Conflict, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    unexplained: tuple[str, ...] = ()
    lost: tuple[Bilingual, ...] = ()

    @property
    def is_feasible(self) -> bool:
        """Whether every unit has a roster."""
        return not self.conflicts and not self.unexplained

    def headed(self) -> tuple[tuple[Bilingual, tuple[Bilingual, ...]], ...]:
        """Return each conflict as a heading and its sentences; those alike but for their days come once."""
        found = []
        for unit, same in groupby(self.conflicts, key=lambda conflict: conflict.unit.name):
            kinds: dict[tuple[object, ...], list[Conflict]] = {}
            for conflict in same:
                kinds.setdefault(_kind(conflict), []).append(conflict)
            for number, alike in enumerate(kinds.values(), start=1):
                found.append((_heading(unit, number, len(kinds), alike), alike[0].sentences()))
        return tuple(found)


MOST_NAMED = 8
"""Conflicts of so many rule instances at most are told apart by their people."""


def _kind(conflict: Conflict) -> tuple[object, ...]:
    """Return what conflicts have in common that differ in their days alone, or that are too large to tell apart."""
    if len(conflict.instances) > MOST_NAMED:
        return (conflict.rules, len(conflict.instances))
    return (conflict.rules, tuple((i.rule, i.people) for i in conflict.instances))


def _heading(unit: str, number: int, of: int, alike: Sequence[Conflict]) -> Bilingual:
    which = [Bilingual(id=f"pertentangan {number} dari {of}", en=f"conflict {number} of {of}")] * (of > 1)
    if len(alike) > 1:
        which.append(_also(alike))
    id_, en = (", ".join(getattr(part, language) for part in which) for language in ("id", "en"))
    return Bilingual(
        id=f"{unit}: semua ini tidak mungkin dipenuhi sekaligus{f' ({id_})' if id_ else ''}:",
        en=f"{unit}: these cannot all hold{f' ({en})' if en else ''}:",
    )


def _also(alike: Sequence[Conflict]) -> Bilingual:
    """Return when the same happens again, or how often where the days do not tell."""
    days = [{i.day for i in conflict.instances if i.day is not None} for conflict in alike[1:]]
    single = [next(iter(of_one)) for of_one in days if len(of_one) == 1]
    if len(single) < len(days):
        return Bilingual(id=f"ada {len(days)} lagi yang serupa", en=f"{len(days)} more like it")
    id_, en = (dates_text(sorted(single), language) for language in ("id", "en"))
    return Bilingual(id=f"serupa pada {id_}", en=f"likewise on {en}")


def explain(
    problem: Problem,
    effort: Effort,
    replaced: Mapping[str, Replaced] | None = None,
    known: Sequence[Conflict] = (),
    finder: Finder | None = None,
) -> Explanation:
    """Return why a problem has no roster, and the ways out.

    Parameters
    ----------
    replaced : the rosters being replanned, whose past days are frozen.
    known : conflicts found already; their units are not searched again.
    finder : where the solving is done; by default in this process, which a solver's crash would end.
    """
    before = dict(replaced or {})
    finder = finder or FinderHere()
    explained = {conflict.unit.name for conflict in known}
    conflicts = list(known)
    unexplained: list[str] = []
    lost: list[Bilingual] = []
    for unit in problem.units:
        if unit.name in explained:
            continue
        try:
            found = finder.conflicts(unit, effort, before.get(unit.name))
        except SolverDiedError as died:
            found = ()
            lost.append(_lost(f"{unit.name}: ", "sebabnya", "the cause", died))
        if found is None:
            continue
        conflicts += found
        if not found:
            unexplained.append(unit.name)
    ways: tuple[WayOut, ...] = ()
    if conflicts and not unexplained:
        try:
            ways = finder.ways_out(problem.units, conflicts, effort, before)
        except SolverDiedError as died:
            lost.append(_lost("", "jalan keluar", "ways out", died))
    return Explanation(
        conflicts=tuple(conflicts), ways_out=ways, unexplained=tuple(unexplained), lost=tuple(lost)
    )


def _lost(where: str, what_id: str, what_en: str, died: SolverDiedError) -> Bilingual:
    why = died.failure.what
    said_id, said_en = (
        (where + what_id, where + what_en) if where else (what_id.capitalize(), what_en.capitalize())
    )
    return Bilingual(
        id=f"{said_id} tidak selesai dicari: {why.id}.", en=f"{said_en} could not be looked for: {why.en}."
    )


def with_ways_out(
    error: InfeasibleError,
    problem: Problem,
    effort: Effort,
    replaced: Mapping[str, Replaced] | None = None,
    finder: Finder | None = None,
) -> InfeasibleError:
    """Return the error with every conflict under its heading and the ways out, as `giliran explain` tells them."""
    if not error.found:
        return error
    explanation = explain(problem, effort, replaced, error.found, finder)
    lines = [line for heading, sentences in explanation.headed() for line in (heading, *sentences)]
    return InfeasibleError(
        error.message,
        [*lines, *explanation.lost],
        [way.sentence for way in explanation.ways_out],
        explanation.conflicts,
    )
