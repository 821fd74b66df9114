"""The guides work as they stand: every command, in order, in an empty folder with only the staff list."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.running import ROSTERS, giliran

CHAT = "04/08/26 08.03 - Ayu Dian Maulana: lokasi : https://maps.google.com/?q=-2.55,120.32\n"
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["panduan.md", "guide.md"])
def test_a_unit_head_gets_from_the_letter_to_the_signed_roster(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(ROSTERS / "two-days-a-week" / "staff.csv", tmp_path / "pegawai.csv")
    monkeypatch.chdir(tmp_path)
    text = (DOCS / page).read_text(encoding="utf-8")
    (tmp_path / "chat.txt").write_text(CHAT, encoding="utf-8")
    blocks = re.findall(r"```(sh|toml)\n(.*?)```", text, re.DOTALL)
    commands = [
        (kind, line) for kind, block in blocks for line in (block.splitlines() if kind == "sh" else [block])
    ]
    assert [kind for kind, _ in commands].count("sh") == 9
    for kind, command in commands:
        if kind == "toml":
            (policy,) = tmp_path.glob("*/policy.toml")
            policy.write_text(policy.read_text("utf-8") + "\n" + command, encoding="utf-8")
            continue
        program, *words = shlex.split(command)
        assert program == "giliran"
        ran = giliran(*words)
        assert (command, ran.code, ran.err) == (command, 0, ran.err), ran.err
    folders = sorted(path.name for path in (tmp_path / "output").glob("*/2026-*"))
    assert folders == ["2026-08-03_2026-08-14", "2026-08-17_2026-08-28"]
    (recap,) = (tmp_path / "output").glob("*/2026-08-03_2026-08-14/checkins/checkins.csv")
    senders = (recap.parent / "aliases.csv").read_text("utf-8")
    assert ",08:00," in recap.read_text("utf-8") and "Ayu Dian Maulana,," in senders
    signed = list((tmp_path / "output").glob("*/2026-08-03_2026-08-14/units/*.xlsx"))
    assert len(signed) == 1


def test_both_pages_have_the_same_steps() -> None:
    pages = [(DOCS / page).read_text(encoding="utf-8") for page in ("panduan.md", "guide.md")]
    steps = [re.findall(r"^## (\d)\.", page, re.MULTILINE) for page in pages]
    assert steps[0] == steps[1] == list("123456789")
