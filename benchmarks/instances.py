"""Units of any size from a seed, in the spirit of `../shared/prototype/core.py` but in the product's own values.

Leaders and heads stay at the office; three groups take turns under quotas of 25 % and 50 %; one in ten cannot use
IT; 5 % are on leave; one person-day in a hundred is pinned, always as some lawful row of that person has it; wishes
on 15 % of the person-days; two or three service posts; a floor of echelons; a ledger with open stints and balances.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.problem import Horizon, Ledger, LedgerEntry, Person, Pin, Policy, Preference, Problem, Unit
from scheduler.roster import HOME, OFFICE

MONDAY = date(2021, 8, 2)
SHARES = {"pengawas": 0.25, "pelaksana": 0.5, "non_asn": 0.5}
MOST_HOME = 2
MOST_OFFICE = {"pengawas": 6, "pelaksana": 2, "non_asn": 2}
SIZES = (20, 60, 150, 500, 2000)
LENGTHS = (10, 22, 44, 66)


def make_unit(
    people: int, days: int, seed: int, *, base: str = "present", pins: float = 0.01, leave: float = 0.05
) -> Unit:
    """Return one unit of `people` over `days` working days; the same seed gives the same unit.

    Parameters
    ----------
    base : of whom the quotas are taken; "active", the product's default, leaves shortfalls where many are away.
    pins, leave : shares of person-days.
    """
    draw = random.Random(f"{people} {days} {seed}")
    worked = [MONDAY + timedelta(days=7 * (k // 5) + k % 5) for k in range(days)]
    posts = [f"Loket {letter}" for letter in "ABC"[: draw.choice([2, 3])]]
    staff = _staff(people, posts, draw)
    away = _absences(staff, worked, leave, draw)
    entries = _ledger(staff, draw)
    pinned: dict[tuple[str, date], Pin] = {}
    wishes: list[Preference] = []
    for person in staff:
        if person.rank not in SHARES or person.it_capable is False:
            continue
        row = _lawful_row(person, worked, away, entries[person.id], draw)
        for day, status in row.items():
            if draw.random() < pins:
                pinned[person.id, day] = Pin(status=status)  # type: ignore[arg-type]
            elif draw.random() < 0.15:
                wish = draw.choice([HOME, OFFICE])
                wishes.append(
                    Preference(person_id=person.id, day=day, status=wish, weight=draw.randint(1, 3))
                )  # type: ignore[arg-type]
    unit = Unit(
        name="",
        people=staff,
        horizon=Horizon(
            days=tuple(MONDAY + timedelta(days=k) for k in range((worked[-1] - MONDAY).days + 1)),
            workdays=tuple(worked),
        ),
        rules=tuple(rules(posts, staff, away, worked, base)),
        absences=away,
        pins=pinned,
        preferences=tuple(wishes),
        ledger=Ledger(last_day=MONDAY - timedelta(days=3), entries=entries),
        adjoins=True,
    )
    return _renamed(unit, f"Kantor {people}x{days} #{seed}", "")


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
        unit = make_unit(size, days, seed * 1000 + len(units), base="active")
        units.append(_renamed(unit, f"Kantor {len(units) + 1:03}", f"{len(units) + 1:03}"))
    return units


def rules(
    posts: Sequence[str], staff: Sequence[Person], away: Any, worked: Sequence[date], base: str
) -> list[Rule]:
    """Return the policy of such a unit; posts ask for a tenth of their officers."""
    found = [
        _rule("home_quota", name=rank, **{"for": {"rank": rank}}, share=str(share), base=base)
        for rank, share in SHARES.items()
    ]
    found.append(_rule("stint", home=[1, MOST_HOME]))
    found.append(_rule("it_capable"))
    found.append(_rule("min_on_site", **{"for": {"rank": ["administrator", "pengawas"]}}, at_least=1))
    for number, post in enumerate(posts):
        officers = [p for p in staff if post in p.service_posts]
        present = min(sum((p.id, day) not in away for p in officers) for day in worked)
        part = 0.1 if number == 0 else 0.08
        found.append(_rule("service_post", name=post, at_least=max(1, int(part * present))))
    return [*found, _rule("absence"), _rule("pin")]


def _rule(key: str, **settings: Any) -> Rule:
    return discover()[key].model_validate(settings)


def _staff(people: int, posts: Sequence[str], draw: random.Random) -> tuple[Person, ...]:
    leaders = 1 if people < 150 else people // 150
    counts = {
        "jpt": leaders,
        "administrator": max(1, round(0.05 * people)),
        "pengawas": max(3, round(0.11 * people)),
        "non_asn": max(2, round(0.18 * people)),
    }
    counts["pelaksana"] = people - sum(counts.values())
    staff: list[Person] = []
    for rank in ("jpt", "administrator", "pengawas", "pelaksana", "non_asn"):
        size = counts[rank]
        unable = set(draw.sample(range(size), round(0.1 * size) if rank in SHARES and size >= 6 else 0))
        for number in range(size):
            n = len(staff)
            serves = tuple(
                post
                for position, post in enumerate(posts)
                if rank in ("pelaksana", "non_asn") and draw.random() < (0.3 if position == 0 else 0.15)
            )
            staff.append(
                Person(id=f"p{n:05}", name=f"Pegawai {n}", unit="", rank=rank, it_capable=number not in unable,
                       service_posts=serves, row=n + 2)
            )  # fmt: skip
    workers = [n for n, person in enumerate(staff) if person.rank == "pelaksana"]
    for post in posts:
        while sum(post in person.service_posts for person in staff) < 4:
            n = draw.choice(workers)
            if post not in staff[n].service_posts:
                staff[n] = replace(staff[n], service_posts=(*staff[n].service_posts, post))
    return tuple(staff)


def _absences(
    staff: Sequence[Person], worked: Sequence[date], leave: float, draw: random.Random
) -> dict[tuple[str, date], str]:
    """Leave of one to three days; never more than a third of a rank, or its only one, on one day."""
    sizes: dict[str, int] = {}
    for person in staff:
        sizes[person.rank] = sizes.get(person.rank, 0) + 1
    on_leave: dict[tuple[str, date], int] = {}
    away: dict[tuple[str, date], str] = {}
    for person in staff:
        k = 0
        while k < len(worked):
            if draw.random() < leave / 2:
                length = draw.choice([1, 1, 2, 2, 3, 3])
                for day in worked[k : k + length]:
                    taken = on_leave.get((person.rank, day), 0)
                    if taken < max(1 if sizes[person.rank] > 3 else 0, sizes[person.rank] // 3):
                        on_leave[person.rank, day] = taken + 1
                        away[person.id, day] = "leave"
                k += length
            k += 1
    return away


def _ledger(staff: Sequence[Person], draw: random.Random) -> dict[str, LedgerEntry]:
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
                person_id=person.id, unit="", rank=rank, balance=balances.get(person.id, 0),
                monday_friday_balance=border.get(person.id, 0), last_status=status, last_stint=length,
            )  # fmt: skip
    return entries


def _lawful_row(
    person: Person, worked: Sequence[date], away: Any, entry: LedgerEntry, draw: random.Random
) -> dict[date, str]:
    """Return a random row of statuses that keeps to the stints, by a walk along the days."""
    most = {HOME: MOST_HOME, OFFICE: MOST_OFFICE[person.rank]}
    status, length = entry.last_status, entry.last_stint
    row: dict[date, str] = {}
    for day in worked:
        if (person.id, day) in away:
            status, length = "", 0
            continue
        choices = [s for s in (HOME, OFFICE) if s != status or length < most[s]]
        chosen = HOME if len(choices) > 1 and draw.random() < SHARES[person.rank] else choices[-1]
        status, length = chosen, length + 1 if chosen == status else 1
        row[day] = chosen
    return row


def _renamed(unit: Unit, name: str, mark: str) -> Unit:
    people = tuple(replace(p, unit=name, id=f"{mark}{p.id}") for p in unit.people)
    new = {old.id: p.id for old, p in zip(unit.people, people, strict=True)}
    entries = {new[key]: replace(e, person_id=new[key], unit=name) for key, e in unit.ledger.entries.items()}
    return replace(
        unit,
        name=name,
        people=people,
        absences={(new[p], day): kind for (p, day), kind in unit.absences.items()},
        pins={(new[p], day): pin for (p, day), pin in unit.pins.items()},
        preferences=tuple(replace(w, person_id=new[w.person_id]) for w in unit.preferences),
        ledger=replace(unit.ledger, entries=entries),
    )
