"""Units of any size from a seed, like those that issue 4 measured (`../shared/prototype/core.py`), in the product's values.

Leaders and heads stay at the office; supervisors, executors and non-ASN take turns under quotas of 25, 50 and 50 %
of everybody employed (the product's default base); one in ten of them cannot use IT; about 5 % are on leave; stints
are of one or two days, two preferred, and "even" at the office; one person-day in a hundred is pinned, and 15 % carry
a wish; two or three counters each need officers on site, the first as many as can be had, and a tenth of them in the
post, in turns; one administrator or supervisor is the monitor of the day; a ledger brings open stints and balances.

Each unit has a lawful roster without any shortfall, and here is how: a witness roster is made first, day by day, from
the stints left open the day before. Leave that would leave too few for the day's target is not granted; pins, counters
and monitors are then read off the witness, which so keeps to every rule. No solver is used. A draw that finds no
witness (small groups may paint themselves into a corner) is drawn again. Roles never excuse an empty home place
(`_excuses_nothing`), so that in every roster without shortfall each day has exactly its target at home.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal, cast

from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.problem import Horizon, Ledger, LedgerEntry, Person, Pin, Policy, Preference, Problem, Unit
from scheduler.roster import HOME, OFF, OFFICE, UnitRoster

MONDAY = date(2021, 8, 2)
SHARES = {"pengawas": Fraction(1, 4), "pelaksana": Fraction(1, 2), "non_asn": Fraction(1, 2)}
MOST_HOME = 2
MOST_OFFICE = {"pengawas": 6, "pelaksana": 2, "non_asn": 2}
"""Days in a row at the office by "even" turns: ceil(2 × (1 - share) / share)."""

SIZES = (20, 60, 150, 500, 2000)
LENGTHS = (10, 22, 44, 66)
TRIES = 200
EAGER = 10
"""Draws that grant leave as long as the day's target can be met; those after them leave somebody to choose from."""

IN_POST = 0.1
"""The part of a counter's officers present whom the post takes each day."""


@dataclass(frozen=True, slots=True)
class Case:
    """A unit, and a lawful roster of it that leaves no home place empty."""

    unit: Unit
    witness: UnitRoster


class _NoWitnessError(Exception):
    """A draw that left too few, or too many, for a day's target."""


@dataclass(slots=True)
class _Draw:
    """What one draw has settled so far."""

    random: random.Random
    staff: tuple[Person, ...]
    worked: Sequence[date]
    entries: Mapping[str, LedgerEntry]
    remainders: Mapping[str, Fraction]
    spare: int
    away: dict[tuple[str, date], str] = field(default_factory=dict)
    home: set[tuple[str, date]] = field(default_factory=set)
    targets: dict[tuple[str, date], int] = field(default_factory=dict)

    def is_present(self, person: Person, day: date) -> bool:
        return (person.id, day) not in self.away

    def is_on_site(self, person: Person, day: date) -> bool:
        return self.is_present(person, day) and (person.id, day) not in self.home

    def takes_turns(self, person: Person) -> bool:
        return person.rank in SHARES and person.it_capable is not False


def make_unit(
    people: int,
    days: int,
    seed: int,
    *,
    base: str = "active",
    pins: float = 0.01,
    leave: float = 0.05,
    prefer: int | None = 2,
) -> Unit:
    """Return one unit of `people` over `days` working days; the same seed gives the same unit.

    Parameters
    ----------
    base : of whom the quotas are taken; "active" is the product's default.
    pins, leave : shares of person-days.
    prefer : the preferred length of home stints in days, or None.
    """
    return make_case(people, days, seed, base=base, pins=pins, leave=leave, prefer=prefer).unit


def make_case(
    people: int,
    days: int,
    seed: int,
    *,
    base: str = "active",
    pins: float = 0.01,
    leave: float = 0.05,
    prefer: int | None = 2,
) -> Case:
    """Return such a unit with the witness that it was made from."""
    for attempt in range(TRIES):
        try:
            return _attempt(people, days, seed, attempt, base, pins, leave, prefer)
        except _NoWitnessError:
            continue
    raise AssertionError(f"no lawful roster drawn for {people} people, {days} days, seed {seed}")


