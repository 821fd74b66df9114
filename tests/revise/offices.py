"""A small office in a scenario folder, for replanning end to end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scheduler.pipeline import Order, generate
from scheduler.read.tweaks import Tweaks

POLICY = """
title = "Uji"
timezone = "Asia/Makassar"

[letter]
date = 2021-07-30

[period]
from = 2021-08-02
to = 2021-08-13
holidays = "none"

[[rules.home_quota]]
name = "pelaksana"
for = { rank = "pelaksana" }
share = "50%"
rounding = "nearest"

[[rules.stint]]
home = [1, 2]
office = "any"
"""
STAFF = """Nama,NIP,Jabatan,Unit Kerja,Jenjang
Ani Lestari,198001012005012001,Pelaksana,Dinas Satu,pelaksana
Budi Santoso,198001012005011002,Pelaksana,Dinas Satu,pelaksana
Citra Dewi,198001012005012003,Pelaksana,Dinas Satu,pelaksana
Dedi Irawan,198001012005011004,Pelaksana,Dinas Satu,pelaksana
Eka Putri,198001012005012005,Pelaksana,Dinas Dua,pelaksana
Fajar Nur,198001012005011006,Pelaksana,Dinas Dua,pelaksana
"""
NOW = datetime(2021, 8, 3, 2, 0, tzinfo=UTC)
"""Tuesday 3 August 2021, 10.00 in Makassar: tomorrow is 4 August."""


def make_scenario(folder: Path) -> Path:
    """Write the scenario and return its folder."""
    folder.mkdir(parents=True)
    (folder / "policy.toml").write_text(POLICY, encoding="utf-8")
    (folder / "staff.csv").write_text(STAFF, encoding="utf-8")
    (folder / "calendar.key").write_text("0" * 64, encoding="ascii")
    return folder


def make_output(tmp_path: Path, *, units: tuple[str, ...] = (), out: str = "out") -> Path:
    """Generate the first revision and return the output folder."""
    scenario = tmp_path / "kantor"
    if not scenario.exists():
        make_scenario(scenario)
    generate(
        Order(scenario=scenario, out=tmp_path / out, tweaks=Tweaks(), units=units, workers=1, effort=2.0)
    )
    return tmp_path / out
