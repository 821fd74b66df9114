"""One unit as plain numbers and letters, for peers that know nothing of the product.

Everything that CONTRACT leaves to be worked out is worked out here: days' targets, who is eligible, what each person is
due. In these units every roster without shortfall has exactly the target at home each day (`benchmarks.instances`), and
such a roster exists, so that peers may demand the targets; a shortfall would cost more than all the rest together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from benchmarks.scorer import _Judge, _least_spread, _least_sum
from scheduler.problem import Unit
from scheduler.roster import HOME, OFF, OFFICE, UnitRoster

ABSENT, AT_OFFICE, AT_HOME, FREE = "A", "O", "H", "."

WEIGHTS = {"spread": 20, "total": 1, "border": 4, "wish": 20, "stint": 20}
"""Twentieths of a point for each thousandth of a day, wish's weight and stint, so that all are whole numbers."""

PER_POINT = 20


def facts_of(unit: Unit) -> dict[str, Any]:
    """Return the unit's facts, fit for JSON.

    cells : for each person a letter a day: absent, at the office, at home, or free to choose.
    rows : for each person the status and length of the stint open before, and the most days at the office.
    groups : quotas: members, targets by day, `turns` as below.
    roles : posts and the monitor: officers by day, number by day, `turns` as below.
    floors : (day, people present, least number at the office).
    wishes : (person, day, wants home, weight).

    Turns have, for each person who takes part, `offset`: thousandths brought less those due, over all days and over
    Mondays and Fridays (`border`); and the least spread and sum that counting allows.
    """
    judge = _Judge(unit, None)
    number = {p.id: i for i, p in enumerate(unit.people)}
    facts: dict[str, Any] = {
        "people": len(unit.people),
        "days": len(unit.horizon.workdays),
        "border_days": [k for k, day in enumerate(unit.horizon.workdays) if day.weekday() in (0, 4)],
        "cells": _cells(unit, judge),
        "rows": [],
        "groups": [],
        "roles": [],
        "floors": [],
        "wishes": _wishes(unit, number),
        "most_home": 2,
        "prefer": None,
    }
    shares: dict[int, Any] = {}
    for rule in unit.rules:
        settings: Any = rule
        if rule.key == "home_quota":
            group = judge.members(rule)
            turns = {d: [p for p in group if judge.in_turns(p, d)] for d in judge.days}
            targets = judge.targets(rule, group)
            facts["groups"].append(
                {
                    "members": [number[p.id] for p in group],
                    "targets": targets,
                    **_turns(judge, number, turns, dict(zip(judge.days, targets, strict=True)), ""),
                }
            )
            shares.update({number[p.id]: settings.share for p in group})
        elif rule.key in ("service_post", "monitor"):
            name, wanted = judge.role_of(rule)
            officers = {d: judge.officers(rule, d) for d in judge.days}
            numbers = dict.fromkeys(judge.days, wanted)
            facts["roles"].append(
                {
                    "name": name,
                    "alone": rule.exclusive_roles,
                    "number": wanted,
                    "officers": [[number[p.id] for p in officers[d]] for d in judge.days],
                    **_turns(judge, number, officers, numbers, name),
                }
            )
        elif rule.key == "min_on_site":
            for k, day in enumerate(judge.days):
                here = [number[p.id] for p in unit.people if rule.for_.takes(p) and judge.is_here(p, day)]
                facts["floors"].append([k, here, min(settings.at_least, len(here))])
        elif rule.key == "stint":
            facts["most_home"], facts["prefer"] = settings.home[1], settings.prefer
    most = facts["most_home"]
    for i, person in enumerate(unit.people):
        share = shares.get(i)
        longest = -(-most * (1 - share) // share) if share else None
        status, length = unit.last_stint(person)
        facts["rows"].append([status, length, None if longest is None else int(longest)])
    return facts


def _cells(unit: Unit, judge: _Judge) -> list[str]:
    rows = []
    for person in unit.people:
        row = ""
        for day in unit.horizon.workdays:
            pin = unit.pins.get((person.id, day))
            if not judge.is_here(person, day):
                row += ABSENT
            elif judge.is_bound_to_office(person, day) or not judge.is_granted_home(person):
                row += AT_OFFICE
            elif pin is not None:
                row += AT_HOME if pin.status == HOME else AT_OFFICE
            else:
                row += FREE
        rows.append(row)
    return rows


def _wishes(unit: Unit, number: Mapping[str, int]) -> list[list[int]]:
    found = []
    for wish in unit.preferences:
        for k, day in enumerate(unit.horizon.workdays):
            if wish.applies_on(day) and (wish.person_id, day) not in unit.absences:
                found.append([number[wish.person_id], k, int(wish.status == HOME), wish.weight])
    return found


def _turns(
    judge: _Judge, number: Mapping[str, int], turns: Mapping[date, Sequence[Any]], numbers: Mapping[date, int], role: str
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = {}
    for key, border in (("offset", False), ("border", True)):
        days = [d for d in judge.days if not border or d.weekday() in (0, 4)]
        owed = judge.dues(days, turns, numbers)
        offsets = {p: judge.brought(p, role, border) - due for p, due in owed.items()}
        could = dict.fromkeys(owed, 0)
        for day in days:
            for person in turns[day]:
                could[person.id] += 1
        wanted = sum(numbers[day] for day in days)
        found[key] = [[number[p], offset] for p, offset in offsets.items()]
        found[f"{key}_spread"] = _least_spread(list(offsets.values()), list(could.values()), wanted)
        found[f"{key}_total"] = _least_sum(list(offsets.values()), list(could.values()), wanted)
    return found


def roster_of(unit: Unit, home: Sequence[Sequence[int]], roles: Sequence[Sequence[Any]]) -> UnitRoster:
    """Return a peer's answer as a roster: rows of 0 and 1 by working day, and (person, day, role)."""
    column = {day: k for k, day in enumerate(unit.horizon.workdays)}
    statuses = []
    for i, person in enumerate(unit.people):
        row = []
        for day in unit.horizon.days:
            k = column.get(day)
            if k is None:
                row.append(OFF)
            else:
                row.append(unit.absences.get((person.id, day)) or (HOME if home[i][k] else OFFICE))
        statuses.append(tuple(row))
    held: dict[tuple[str, date], tuple[str, ...]] = {}
    for i, k, name in roles:
        key = (unit.people[i].id, unit.horizon.workdays[k])
        held[key] = (*held.get(key, ()), name)
    return UnitRoster(
        unit=unit.name,
        people=tuple(p.id for p in unit.people),
        days=unit.horizon.days,
        statuses=tuple(statuses),
        roles=held,
    )