def make_problem(units: Sequence[Unit], name: str = "bench") -> Problem:
    """Return units as one problem, for the pipeline."""
    policy = Policy(title=name, timezone="Asia/Makassar", rules=units[0].rules)
    first, last = units[0].horizon.first, units[0].horizon.last
    return Problem(name=name, policy=policy, first=first, last=last, units=tuple(units))


def make_city(people: int, days: int, seed: int) -> list[Unit]:
    """Return offices of 20 to 500 people that add up to about `people`: 5,000 make about 45."""
    draw = random.Random(f"city {people} {seed}")
    units: list[Unit] = []
    while (left := people - sum(len(unit.people) for unit in units)) > 0:
        size = min(max(15, left), draw.choice([20, 30, 40, 60, 60, 80, 110, 150, 250, 500]))
        unit = make_unit(size, days, seed * 1000 + len(units))
        units.append(renamed(unit, f"Kantor {len(units) + 1:03}", f"{len(units) + 1:03}"))
    return units


def renamed(unit: Unit, name: str, mark: str) -> Unit:
    """Return the unit under another name, `mark` before everybody's id; targets and all else stay the same."""
    people = tuple(replace(p, unit=name, id=f"{mark}{p.id}") for p in unit.people)
    new = {old.id: p.id for old, p in zip(unit.people, people, strict=True)}
    entries = {new[key]: replace(e, person_id=new[key], unit=name) for key, e in unit.ledger.entries.items()}
    remainders = {(name, rule): left for (_, rule), left in unit.ledger.remainders.items()}
    return replace(
        unit,
        name=name,
        people=people,
        absences={(new[p], day): kind for (p, day), kind in unit.absences.items()},
        pins={(new[p], day): pin for (p, day), pin in unit.pins.items()},
        preferences=tuple(replace(w, person_id=new[w.person_id]) for w in unit.preferences),
        ledger=replace(unit.ledger, entries=entries, remainders=remainders),
    )


# One draw ---------------------------------------------------------------------------------------------------------


