"""Rules and readings on paper: sentences that a unit's head can sign, each said once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.constraints.selection import Selection, When
from scheduler.language import Bilingual
from scheduler.problem import Reading
from scheduler.write.rule_words import Line, on_days, reading_lines, rule_line, who

RULES = discover()


def rule(key: str, **settings: Any) -> Rule:
    return RULES[key].model_validate(settings)


@pytest.mark.parametrize("key", sorted(RULES))
def test_every_rule_is_a_titled_sentence_without_the_signs_of_a_policy_file(key: str) -> None:
    for example in (RULES[key].kept, RULES[key].broken):
        made = rule(key, **dict(example.settings))
        for language in ("id", "en"):
            line = rule_line(made, language)
            assert made.title.in_language(language)
            assert line.about.startswith(made.title.in_language(language))
            assert not set(line.text) & set("{}[]")
            assert line.text.endswith((".", "…"))
            assert line.other == made.label


def test_a_quota_is_signed_as_a_share_of_whom_it_is_for() -> None:
    quota = rule("home_quota", name="pelaksana", **{"for": {"rank": "pelaksana"}}, share="24%")
    assert rule_line(quota, "id") == Line(
        "Kuota WFH: Pelaksana",
        "24% bekerja dari rumah setiap hari kerja, selebihnya di kantor. Untuk jenjang Pelaksana.",
        "home_quota[pelaksana]",
    )
    assert "12,5% bekerja dari rumah" in rule_line(rule("home_quota", share="1/8", mode="at_most"), "id").text


def test_what_a_sentence_does_not_tell_is_told_in_the_policys_words() -> None:
    quota = rule("home_quota", share="50%", rounding="floor", weight=3)
    assert rule_line(quota, "id").text.endswith("Setelan: weight = 3; rounding = floor.")
    monitor = rule("monitor", deputies={"position": ["Sekretaris *", "Kepala Seksi *"]})
    assert rule_line(monitor, "id").text.endswith("Wakil: jabatan Sekretaris … atau Kepala Seksi …")


def test_whom_and_when_are_said_as_people_say_it() -> None:
    some = Selection.model_validate(
        {"unit": ["RSUD *", "Pustu *"], "any": [{"rank": "non_asn"}, {"service_post": "*"}], "not": {"person": "Ani"}}
    )  # fmt: skip
    assert who(some, "id") == (
        "unit RSUD … atau Pustu …, (jenjang Non-ASN) atau (petugas loket atau piket mana pun), kecuali orang Ani"
    )
    assert who(Selection(), "en") == "everybody"
    fridays = When.model_validate({"weekdays": ["fri", "mon"], "from": date(2021, 8, 2)})
    assert on_days(fridays, "id") == "pada hari Senin, Jumat, sejak 2 Agustus 2021"


def test_the_same_reading_of_several_quotas_is_one_sentence_that_names_them() -> None:
    rules = [rule("home_quota", name=name, share="50%") for name in ("pelaksana", "non_asn")]
    text = Bilingual(id="pecahan orang dibawa.", en="fractions are carried.")
    readings = [Reading(key=f"{r.label}.rounding", text=text, rule=r.label) for r in rules]
    assert reading_lines(readings, rules, "id") == [
        Line("Kuota WFH: Pelaksana, Non-ASN", "Pecahan orang dibawa.", "")
    ]


def test_the_other_reading_and_its_flag_stand_apart_from_what_is_signed() -> None:
    text = Bilingual(id="Fungsional: di kantor; ikut bergiliran: --quota fungsional=50%.", en="…")
    assert reading_lines([Reading(key="letter.x", text=text)], [], "id") == [
        Line("Isi surat", "Fungsional: di kantor.", "Ikut bergiliran: --quota fungsional=50%.")
    ]


def test_a_reading_without_a_flag_is_signed_whole() -> None:
    text = Bilingual(id="Sebagian; sebagian lagi.", en="Some; some more.")
    assert reading_lines([Reading(key="letter.x", text=text)], [], "en") == [
        Line("The letter", "Some; some more.", "")
    ]
