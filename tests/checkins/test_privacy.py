"""Retention and purge touch only what a report knows by its content."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.checkins.privacy import Stored, expired, keep_position
from scheduler.checkins.purge import plan_purge, read_sources, sha256_of
from scheduler.checkins.settings import Privacy

TODAY = date(2021, 9, 1)


def test_the_last_day_kept_is_so_many_days_ago() -> None:
    stored = [Stored("old", date(2021, 8, 1)), Stored("kept", date(2021, 8, 2))]
    assert [s.path for s in expired(stored, TODAY, Privacy(retention_days=30))] == ["old"]


@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(0, 3))
def test_rounding_keeps_no_more_decimals_than_allowed(
    latitude: float, longitude: float, decimals: int
) -> None:
    kept = keep_position(latitude, longitude, Privacy(coordinates="round", decimals=decimals))
    assert kept == (round(latitude, decimals), round(longitude, decimals))
    assert keep_position(latitude, longitude, Privacy()) is None


def test_only_known_and_old_files_are_deleted(tmp_path: Path) -> None:
    paths = {name: tmp_path / name for name in ("old.txt", "new.txt", "stranger.txt")}
    for name, path in paths.items():
        path.write_text(name)
    sources = ["source,sha256,last_day"]
    sources += [
        f"{n},{sha256_of(paths[n])},{d}"
        for n, d in (("old.txt", "2021-07-01"), ("new.txt", "2021-08-30"), ("new.txt", ""))
    ]
    plan = plan_purge(list(paths.values()), read_sources(sources), TODAY, Privacy(retention_days=30))
    assert plan == ((paths["old.txt"],), (paths["new.txt"],), (paths["stranger.txt"],))


def test_a_file_of_several_chats_counts_with_its_last_day() -> None:
    known = read_sources(["source,sha256,last_day", "a,x,2021-07-01", "b,x,2021-08-01", "c,x,kapan"])
    assert known == {"x": date(2021, 8, 1)}


@pytest.mark.parametrize("days", [0, 3651])
def test_retention_has_a_range(days: int) -> None:
    with pytest.raises(ValueError):
        Privacy(retention_days=days)
