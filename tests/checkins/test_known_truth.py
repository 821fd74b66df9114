"""Generated evidence over all sources is judged without an error against its known truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.checkins.pipeline import Request, check
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.verdicts import GRADES, VERDICTS
from scheduler.synth.evidence import write_evidence
from tests.checkins.rosters import roster
from tests.checkins.tools import MAKASSAR

SETTINGS = parse_settings(
    {
        "point": [{"at": ["08:00", "11:00", "14:00", "16:00"], "within_metres": 500}],
        "pair": [{"name": "lasik", "channel": "app", "for": {"unit": "Dinas B*"}}],
        "interval": [{"start": "07:30", "within_metres": 2000, "for": {"unit": ["Dinas C*", "Dinas D*"]}}],
        "reachability": [{}],
        "activity": [{}],
    }
)


@pytest.mark.parametrize("seed", range(4))
def test_every_verdict_and_grade_is_the_true_one(tmp_path: Path, seed: int) -> None:
    who = roster(60, 8, 6, seed=seed)
    made = write_evidence(who, SETTINGS, MAKASSAR, tmp_path / "evidence", seed=seed)
    (tmp_path / "out").mkdir()
    request = Request(
        roster=who, settings=SETTINGS, zone=MAKASSAR, exporter_zone=MAKASSAR, aliases=made.aliases
    )
    outcome = check(request, made.files, tmp_path / "out")
    found = {(v.day, v.person_id, v.checkpoint): (v.verdict, v.grade) for v in outcome.findings.verdicts()}
    assert {key: found.get(key) for key in made.truth} == made.truth
    assert {s.key for s in outcome.findings.sources} == {
        "whatsapp",
        "telegram",
        "telegram_bot",
        "attendance",
        "calls",
        "activities",
    }
    assert {verdict for verdict, _ in made.truth.values()} == set(VERDICTS)
    assert seed == 0 or {grade for _, grade in made.truth.values()} == set(
        GRADES
    )  # seed 0 draws no bot track


def test_every_verdict_against_someone_rests_on_a_line_or_on_a_file_that_reaches_the_day(
    tmp_path: Path,
) -> None:
    who = roster(60, 8, 6, seed=9)
    made = write_evidence(who, SETTINGS, MAKASSAR, tmp_path / "evidence", seed=9)
    (tmp_path / "out").mkdir()
    request = Request(
        roster=who, settings=SETTINGS, zone=MAKASSAR, exporter_zone=MAKASSAR
    )  # nobody's alias is known
    outcome = check(request, made.files, tmp_path / "out")
    lines = {p.name: p.read_bytes().count(b"\n") + 1 for p in made.files if p.suffix != ".zip"}
    for row in outcome.findings.verdicts():
        if row.verdict in ("late", "early", "out_of_area"):
            assert row.line >= 1 and row.line <= lines.get(row.source, row.line)
        true = made.truth.get((row.day, row.person_id, row.checkpoint), ("", ""))
        if row.verdict == "missing" and true[0]:  # a sender nobody knows makes nobody missing
            assert true[0] == "missing", row


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    who = roster(24, 5, 3)
    for name in ("a", "b"):
        write_evidence(who, SETTINGS, MAKASSAR, tmp_path / name, seed=5)
    for path in (tmp_path / "a").iterdir():
        if path.suffix != ".zip":
            assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
