"""Partners for a swap: brute force over every pair agrees that just the lawful ones are offered."""

from __future__ import annotations

import random

import pytest

from scheduler.problem import Unit
from scheduler.revise.partners import find_partners, is_lawful
from scheduler.roster import HOME, OFFICE
from scheduler.verify import audit
from tests.constraints.problems import all_rosters, make_rule, make_unit

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
    lawful = [roster for roster in all_rosters(unit) if not audit(unit, roster).broken]
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
