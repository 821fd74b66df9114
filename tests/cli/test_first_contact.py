"""What a newcomer mistypes or misplaces is told with what was meant; what the system refuses is no defect of ours."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli import main as program
from scheduler.cli import start
from scheduler.cli.screen import filled
from tests.running import giliran
from tests.scenarios import person, write_scenario

POLICY = '[[rules.always_home]]\nfor = { rank = "pelaksana" }\n'


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario `kantor-saya` in the present folder."""
    monkeypatch.chdir(tmp_path)
    people = [{**person(1), "Nama": "Budi Zainal Handayani"}, {**person(2), "Nama": "Suci Lestari"}]
    return write_scenario(tmp_path / "kantor-saya", POLICY, people)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("generate", "kantor-sya"), "does not exist. Did you mean “kantor-saya”?"),
        (("today", "output/kantor-sya"), "does not exist. Did you mean “output/kantor-saya”?"),
        (("today", "output/elsewhere"), "does not exist. Give the output folder"),
        (("staff", "kantor-saya/staf.csv"), "does not exist. Did you mean “staff.csv”?"),
        (("staff", "kantor-saya/x"), "does not exist. There are: staff.csv."),
        (("staff", "kantor-saya"), "a folder, not a file. Give the file, such as kantor-saya"),
        (("staff", "output/list.xlsx"), "Check its name and folder"),
    ],
)
def test_a_path_mistyped_is_told_with_the_one_beside_it(
    office: Path, words: tuple[str, ...], said: str
) -> None:
    (office.parent / "output" / "kantor-saya").mkdir(parents=True)
    ran = giliran(*words, "--lang", "en")
    assert ran.code == 3
    assert said in ran.err


def test_a_name_or_a_kind_mistyped_in_a_table_is_told_with_the_nearest(office: Path) -> None:
    (office / "absences.csv").write_text(
        "person_id,from,to,kind\nBuddi,2021-08-03,2021-08-04,sakit\nSuci Lestari,2021-08-05,2021-08-03,sakit\n"
        "Suci Lestari,2021-08-03,2021-08-04,cutii\n",
        encoding="utf-8",
    )
    ran = giliran("generate", office, "--dry-run", "--lang", "id")
    assert ran.code == 3
    assert "yang mirip: Budi Zainal Handayani" in ran.err
    assert "Tukar keduanya" in ran.err
    assert "Maksud Anda “cuti”?" in ran.err


def test_a_staff_list_by_another_name_is_told_with_the_name_it_should_have(office: Path) -> None:
    (office / "staff.csv").rename(office / "Daftar Pegawai.csv")
    (office / "absences.csv").write_text("person_id,from,to,kind\n", encoding="utf-8")
    ran = giliran("generate", office, "--dry-run", "--lang", "en")
    assert ran.code == 3
    assert "If Daftar Pegawai.csv is that list, rename it to staff.csv." in ran.err


def test_a_dry_run_tells_which_files_were_read_and_how_much_they_say(office: Path) -> None:
    (office / "absences.csv").write_text(
        "nama,dari,sampai,jenis\nSuci Lestari,2021-08-03,2021-08-04,sakit\n", encoding="utf-8"
    )
    ran = giliran("generate", office, "--dry-run", "--lang", "en")
    assert ran.code == 0
    assert "Files read: absences.csv, policy.toml, staff.csv. Away: 2 person-days." in ran.out


def test_a_person_in_two_units_is_told_with_both(office: Path) -> None:
    staff = office / "staff.csv"
    header, first, *rest = staff.read_text(encoding="utf-8").splitlines()
    unit = dict(zip(header.split(","), first.split(","), strict=True))["Unit Kerja"]
    again = first.replace(unit, "Dinas Lain")
    staff.write_text("\n".join([header, first, *rest, again, ""]), encoding="utf-8")
    ran = giliran("generate", office, "--dry-run", "--lang", "en")
    assert ran.code == 3
    assert f"already that of “Budi Zainal Handayani” in row 2 ({unit})" in ran.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 7, "The disk is full: the output"),
        (PermissionError(errno.EACCES, "Permission denied", "a.csv"), 7, "a.csv cannot be read or written"),
        (OSError(errno.EINVAL, "Invalid argument"), 0, ""),  # Windows: whoever read the pipe has left
    ],
)
def test_what_the_system_refuses_is_no_defect_of_ours(
    error: OSError, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(program.group, "main", refused)
    monkeypatch.setattr(program, "_silence", lambda: None)
    ran = giliran("rules", "--lang", "en")
    assert ran.code == code
    assert (said in ran.err) if said else not ran.err


def test_a_reader_who_has_left_is_no_failure(tmp_path: Path) -> None:
    """As in `giliran rules home_quota | head -1`: the pipe is closed before anything is written."""
    command = [sys.executable, "-m", "scheduler", "rules", "home_quota"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (0, b"")


def test_ctrl_c_while_the_program_is_loaded_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "main", interrupted)
    with pytest.raises(SystemExit) as over:
        start.main()
    assert over.value.code == 130
    assert capsys.readouterr().err == "Dihentikan. Interrupted.\n"


def test_a_flag_to_be_copied_is_never_cut_by_the_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = "make home_count a wish instead of a must, which nobody needs (--set home_count.weight=100)."
    lines = filled(text, "  4. ").splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].strip() == "(--set home_count.weight=100)."
