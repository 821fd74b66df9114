"""What several tests share: Luwu Utara generated once for each process of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.pipeline import Order, Outcome, generate
from tests.running import ROSTERS


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
