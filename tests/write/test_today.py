"""The text for WhatsApp: who is where, unit by unit; no NIP, no illness, no marks of WhatsApp's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.errors import UsageError
from scheduler.read.outputs.revision import PersonDay, read_statuses
from scheduler.write.tables import write_roster_csv
from scheduler.write.today import today_text
from tests.samples import sample_roster

DAY = date(2021, 8, 2)


def line(status: str, name: str = "Ani", unit: str = "A", roles: tuple[str, ...] = ()) -> PersonDay:
    return PersonDay(unit, status, roles, "", name, "pelaksana")


def text_of(*lines: PersonDay, language: str = "id") -> str:
    return today_text({(str(n), DAY): each for n, each in enumerate(lines)}, DAY, language)  # type: ignore[arg-type]


def test_the_sample_reads_as_a_group_would_get_it(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    assert today_text(read_statuses(tmp_path), DAY, "id", title="Penyesuaian *sistem*") == (
        "*Senin, 2 Agustus 2021*\nPenyesuaian sistem\n\n"
        "Di kantor: 3\nDi rumah: 3\nCuti: 1\n\n"
        "*Dinas Contoh*\n_Di kantor (2)_\n- Siti Aminah\n- Budi Santoso\n"
        "_Di rumah (2)_\n- Ma'mur Andi\n- Puspa Sihombing\n_Cuti (1)_\n- =HYPERLINK Rahmi\n\n"
        "*RSUD ../Contoh*\n_Di kantor (1)_\n- Rina Pertiwi\n_Di rumah (1)_\n- Joko\n"
    )


def test_it_speaks_english_if_asked() -> None:
    text = text_of(line("home"), line("office", roles=("monitor",)), language="en")
    assert text.startswith("*Monday, 2 August 2021*\n")
    assert "_At home (1)_" in text and "- Ani (monitor)" in text


@pytest.mark.parametrize("status", ["sick", "isolation", "hospital", "permit"])
def test_no_kind_of_illness_is_told_not_even_by_its_heading(status: str) -> None:
    text = text_of(line(status))
    assert "_Tidak masuk (1)_\n- Ani" in text
    assert not any(
        word in text.casefold() for word in ("sakit", "isolasi", "sick", "hospital", "izin", status)
    )


def test_no_nip_is_in_the_text(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    assert "19800101" not in today_text(read_statuses(tmp_path), DAY, "id")


def test_roles_stand_behind_the_name() -> None:
    assert "- Ani (Loket Berkas, pemantau)" in text_of(line("office", roles=("Loket Berkas", "monitor")))


def test_a_unit_that_does_not_work_that_day_is_one_line() -> None:
    text = text_of(line("off"), line("off", "Budi"))
    assert text.endswith("*A*\nLibur\n") and "Budi" not in text


def test_names_cannot_change_the_marks_of_the_text() -> None:
    assert "- A b c" in text_of(line("home", "*A*_b_\n~c~`"))


def test_one_unit_has_no_summary_of_all_units() -> None:
    assert "Di rumah: 1" not in text_of(line("home"))
    assert "Di rumah: 2" in text_of(line("home"), line("home", unit="B"))


def test_a_day_outside_the_roster_is_an_error_that_names_its_days(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    with pytest.raises(UsageError) as caught:
        today_text(read_statuses(tmp_path), date(2022, 1, 3), "id")
    assert caught.value.describe("id") == (
        "3 Januari 2022 di luar jadwal ini, yang berlaku 28 Juli 2021 sampai 11 Agustus 2021. Pilih hari lain dengan --date."
    )
    with pytest.raises(UsageError, match="empty"):
        today_text({}, DAY, "en")