def _attempt(
    people: int, days: int, seed: int, attempt: int, base: str, pins: float, leave: float, prefer: int | None
) -> Case:
    name = f"Kantor {people}x{days} #{seed}"
    chance = random.Random(f"{people} {days} {seed} {attempt}")
    worked = [MONDAY + timedelta(days=7 * (k // 5) + k % 5) for k in range(days)]
    posts = [f"Loket {letter}" for letter in "ABC"[: chance.choice([2, 3])]]
    staff = _staff(people, posts, name, chance)
    remainders = {
        rank: Fraction(chance.randrange(q.denominator), q.denominator) for rank, q in SHARES.items()
    }
    draw = _Draw(chance, staff, worked, _ledger(staff, name, chance), remainders, int(attempt >= EAGER))
    _walk(draw, posts, base, leave)
    needs = {post: _needs(draw, post, binding=number == 0) for number, post in enumerate(posts)}
    roles = _holders(draw, needs)
    if not _excuses_nothing(draw, needs):
        raise _NoWitnessError
    pinned, wishes = _pins_and_wishes(draw, pins)
    calendar = tuple(MONDAY + timedelta(days=k) for k in range((worked[-1] - MONDAY).days + 1))
    unit = Unit(
        name=name,
        people=staff,
        horizon=Horizon(days=calendar, workdays=tuple(worked)),
        rules=tuple(_rules(needs, base, prefer)),
        absences=draw.away,
        pins=pinned,
        preferences=tuple(wishes),
        ledger=Ledger(
            last_day=MONDAY - timedelta(days=3),
            entries=draw.entries,
            remainders={(name, f"home_quota[{rank}]"): left for rank, left in remainders.items()},
        ),
        adjoins=True,
    )
    return Case(unit, _roster(unit, draw, roles))


def _walk(draw: _Draw, posts: Sequence[str], base: str, leave: float) -> None:
    """Draw leave and a witness day by day: `draw.away`, `draw.home` and `draw.targets`."""
    stints = {p.id: (draw.entries[p.id].last_status, draw.entries[p.id].last_stint) for p in draw.staff}
    on_leave: dict[str, int] = {}
    groups: dict[str, list[Person]] = {}
    for person in draw.staff:
        groups.setdefault(person.rank, []).append(person)
    left = dict(draw.remainders)
    for day in draw.worked:
        for rank, group in groups.items():
            wanting = [p for p in group if on_leave.get(p.id) or draw.random.random() < leave / 2]
            draw.random.shuffle(wanting)
            most = max(1 if len(group) > 3 else 0, len(group) // 3)
            target = 0
            if rank in SHARES and base == "active":
                target = floor(left[rank] + SHARES[rank] * len(group))
            for person in wanting:
                days = on_leave.pop(person.id, 0) or draw.random.choice([1, 1, 2, 2, 3, 3])
                absent = sum((p.id, day) in draw.away for p in group)
                if absent < most and (
                    rank not in SHARES or _can_spare(draw, group, stints, target, person, day)
                ):
                    draw.away[person.id, day] = "leave"
                    if days > 1:
                        on_leave[person.id] = days - 1
            if rank not in SHARES:
                continue
            counted = [
                p
                for p in group
                if base == "active"
                or (draw.is_present(p, day) and (base != "able" or p.it_capable is not False))
            ]
            left[rank] += SHARES[rank] * len(counted)
            target = floor(left[rank])
            left[rank] -= target
            draw.targets[rank, day] = target
        for _ in range(TRIES):
            home = {
                p.id for r in SHARES for p in _sent_home(draw, groups[r], stints, draw.targets[r, day], day)
            }
            if _can_serve(draw, posts, home, day):
                break
        draw.home |= {(person_id, day) for person_id in home}
        for person in draw.staff:
            status = (
                "" if not draw.is_present(person, day) else HOME if (person.id, day) in draw.home else OFFICE
            )
            before, length = stints[person.id]
            stints[person.id] = (status, length + 1 if status == before else 1)


def _can_serve(draw: _Draw, posts: Sequence[str], home: set[str], day: date) -> bool:
    """Whether each post has an officer of its own on site when the people of `home` are at home."""
    taken: set[str] = set()
    for post in posts:
        may = [
            p
            for p in draw.staff
            if post in p.service_posts and p.id not in home | taken and draw.is_present(p, day)
        ]
        if not may:
            return False
        taken.add(min(may, key=lambda p: len(p.service_posts)).id)
    return True


def _can_spare(
    draw: _Draw,
    group: Sequence[Person],
    stints: Mapping[str, tuple[str, int]],
    target: int,
    person: Person,
    day: date,
) -> bool:
    """Whether the day's target can still be met, with `spare` people to choose from, when the person is away."""
    free = sum(
        draw.takes_turns(p)
        and draw.is_present(p, day)
        and p is not person
        and stints[p.id] != (HOME, MOST_HOME)
        for p in group
    )
    return free >= target + draw.spare


def _sent_home(
    draw: _Draw, group: Sequence[Person], stints: Mapping[str, tuple[str, int]], target: int, day: date
) -> list[Person]:
    """Return who of the group is at home: who must, then mostly those who have been at the office for longest."""
    rank = group[0].rank
    able = [p for p in group if draw.takes_turns(p) and draw.is_present(p, day)]
    must = [p for p in able if stints[p.id] == (OFFICE, MOST_OFFICE[rank])]
    free = [p for p in able if p not in must and stints[p.id] != (HOME, MOST_HOME)]
    if not len(must) <= target <= len(must) + len(free):
        raise _NoWitnessError
    draw.random.shuffle(free)
    # So many may start their last day at home that tomorrow enough can take their places.
    turning = sum(draw.takes_turns(p) for p in group)
    room = max(0, turning - ceil(SHARES[rank] * len(group)) - max(1, turning // 8))
    first, rest = [], []
    for person in free:
        if stints[person.id][0] == HOME:
            (first if room > 0 else rest).append(person)
            room -= 1
        else:
            first.append(person)
    if rank == "pengawas":  # long waits: whoever has waited for longest goes first
        first.sort(key=lambda p: -stints[p.id][1] if stints[p.id][0] == OFFICE else 0)
    return [*must, *first, *rest][:target]


def _needs(draw: _Draw, post: str, *, binding: bool) -> tuple[int, int]:
    """Return how many officers a counter needs on site, read off the witness, and how many in the post."""
    officers = [p for p in draw.staff if post in p.service_posts]
    on_site = min(sum(draw.is_on_site(p, day) for p in officers) for day in draw.worked)
    present = min(sum(draw.is_present(p, day) for p in officers) for day in draw.worked)
    return (on_site if binding else int(0.8 * on_site)), max(1, int(IN_POST * present))


def _holders(draw: _Draw, needs: Mapping[str, tuple[int, int]]) -> dict[tuple[str, date], tuple[str, ...]]:
    """Give the posts and the monitor's turn to people of the witness who are on site."""
    roles: dict[tuple[str, date], tuple[str, ...]] = {}
    for day in draw.worked:
        for post, (_, number) in needs.items():
            may = [
                p
                for p in draw.staff
                if post in p.service_posts and draw.is_on_site(p, day) and (p.id, day) not in roles
            ]
            may.sort(key=lambda p: len(p.service_posts))
            if len(may) < number:
                raise _NoWitnessError
            roles.update({(p.id, day): (post,) for p in may[:number]})
        heads = [p for p in draw.staff if p.rank in MONITORS and draw.is_on_site(p, day)]
        if not heads:
            raise _NoWitnessError
        roles[heads[0].id, day] = ("monitor",)
    return roles


def _excuses_nothing(draw: _Draw, needs: Mapping[str, tuple[int, int]]) -> bool:
    """Whether on each day fewer hold roles than could be left over from any quota's target.

    Only then has a roster without shortfall exactly the target at home each day: a quota gives way to roles.
    """
    called = dict.fromkeys(SHARES, 0)
    called["pengawas"] = 1
    for post, (_, number) in needs.items():
        for rank in {p.rank for p in draw.staff if post in p.service_posts}:
            called[rank] += number
    return all(
        called[rank]
        <= sum(p.rank == rank and draw.takes_turns(p) and draw.is_present(p, day) for p in draw.staff)
        - target
        for (rank, day), target in draw.targets.items()
    )


def _pins_and_wishes(draw: _Draw, pins: float) -> tuple[dict[tuple[str, date], Pin], list[Preference]]:
    pinned: dict[tuple[str, date], Pin] = {}
    wishes: list[Preference] = []
    for person in draw.staff:
        if not draw.takes_turns(person):
            continue
        for day in draw.worked:
            if not draw.is_present(person, day):
                continue
            if draw.random.random() < pins:
                pinned[person.id, day] = Pin(status=HOME if (person.id, day) in draw.home else OFFICE)  # type: ignore[arg-type]
            elif draw.random.random() < 0.15:
                wish = cast(Literal["home", "office"], draw.random.choice([HOME, OFFICE]))
                weight = draw.random.randint(1, 3)
                wishes.append(Preference(person_id=person.id, day=day, status=wish, weight=weight))
    return pinned, wishes


def _roster(unit: Unit, draw: _Draw, roles: Mapping[tuple[str, date], tuple[str, ...]]) -> UnitRoster:
    worked = set(unit.horizon.workdays)

    def status(person: Person, day: date) -> str:
        if day not in worked:
            return OFF
        return unit.absences.get((person.id, day)) or (HOME if (person.id, day) in draw.home else OFFICE)

    return UnitRoster(
        unit=unit.name,
        people=tuple(p.id for p in unit.people),
        days=unit.horizon.days,
        statuses=tuple(tuple(status(p, day) for day in unit.horizon.days) for p in unit.people),
        roles=roles,
    )


# People and rules -------------------------------------------------------------------------------------------------

MONITORS = ("administrator", "pengawas")


def _rules(needs: Mapping[str, tuple[int, int]], base: str, prefer: int | None) -> Iterator[Rule]:
    for rank, share in SHARES.items():
        yield _rule("home_quota", name=rank, **{"for": {"rank": rank}}, share=str(share), base=base)
    yield _rule("stint", home=[1, MOST_HOME], **({} if prefer is None else {"prefer": prefer}))
    yield _rule("it_capable")
    heads = {"for": {"rank": list(MONITORS)}}
    yield _rule("min_on_site", name="heads", **heads, at_least=1)
    yield _rule("monitor", **heads, turns="day")
    for post, (on_site, in_post) in needs.items():
        if on_site:
            yield _rule("min_on_site", name=post, **{"for": {"service_post": post}}, at_least=on_site)
        yield _rule("service_post", name=post, at_least=in_post)
    yield _rule("absence")
    yield _rule("pin")


def _rule(key: str, **settings: Any) -> Rule:
    return discover()[key].model_validate(settings)


def _staff(people: int, posts: Sequence[str], unit: str, draw: random.Random) -> tuple[Person, ...]:
    leaders = 1 if people < 150 else people // 150
    counts = {
        "jpt": leaders,
        "administrator": max(1, round(0.05 * people)),
        "pengawas": max(3, round(0.11 * people)),
        "non_asn": max(2, round(0.18 * people)),
    }
    counts["pelaksana"] = people - sum(counts.values())
    serving = [rank for rank in ("pelaksana", "non_asn") if counts[rank] >= 10] or ["pelaksana"]
    staff: list[Person] = []
    for rank in ("jpt", "administrator", "pengawas", "pelaksana", "non_asn"):
        size = counts[rank]
        unable = set(draw.sample(range(size), round(0.1 * size) if rank in SHARES and size >= 6 else 0))
        for number in range(size):
            n = len(staff)
            serves = tuple(
                post
                for position, post in enumerate(posts)
                if rank in serving and draw.random() < (0.3 if position == 0 else 0.15)
            )
            staff.append(
                Person(id=f"p{n:05}", name=f"Pegawai {n}", unit=unit, rank=rank, it_capable=number not in unable,
                       service_posts=serves, row=n + 2)
            )  # fmt: skip
    workers = [n for n, person in enumerate(staff) if person.rank == "pelaksana"]
    for post in posts:
        while sum(post in person.service_posts for person in staff) < min(4, len(workers)):
            n = draw.choice(workers)
            if post not in staff[n].service_posts:
                staff[n] = replace(staff[n], service_posts=(*staff[n].service_posts, post))
    return tuple(staff)


def _ledger(staff: Sequence[Person], unit: str, draw: random.Random) -> dict[str, LedgerEntry]:
    """Open stints, and balances that sum to zero over each group that takes turns."""
    entries: dict[str, LedgerEntry] = {}
    for rank in ("jpt", "administrator", *SHARES):
        group = [p for p in staff if p.rank == rank]
        turning = [p for p in group if rank in SHARES and p.it_capable]
        balances = {p.id: draw.randint(-900, 900) for p in turning}
        border = {p.id: draw.randint(-600, 600) for p in turning}
        for totals in (balances, border):
            for number, p in enumerate(turning):
                totals[p.id] -= sum(totals.values()) // (len(turning) - number)
        for person in group:
            status, length = OFFICE, 2
            if person.id in balances:
                status = HOME if draw.random() < SHARES[rank] else OFFICE
                length = draw.randint(1, MOST_HOME if status == HOME else min(3, MOST_OFFICE[rank]))
            entries[person.id] = LedgerEntry(
                person_id=person.id, unit=unit, rank=rank, balance=balances.get(person.id, 0),
                monday_friday_balance=border.get(person.id, 0), last_status=status, last_stint=length,
            )  # fmt: skip
    return entries
