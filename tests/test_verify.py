"""What the verifier refuses beyond the rules: roles held by those who are not on duty."""

from dataclasses import replace
from datetime import date

from scheduler.verify import audit
from tests.constraints.problems import all_rosters, make_rule, make_unit

FRIDAY = date(2021, 8, 6)
SATURDAY = date(2021, 8, 7)


def test_a_post_held_on_a_day_not_worked_is_refused():
    rules = (make_rule("service_post", name="Loket", at_least=1),)
    unit = make_unit(rules, [{"service_posts": ("Loket",)}], 2, start=FRIDAY)
    lawful = next(roster for roster in all_rosters(unit) if not audit(unit, roster).broken)
    on_saturday = replace(lawful, roles={**lawful.roles, ("p0", SATURDAY): ("Loket",)})

    broken = audit(unit, on_saturday).broken

    assert [(violation.day, violation.people) for violation in broken] == [(SATURDAY, ("p0",))]
    assert "Sabtu" in broken[0].sentence.id or "7 Agustus" in broken[0].sentence.id
    assert "on a day not worked" in broken[0].sentence.en
