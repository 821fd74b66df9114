"""What the verifier refuses beyond the rules: roles held by those who are not on duty."""

from dataclasses import replace
from datetime import date

from scheduler.roster import Replaced
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


def test_what_days_past_and_an_absence_leave_nobody_to_mend_is_a_note_and_what_could_be_mended_is_not():
    rules = (
        make_rule("home_quota", share="100%", mode="at_most"),
        make_rule("min_attendance", share="50%", per="horizon", base="working"),
    )
    at_first = make_unit(rules, [{}], 3, start=date(2021, 8, 2))
    before = next(r for r in all_rosters(at_first) if r.statuses == (("home", "office", "office"),))
    replaced = Replaced(before, date(2021, 8, 4))
    ill = make_unit(rules, [{}], 3, start=date(2021, 8, 2), absences={(0, 2): "permit"})

    beyond_mending = audit(ill, replace(before, statuses=(("home", "office", "permit"),)), replaced)
    to_be_mended = audit(at_first, replace(before, statuses=(("home", "office", "home"),)), replaced)

    assert not beyond_mending.broken
    assert ["min_attendance" in note.en for note in beyond_mending.notes] == [True]
    assert [violation.rule for violation in to_be_mended.broken] == ["min_attendance"]
