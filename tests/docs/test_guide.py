"""The guides work as they stand: every command, in order, in an empty folder with only the staff list."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.running import ROSTERS, giliran

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["panduan.md", "guide.md"])
def test_a_unit_head_gets_from_the_letter_to_the_signed_roster(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(ROSTERS / "two-days-a-week" / "staff.csv", tmp_path / "pegawai.csv")
    monkeypatch.chdir(tmp_path)
    text = (DOCS / page).read_text(encoding="utf-8")
    commands = [
        line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]
    assert len(commands) == 7
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "giliran"
        ran = giliran(*words)
        assert (command, ran.code, ran.err) == (command, 0, ran.err), ran.err
    folders = sorted(path.name for path in (tmp_path / "output").glob("*/2026-*"))
    assert folders == ["2026-08-03_2026-08-14", "2026-08-15_2026-08-26"]
    signed = list((tmp_path / "output").glob("*/2026-08-03_2026-08-14/units/*.xlsx"))
    assert len(signed) == 1


def test_both_pages_have_the_same_steps() -> None:
    pages = [(DOCS / page).read_text(encoding="utf-8") for page in ("panduan.md", "guide.md")]
    steps = [re.findall(r"^## (\d)\.", page, re.MULTILINE) for page in pages]
    assert steps[0] == steps[1] == list("1234567")
