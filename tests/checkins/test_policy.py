"""The `[checkins]` tables: ranges, defaults, and every fault at once."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from scheduler.checkins import settings as tables
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.settings import CheckinSettings
from scheduler.checkins.windows import groups_of
from scheduler.errors import PolicyError

MODELS = [
    m
    for m in vars(tables).values()
    if isinstance(m, type) and issubclass(m, BaseModel) and m.__module__ == tables.__name__
]


def test_the_example_of_the_contract_is_taken_word_for_word() -> None:
    example = {"point": [{"at": ["08:00", "11:00", "14:00", "16:00"], "before_minutes": 15, "after_minutes": 30, "within_metres": 500, "channel": "whatsapp", "required_on": ["home"]}]}  # fmt: skip
    (group,) = groups_of(parse_settings(example))
    assert [c.label for c in group.checkpoints] == ["08:00", "11:00", "14:00", "16:00"]


def test_no_tables_ask_for_nothing() -> None:
    assert groups_of(parse_settings({})) == () and parse_settings({}) == CheckinSettings()


def test_every_fault_is_named_at_once_with_its_key_and_the_nearest_known_one() -> None:
    with pytest.raises(PolicyError) as refused:
        parse_settings(
            {"point": [{"at": ["25:00"], "befor_minutes": 3, "channel": "fax"}], "intervall": {}, "pair": {"arrival": "17:00"},
             "review": {"speed_kmh": 0}, "activity": [{"at_least": 99}], "place": "x"}
        )  # fmt: skip
    fields = [fault.field for fault in refused.value.faults]
    assert {"checkins.point[1].befor_minutes", "checkins.intervall", "checkins.pair[1]", "checkins.review.speed_kmh", "checkins.activity[1].at_least", "checkins.place"} <= set(fields)  # fmt: skip
    text = refused.value.describe("id")
    assert (
        "Maksud Anda “before_minutes”?" in text
        and "Maksud Anda “interval”?" in text
        and "paling sedikit 1" in text
    )
    assert refused.value.exit_code == 3


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_setting_says_what_it_is_and_numbers_have_unit_and_range(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        if model is CheckinSettings:
            continue
        assert field.description, name
        if field.annotation in (int, int | None):
            assert len(field.metadata) == 2, f"{name} has no range"
            units = ("minute", "metre", "second", "day", "decimal", "kilometre", "entries", "hour")
            assert any(unit in (field.description or "") for unit in units), name


def test_telegram_takes_in_the_bot_and_any_takes_in_all() -> None:
    point = parse_settings({"point": [{"at": "08:00", "channel": "telegram"}]}).point[0]
    assert point.counts("bot") and point.counts("telegram") and not point.counts("whatsapp")


def test_indonesian_clock_times_and_single_tables_are_taken() -> None:
    assert [c.label for c in groups_of(parse_settings({"point": {"at": "07.30"}}))[0].checkpoints] == [
        "07:30"
    ]


def test_a_list_whose_only_word_is_refused_is_one_fault_in_both_languages() -> None:
    with pytest.raises(PolicyError) as refused:
        parse_settings({"point": [{"at": ["08:00"], "required_on": ["wfh"]}], "pair": {"arrival": "17:00"}})
    said = refused.value.describe("id").splitlines()[1:]
    assert [line.partition(":")[0] for line in said] == [
        "policy.toml, checkins.point[1].required_on[1]",
        "policy.toml, checkins.pair[1]",
    ]
    assert "'permit' atau 'study'" in said[0] and "harus sebelum departure" in said[1]
