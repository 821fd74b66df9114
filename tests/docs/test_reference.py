"""The policy reference is what the rules say today."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from pydantic import BaseModel

from scheduler.checkins.settings import CheckinSettings
from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.read.phases import Phase
from scheduler.read.policy_document import Document

DOCS = Path(__file__).parents[2] / "docs"


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_not_stale() -> None:
    text = (DOCS / "policy-reference.md").read_text(encoding="utf-8")
    assert text == maker().reference(), "run: python docs/make_reference.py"


def test_every_rule_has_a_sentence_of_its_own_in_both_languages() -> None:
    summaries = [rule.summary for rule in discover().values()]
    assert all(summary.id.endswith(".") and summary.en.endswith(".") for summary in summaries)
    assert len({summary.id for summary in summaries}) == len({s.en for s in summaries}) == len(summaries)


def test_every_setting_of_the_reference_has_a_meaning() -> None:
    text = (DOCS / "policy-reference.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*`) \|.*\| *([^|]*?) *\|$", text, re.MULTILINE)
    assert len(rows) > 100
    assert [name for name, meaning in rows if not meaning] == []


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every table that a value of this type may hold, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for info in annotation.model_fields.values():
            if annotation not in get_args(info.annotation):
                yield from models_in(info.annotation)
    for part in get_args(annotation):
        yield from models_in(part)


def keys(model: type[BaseModel]) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


def test_every_key_that_a_policy_may_hold_stands_in_a_table_of_the_reference() -> None:
    text = (DOCS / "policy-reference.md").read_text(encoding="utf-8")
    tables = [
        set(re.findall(r"^\| `([^`]*)` \|", table, re.MULTILINE))
        for table in text.split("| setting | default | allowed | meaning |")
    ]
    of_every_rule = next(table for table in tables if {"for", "when", "weight"} <= table)
    written = {model for root in (Document, Phase, *discover().values()) for model in models_in(root)}
    written |= {m for info in CheckinSettings.model_fields.values() for m in models_in(info.annotation)}
    assert len(written) > 35
    assert [
        model.__name__
        for model in written
        if (names := keys(model) - (of_every_rule if issubclass(model, Rule) else set()))
        and not any(names <= table for table in tables)
    ] == []
