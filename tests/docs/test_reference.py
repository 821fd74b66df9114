"""The policy reference is what the rules say today."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from scheduler.constraints import discover

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
