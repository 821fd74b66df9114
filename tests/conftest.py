"""What several tests share: Luwu Utara generated once for each process of tests."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from scheduler.pipeline import Order, Outcome, generate
from tests.running import ROSTERS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped but by `skipif`, which tells of another system: what a test lacks there is a fault."""
    report = yield
    if report.skipped and os.environ.get("CI") and item.get_closest_marker("skipif") is None:
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI skips nothing: {call.excinfo.value if call.excinfo else ''}"
    return report


@pytest.fixture(autouse=True)
def solving_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of tests solve in this process unless they say otherwise: starting another takes a second."""
    monkeypatch.setenv("GILIRAN_EXECUTOR", "here")


@pytest.fixture(scope="session")
def luwu_utara(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Luwu Utara as shipped, generated into a folder that no test may change."""
    folder = tmp_path_factory.mktemp("luwu-utara") / "2021-07-28_2021-08-05"
    return generate(Order(scenario=ROSTERS / "luwu-utara", out=folder))


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A copy of Luwu Utara's scenario folder, to be changed."""
    import shutil

    return Path(shutil.copytree(ROSTERS / "luwu-utara", tmp_path / "luwu-utara"))
