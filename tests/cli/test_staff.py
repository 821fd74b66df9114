"""`giliran staff`: what it says and what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli.staff import command, describe, summary
from scheduler.errors import InputError
from scheduler.language import Language
from scheduler.read.staff import read_staff

DATA = Path(__file__).parents[1] / "data" / "staff"


def file_of(government: str) -> Path:
    return next((DATA / government).glob("staff.*"))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("government", ["bontang", "luwu-utara", "parepare", "paser", "tangsel"])
def test_the_report_fits_eighty_columns_and_counts_everybody(government: str, language: Language) -> None:
    staff = read_staff(file_of(government))
    report = describe(staff, language)
    assert max(len(line) for line in report.splitlines()) <= 80
    assert report.startswith(f"{len(staff.people)} ")


def test_the_report_names_header_rows_columns_sections_and_skipped_rows() -> None:
    report = describe(read_staff(file_of("luwu-utara")), "en")
    for part in (
        "header in row 5",
        "Pangkat/Gol. Ruang → grade",
        "row 52: II. DINAS PENDIDIKAN → unit",
        "row 6 skipped, column numbers",
        "91  Dinas Pendidikan",
    ):
        assert part in report


def test_the_report_is_in_indonesian_where_asked() -> None:
    report = describe(read_staff(file_of("parepare")), "id")
    assert "64 peringatan:" in report
    assert "(64 baris: 2–24, 39–58, 83–91, 98–109)" in " ".join(report.split())
    assert "kepala tabel di baris 1" in report


def test_the_summary_is_plain_values_for_programs() -> None:
    staff = read_staff(file_of("paser"))
    plain = json.loads(json.dumps(summary(staff)))
    assert plain["people"] == 357
    assert sum(plain["units"].values()) == sum(sheet["people"] for sheet in plain["sheets"]) == 357


def test_the_command_writes_the_csv_it_is_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    result = CliRunner().invoke(command, [str(file_of("bontang")), "--csv", str(out)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "136" in result.output
    assert out.read_text(encoding="utf-8") == (DATA / "bontang" / "truth.csv").read_text(encoding="utf-8")


def test_a_faulty_list_writes_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "out.csv"
    path.write_text("Nama;NIP\nAni;123456789012345678\n")
    with pytest.raises(InputError):
        CliRunner().invoke(command, [str(path), "--csv", str(out)], catch_exceptions=False)
    assert not out.exists()
