"""Units that a new revision keeps: what was proven of them holds only as long as their facts do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import giliran
from tests.scenarios import person, write_scenario

RULES = """
[[rules.home_quota]]
name = "p"
share = "50%"

[[rules.stint]]
home = [1, 2]
"""


@pytest.mark.parametrize(("before", "after", "is_proven"), [("", "", True), ("[1, 2]", "[1, 3]", False)])
def test_a_kept_unit_is_proven_only_under_the_facts_of_the_proof(
    tmp_path: Path, before: str, after: str, is_proven: bool
) -> None:
    staff = [person(n) for n in range(1, 5)] + [person(n, unit="Dinas Lain") for n in range(5, 9)]
    scenario, out = write_scenario(tmp_path / "kept", RULES, staff), tmp_path / "out"
    assert giliran("generate", scenario, "--out", out, "-q").code == 0
    policy = scenario / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    (scenario / "pins.csv").write_text(
        f"person_id,date,status\n{person(5)['NIP']},2021-08-03,office\n", encoding="utf-8"
    )
    ran = giliran("generate", scenario, "--unit", "Dinas Lain", "--out", out, "-q")
    assert ran.code == 0, ran.err
    units = {
        u["unit"]: u for u in json.loads((out / "certificate.json").read_text(encoding="utf-8"))["units"]
    }
    assert all(o["value"] == o["bound"] for o in units["Dinas Lain"]["objectives"])
    kept = [o["bound"] for o in units["Dinas Uji"]["objectives"]]
    assert kept == [o["value"] if is_proven else 0 for o in units["Dinas Uji"]["objectives"]]
    assert any(o["value"] for o in units["Dinas Uji"]["objectives"])
    assert giliran("verify", out).code == 0
