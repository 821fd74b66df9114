"""Timefold for Python (construction and local search, needs Java), by constraint streams in the style of its examples.

A boolean entity a person and day that is free or pinned home, an entity for each place in a post; windows for the stints as facts,
so that every constraint is incremental. Starting Java and translating the constraints is not counted: the limit is for
`solve` alone. Many moves at once need its paid edition, so that it has one thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningPin,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

from benchmarks.peers.talk import Answer, run


@dataclass
class Person:
    """Somebody who takes turns; offsets are balances before any turn, in thousandths."""

    id: Annotated[int, PlanningId]
    group: int
    offset: int
    border_offset: int


@dataclass
class QuotaDay:
    """A quota's day: home places to fill."""

    id: Annotated[int, PlanningId]
    target: int


@dataclass
class Window:
    """Days of one person: at most so many at home, at least so many."""

    id: Annotated[int, PlanningId]
    least: int
    most: int


@dataclass
class Inside:
    """A cell belongs to a window."""

    id: Annotated[int, PlanningId]
    window: Window
    cell: int


@dataclass
class Member:
    """Somebody who may hold a role."""

    id: Annotated[int, PlanningId]
    role: int
    person: int
    offset: int


@planning_entity
@dataclass
class Cell:
    """A person-day."""

    id: Annotated[int, PlanningId]
    person: Person
    day: int
    before: int
    after: int
    is_inner: bool
    is_border: bool
    quota: QuotaDay
    if_home: int
    if_office: int
    is_pinned: Annotated[bool, PlanningPin] = False
    home: Annotated[bool | None, PlanningVariable(value_range_provider_refs=["choices"])] = None


@planning_entity
@dataclass
class Place:
    """One place in a role on a day."""

    id: Annotated[int, PlanningId]
    role: int
    day: int
    is_alone: bool
    members: Annotated[list[Member], ValueRangeProvider(id="members")]
    member: Annotated[Member | None, PlanningVariable(value_range_provider_refs=["members"])] = None


