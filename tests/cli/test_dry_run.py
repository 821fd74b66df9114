"""giliran generate --dry-run: units, days, targets and readings, within 80 columns, nothing solved or written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import ROSTERS, giliran


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROSTERS.glob("*/policy.toml")))
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_plan_fits_80_columns_and_writes_nothing(
    name: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    ran = giliran("generate", ROSTERS / name, "--dry-run", "--lang", language)
    assert ran.code == 0
    wide = [line for line in ran.out.splitlines() if len(line) > 80]
    assert wide == []
    assert list(tmp_path.iterdir()) == []


def test_a_plan_shows_targets_by_day_and_what_rules_settle() -> None:
    quotas = giliran("generate", ROSTERS / "luwu-utara", "--dry-run", "--lang", "en").out
    assert "home_quota[pelaksana]" in quotas
    assert "140 (20 × 7)" in quotas
    phases = giliran(
        "generate", ROSTERS / "bontang", "--phase", "perpanjangan 1", "--dry-run", "--lang", "en"
    ).out
    assert "fixed by rules" in phases
    assert f"{18 * 14}" in phases


def test_the_plan_for_machines_has_the_readings() -> None:
    ran = giliran("generate", ROSTERS / "paser", "--dry-run", "--json")
    plan = json.loads(ran.out)
    assert [unit["fixed"] for unit in plan["units"]] == [180, 580, 0, 0]
    assert "letter.days" in plan["readings"]
