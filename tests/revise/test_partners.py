"""Partners for a swap: brute force over every pair agrees that just the lawful ones are offered."""

from __future__ import annotations

import random

import pytest

from scheduler.problem import Unit
from scheduler.revise.partners import Swaps, find_partners, is_lawful
from scheduler.roster import HOME, OFFICE
from tests.constraints.problems import lawful_rosters, make_rule, make_unit

LOKET = {"service_posts": ("Loket",)}


def _unit(draw: random.Random) -> Unit:
    rules = [
        make_rule("home_quota", share="50%", rounding="nearest"),
        make_rule("stint", home=[1, 2], office="any"),
    ]
    staff: list[dict[str, object]] = [{"it_capable": draw.random() > 0.2} for _ in range(4)]
    if draw.random() < 0.5:
        rules.append(make_rule("it_capable"))
    if draw.random() < 0.5:
        rules.append(make_rule("min_on_site", at_least=1, **{"for": {"rank": "pengawas"}}))
        staff[0]["rank"] = staff[1]["rank"] = "pengawas"
    if draw.random() < 0.4:
        rules.append(make_rule("service_post", name="Loket", at_least=1))
        staff[2] |= LOKET
    pins = (
        {(draw.randrange(4), draw.randrange(2)): draw.choice([HOME, OFFICE])} if draw.random() < 0.4 else {}
    )
    return make_unit(rules, staff, 2, pins=pins)


@pytest.mark.parametrize("seed", range(25))
def test_just_those_are_offered_whose_plain_swap_keeps_every_rule(seed: int) -> None:
    unit = _unit(random.Random(seed))
    lawful = [roster for roster, _ in lawful_rosters(unit)]
    for roster in random.Random(seed).sample(lawful, min(6, len(lawful))):
        for column, day in enumerate(roster.days):
            for person in unit.people:
                status = dict(zip(roster.people, (row[column] for row in roster.statuses), strict=True))
                expected = {
                    other.id
                    for other in unit.people
                    if {status[person.id], status[other.id]} == {HOME, OFFICE}
                    and (person.id, day) not in unit.pins
                    and (other.id, day) not in unit.pins
                    and is_lawful(unit, roster, person.id, other.id, day)
                }
                found = find_partners(unit, roster, person.id, day)
                assert {partner.person.id for partner in found if partner.lawful} == expected
                assert all(partner.broken is not None for partner in found if not partner.lawful)


def _coupled(draw: random.Random) -> Unit:
    """A few people and two days under some of the rules that couple people, days, or both."""
    days, has_post = 2, draw.random() < 0.4
    people = 3 if has_post else 4
    rules = [
        make_rule(
            "home_quota", share="50%", rounding="nearest", mode=draw.choice(["target", "at_least", "at_most"])
        )
    ]
    staff: list[dict[str, object]] = [
        {"sub_unit": draw.choice(["A", "B"]), "rank": draw.choice(["pelaksana", "pengawas"])}
        for _ in range(people)
    ]
    further = {
        "desks": make_rule("capacity", at_most=draw.choice([2, 3])),
        "per room": make_rule("capacity", at_most=draw.choice([1, 2]), per="sub_unit"),
        "floor": make_rule("min_on_site", at_least=1, **{"for": {"rank": "pengawas"}}),
        "apart": make_rule("apart", per="sub_unit"),
        "together": make_rule("together", per="sub_unit", weekday=["mon"]),
        "together weekly": make_rule("together", per="sub_unit", days=1),
        "at most": make_rule("home_count", per="week", at_most=draw.choice([1, 2])),
        "presence": make_rule("min_attendance", share="1/3", per="horizon"),
        "able": make_rule("it_capable"),
        "stints": make_rule("stint", home=[1, draw.choice([1, 2])], office="any"),
    }
    rules += [further[name] for name in draw.sample(sorted(further), 3)]
    if has_post:
        rules.append(make_rule("service_post", name="Loket", at_least=1))
        for number in draw.sample(range(people), 2):
            staff[number] |= LOKET
    staff[-1]["it_capable"] = draw.random() < 0.5
    absences = {(draw.randrange(people), draw.randrange(days)): "leave"} if draw.random() < 0.5 else {}
    return make_unit(rules, staff, days, absences=absences)


@pytest.mark.parametrize("seed", range(24))
def test_the_few_demands_that_a_swap_touches_agree_with_the_full_verifier(seed: int) -> None:
    draw = random.Random(seed)
    unit = _coupled(draw)
    lawful = [roster for roster, _ in lawful_rosters(unit)]
    for roster in draw.sample(lawful, min(5, len(lawful))):
        swaps = Swaps(unit, roster)
        for day in roster.days:
            for person in unit.people:
                for partner in swaps.partners(person.id, day):
                    assert partner.lawful is is_lawful(unit, roster, person.id, partner.person.id, day)
                    if partner.broken is not None:
                        assert partner.broken.sentence.id and partner.broken.sentence.en