@planning_solution
@dataclass
class Roster:
    """The whole unit."""

    insides: Annotated[list[Inside], ProblemFactCollectionProperty]
    all_members: Annotated[list[Member], ProblemFactCollectionProperty]
    choices: Annotated[list[bool], ValueRangeProvider(id="choices")]
    cells: Annotated[list[Cell], PlanningEntityCollectionProperty]
    places: Annotated[list[Place], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


@constraint_provider
def constraints(factory: ConstraintFactory) -> list[Constraint]:
    """Return the rules, and the weighted sum in twentieths of a point."""

    def turns(*, border: bool = False) -> Any:
        cells = factory.for_each(Cell)
        if border:
            cells = cells.filter(lambda cell: cell.is_border)
        return cells.group_by(
            lambda cell: cell.person, ConstraintCollectors.sum(lambda cell: 1 if cell.home else 0)
        )

    def held() -> Any:
        idle = (
            factory.for_each(Member)
            .if_not_exists(Place, Joiners.equal(lambda member: member, lambda place: place.member))
            .expand(lambda member: 0)
        )
        return (
            factory.for_each(Place)
            .group_by(lambda place: place.member, ConstraintCollectors.count())
            .concat(idle)
        )

    return [
        factory.for_each(Cell)
        .group_by(lambda cell: cell.quota, ConstraintCollectors.sum(lambda cell: 1 if cell.home else 0))
        .filter(lambda quota, home: quota.target != home)
        .penalize(HardSoftScore.ONE_HARD, lambda quota, home: abs(quota.target - home))
        .as_constraint("quota"),
        factory.for_each(Inside)
        .join(Cell, Joiners.equal(lambda inside: inside.cell, lambda cell: cell.id))
        .group_by(
            lambda inside, cell: inside.window,
            ConstraintCollectors.sum(lambda inside, cell: 1 if cell.home else 0),
        )
        .filter(lambda window, home: home > window.most or home < window.least)
        .penalize(HardSoftScore.ONE_HARD, lambda window, home: max(home - window.most, window.least - home))
        .as_constraint("windows and floors"),
        factory.for_each(Place)
        .join(
            Cell,
            Joiners.equal(lambda place: place.member.person, lambda cell: cell.person.id),
            Joiners.equal(lambda place: place.day, lambda cell: cell.day),
        )
        .filter(lambda place, cell: cell.home)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("roles on site"),
        factory.for_each_unique_pair(
            Place,
            Joiners.equal(lambda place: place.day),
            Joiners.equal(lambda place: place.member.person),
            Joiners.equal(lambda place: place.is_alone),
        )
        .filter(lambda one, other: one.is_alone)
        .penalize(HardSoftScore.ONE_HARD)
        .as_constraint("one post a day"),
        turns()
        .group_by(
            lambda person, home: person.group,
            ConstraintCollectors.max(lambda person, home: person.offset + 1000 * home),
            ConstraintCollectors.min(lambda person, home: person.offset + 1000 * home),
        )
        .penalize(HardSoftScore.ONE_SOFT, lambda group, most, least: 20 * (most - least))
        .as_constraint("fairness spread"),
        turns()
        .penalize(HardSoftScore.ONE_SOFT, lambda person, home: abs(person.offset + 1000 * home))
        .as_constraint("fairness total"),
        turns(border=True)
        .group_by(
            lambda person, home: person.group,
            ConstraintCollectors.max(lambda person, home: person.border_offset + 1000 * home),
            ConstraintCollectors.min(lambda person, home: person.border_offset + 1000 * home),
        )
        .penalize(HardSoftScore.ONE_SOFT, lambda group, most, least: 4 * (most - least))
        .as_constraint("mondays and fridays"),
        held()
        .group_by(
            lambda member, number: member.role,
            ConstraintCollectors.max(lambda member, number: member.offset + 1000 * number),
            ConstraintCollectors.min(lambda member, number: member.offset + 1000 * number),
        )
        .penalize(HardSoftScore.ONE_SOFT, lambda role, most, least: 20 * (most - least))
        .as_constraint("role spread"),
        held()
        .penalize(HardSoftScore.ONE_SOFT, lambda member, number: abs(member.offset + 1000 * number))
        .as_constraint("role total"),
        factory.for_each(Cell)
        .filter(lambda cell: cell.if_home > 0 and cell.home)
        .penalize(HardSoftScore.ONE_SOFT, lambda cell: cell.if_home)
        .as_constraint("wishes for the office"),
        factory.for_each(Cell)
        .filter(lambda cell: cell.if_office > 0 and not cell.home)
        .penalize(HardSoftScore.ONE_SOFT, lambda cell: cell.if_office)
        .as_constraint("wishes for home"),
        factory.for_each(Cell)
        .filter(lambda cell: cell.is_inner and cell.home)
        .if_not_exists(
            Cell,
            Joiners.equal(lambda cell: cell.before, lambda other: other.id),
            Joiners.filtering(lambda cell, other: other.home),
        )
        .if_not_exists(
            Cell,
            Joiners.equal(lambda cell: cell.after, lambda other: other.id),
            Joiners.filtering(lambda cell, other: other.home),
        )
        .penalize(HardSoftScore.of_soft(20))
        .as_constraint("stints of one day"),
    ]


def roster_of(facts: dict[str, Any]) -> Roster:
    """Return the facts in Timefold's own terms."""
    days, letters = facts["days"], facts["cells"]
    people: dict[int, Person] = {}
    quotas: dict[tuple[int, int], QuotaDay] = {}
    for number, group in enumerate(facts["groups"]):
        border = dict(map(tuple, group["border"]))
        people.update({i: Person(i, number, offset, border[i]) for i, offset in group["offset"]})
        for k, target in enumerate(group["targets"]):
            quotas[number, k] = QuotaDay(len(quotas), target)
    wishes: dict[tuple[int, int], tuple[int, int]] = {}
    for i, k, wants_home, weight in facts["wishes"]:
        old = wishes.get((i, k), (0, 0))
        wishes[i, k] = (old[0], old[1] + 20 * weight) if wants_home else (old[0] + 20 * weight, old[1])
    border_days = set(facts["border_days"])
    cells: dict[int, Cell] = {}
    for i, person in people.items():
        for k in range(days):
            if letters[i][k] in ".H":
                if_home, if_office = wishes.get((i, k), (0, 0))
                at = i * days + k
                # Stints of one day are charged where two days are preferred and none is longer.
                is_inner = 0 < k < days - 1 and facts["prefer"] == 2
                cells[at] = Cell(at, person, k, at - 1, at + 1, is_inner, k in border_days, quotas[person.group, k],
                                 if_home, if_office, letters[i][k] == "H", True if letters[i][k] == "H" else None)  # fmt: skip
    windows: list[Window] = []
    insides: list[Inside] = []

    def add(ids: list[int], least: int, most: int) -> None:
        windows.append(Window(len(windows), least, most))
        insides.extend(Inside(0, windows[-1], at) for at in ids)

    most = facts["most_home"]
    for i, (status, length, longest) in enumerate(facts["rows"]):
        if i not in people:
            continue
        spans = [(k, k + most + 1) for k in range(days - most)]
        spans += [(0, most + 1 - length)] if status == "home" else []
        for a, b in spans:
            if all(letter in ".H" for letter in letters[i][a:b]):
                add([i * days + k for k in range(a, b)], 0, b - a - 1)
        spans = [(k, k + longest + 1) for k in range(days - longest)]
        spans += [(0, longest + 1 - length)] if status == "office" else []
        for a, b in spans:
            if b <= days and all(letter == "." for letter in letters[i][a:b]):
                add([i * days + k for k in range(a, b)], 1, b - a)
    for k, present, least in facts["floors"]:
        ids = [i * days + k for i in present if i * days + k in cells]
        if len(ids) > len(present) - least:
            add(ids, 0, len(present) - least)
    members: dict[tuple[int, int], Member] = {}
    places: list[Place] = []
    for number, role in enumerate(facts["roles"]):
        for i, offset in role["offset"]:
            members[number, i] = Member(len(members), number, i, offset)
        for k, officers in enumerate(role["officers"]):
            may = [members[number, i] for i in officers if letters[i][k] != "H"]
            places += [Place(len(places) + n, number, k, role["alone"], may) for n in range(role["number"])]
    insides = [Inside(n, inside.window, inside.cell) for n, inside in enumerate(insides)]
    return Roster(insides, list(members.values()), [True, False], list(cells.values()), places)


def solve(facts: dict[str, Any], limit: float) -> Answer:
    """Search until the limit; rules still broken then are what the scorer finds."""
    config = SolverConfig(
        solution_class=Roster,
        entity_class_list=[Cell, Place],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(1000 * limit))),
    )
    found = SolverFactory.create(config).build_solver().solve(roster_of(facts))
    home = [[int(letter == "H") for letter in row] for row in facts["cells"]]
    for cell in found.cells:
        home[cell.person.id][cell.day] = int(bool(cell.home))
    roles = [
        [place.member.person, place.day, facts["roles"][place.role]["name"]]
        for place in found.places
        if place.member is not None
    ]
    return Answer(home=home, roles=roles, note=str(found.score))


if __name__ == "__main__":
    run(solve)
