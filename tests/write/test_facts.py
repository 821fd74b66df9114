from datetime import date
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from scheduler.constraints.base import Example, Rule
from scheduler.language import Bilingual
from scheduler.problem import Letter, Reading
from scheduler.roster import ObjectiveValue
from scheduler.write.facts import all_readings, all_rules, describe_settings, letter_line
from scheduler.write.summary import describe_proof
from tests.samples import sample_roster

ROSTER = sample_roster()


class Quota(Rule):
    """A rule with one setting of each kind."""

    key: ClassVar[str] = "quota"
    kept: ClassVar[Example] = Example(settings={}, grid=())
    broken: ClassVar[Example] = Example(settings={}, grid=())

    share: Fraction = Fraction(1)
    strict: bool = False
    days: tuple[date, ...] = ()
    least: int = Field(default=1)


def test_a_rule_is_described_by_the_settings_that_differ_from_their_defaults_in_the_policys_words():
    rule = Quota.model_validate(
        {"name": "staf", "for": {"rank": "pelaksana", "not": {"unit": ["RSUD *", "Pustu *"]}}, "share": Fraction(1, 2), "strict": True, "days": [date(2021, 8, 2)]}
    )  # fmt: skip
    assert describe_settings(rule) == (
        "for = { rank = pelaksana, not = { unit = RSUD *, Pustu * } }; share = 50%; strict = true; days = 2021-08-02"
    )
    fridays = Quota.model_validate({"when": {"weekdays": ["fri", "senin"]}})
    assert describe_settings(fridays) == "when = { weekdays = fri, mon }"
    assert describe_settings(Quota(share=Fraction(1, 3))) == "share = 1/3"
    assert describe_settings(Quota()) == ""


def test_rules_and_readings_are_told_once():
    reading = Reading(key="k", text=Bilingual(id="a", en="b"))
    result = ROSTER.results[0]
    assert [rule.label for rule in all_rules((), (Quota(), Quota(), Quota(name="x")))] == [
        "quota",
        "quota[x]",
    ]
    twice = [r for r in all_readings(ROSTER, (result, result)) if r.key == "home_quota.rounding"]
    assert len(twice) == 1
    assert reading.key == "k"


def test_a_letter_is_told_in_one_line_of_what_is_known():
    letter = Letter(number="1/2", day=date(2021, 7, 27), issuer="Bupati", subject="WFH")
    assert letter_line(letter, "id") == "Surat Bupati Nomor 1/2 tanggal 27 Juli 2021 hal WFH"
    assert letter_line(letter, "en") == "Letter: Bupati No. 1/2 of 27 July 2021 on WFH"
    assert letter_line(Letter(), "id") == ""


def proof(*objectives, interrupted=False):
    from dataclasses import replace

    return replace(ROSTER.results[0], objectives=objectives, interrupted=interrupted)


def test_optimal_is_said_only_where_every_pass_is_proven():
    proven = ObjectiveValue(name="shortfall", value=0, bound=0)
    open_ = ObjectiveValue(name="fairness_spread", value=1500, bound=1200)
    other = ObjectiveValue(name="preferences", value=3, bound=1)
    assert describe_proof(proof(proven), "en") == "proven optimal"
    assert (
        describe_proof(proof(proven, open_, other), "en")
        == "within spread of balances 0.30 days; preferences 2"
    )
    assert describe_proof(proof(proven, interrupted=True), "id") == "dihentikan sebelum selesai"
    assert describe_proof(proof(), "id") == "–"
