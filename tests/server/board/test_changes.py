"""Changes from the board: only lawful ones, shown before they are published, and never over somebody else's."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from scheduler.read.outputs.kept import read_revision
from scheduler.read.requests import Words
from scheduler.revise.replan import Request, planned
from scheduler.server.board.tasks import Task
from scheduler.write.output import write_revision
from tests.server.board.boards import ANI, BUDI, CITRA, DAY, DEDI, EKA, Board

FOUR = (ANI, BUDI, CITRA, DEDI)
NEXT = date(2021, 8, 9)


def table(*rows: str) -> dict[str, tuple[str, bytes]]:
    return {"file": ("cuti bulan ini.csv", ("NIP,Dari,Sampai,Jenis\n" + "\n".join(rows)).encode())}


def test_a_swap_is_shown_and_nothing_changes_until_it_is_confirmed(any_board: Board) -> None:
    board = any_board.as_("kepala")
    home, partner = board.opposite()
    before = (board.output / "certificate.json").read_bytes()
    job, page = board.swap(home, partner)
    assert "2</b> hari-orang berubah untuk <b>2</b>" in page.text
    assert "Terbukti: tidak bisa lebih sedikit." in page.text
    assert (board.numbers().count(2), (board.output / "certificate.json").read_bytes()) == (0, before)
    assert (board.status(home), board.status(partner)) == ("home", "office")
    job, page = board.act(f"/jobs/{job}/confirm")
    assert board.state(job) == "done"
    assert "Revisi 2 terbit." in page.text
    assert (board.status(home), board.status(partner)) == ("office", "home")
    assert read_revision(board.output).number == 2
    shown = board.get(f"/units/{board.unit()}/week?day={DAY}").text
    assert "Revisi 2" in shown


def test_who_may_not_swap_is_neither_offered_nor_taken(board: Board) -> None:
    board.as_("kepala")
    home, _ = board.opposite()
    alike = next(p for p in FOUR if p != home and board.status(p) == "home")
    fields = {"person": home, "day": DAY.isoformat()}
    page = board.get(f"/units/{board.unit()}/change?person={home}&day={DAY}").text
    assert f'value="{alike}"' not in page.split('name="partner"', 1)[1]
    for partner in (alike, home, EKA, "", "x"):
        answer = board.post(f"/units/{board.unit()}/swap", {**fields, "partner": partner})
        assert answer.status_code == 422
        assert "tidak boleh bertukar" in answer.text
    assert board.all("SELECT * FROM board_job") == []


def test_today_can_no_longer_be_swapped_but_somebody_can_be_called_in_while_there_is_time(
    board: Board,
) -> None:
    board.as_("kepala")
    today = date(2021, 8, 3)
    home = next(p for p in FOUR if board.status(p, today) == "home")
    page = board.get(f"/units/{board.unit()}/change?person={home}&day={today}").text
    assert "Sudah terlambat untuk menukar hari ini" in page
    assert 'name="lead"' in page
    job, page = board.act(f"/units/{board.unit()}/recall", {"person": home, "day": str(today), "lead": "60"})
    assert "dipanggil ke kantor" in page.text
    board.act(f"/jobs/{job}/confirm")
    assert board.status(home, today) == "office"
    assert (
        board.post(
            f"/units/{board.unit()}/recall", {"person": home, "day": str(today), "lead": "60"}
        ).status_code
        == 422
    )
    other = next(p for p in FOUR if board.status(p, today) == "home")
    fields = {"person": other, "day": str(today), "lead": "60"}
    assert board.post(f"/units/{board.unit()}/recall", {**fields, "lead": "-1"}).status_code == 422
    board.now += 7 * 3600  # 17.00: whoever is called now no longer comes today
    board.secrets.clear()
    job, page = board.as_("kepala").act(f"/units/{board.unit()}/recall", fields)
    assert board.state(job) == "failed"
    assert "sudah lewat" in page.text


def test_an_absence_moves_as_few_as_can_be_and_says_why(board: Board) -> None:
    board.as_("kepala")
    home = next(p for p in FOUR if board.status(p) == "home")
    fields = {"person": home, "day": str(DAY), "first": str(DAY), "last": "2021-08-06", "kind": "sick"}
    job, page = board.act(f"/units/{board.unit()}/absence", fields)
    assert board.state(job) == "done"
    assert "Tidak masuk" in page.text  # the notice does not tell who is ill
    for wrong in ({"kind": "holiday"}, {"last": "2021-08-01"}, {"first": "x"}):
        assert board.post(f"/units/{board.unit()}/absence", {**fields, **wrong}).status_code == 422
    board.act(f"/jobs/{job}/confirm")
    assert board.status(home) == "sick"


# Two at once ----------------------------------------------------------------------------------------------------------


def two_swaps(board: Board) -> tuple[int, int]:
    """Two heads look at two swaps, of different days, from the same revision."""
    first, _ = board.swap(*board.opposite(DAY), DAY)
    second, _ = board.swap(*board.opposite(NEXT), NEXT)
    return first, second


def test_of_two_swaps_looked_at_side_by_side_the_second_is_refused_with_the_reason(any_board: Board) -> None:
    board = any_board.as_("kepala")
    first, second = two_swaps(board)
    done, _ = board.act(f"/jobs/{first}/confirm")
    late, page = board.act(f"/jobs/{second}/confirm")
    assert (board.state(done), board.state(late)) == ("done", "failed")
    assert "dihitung dari revisi 1, tetapi sementara itu revisi 2 terbit" in page.text
    assert read_revision(board.output).number == 2
    assert board.numbers().count(2) == 1


def revise(output: Path, person: str, partner: str, day: date) -> object:
    request = Request(output=output, words=Words(swap=(f"{person},{partner}:{day}",)), workers=1, effort=2.0)
    return planned(request, datetime(2021, 8, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("is_checked", [True, False], ids=["checked", "unchecked"])
def test_the_check_under_the_lock_is_what_saves_the_first_swap(board: Board, is_checked: bool) -> None:
    """The negative control: without it the second one silently undoes the first."""
    from scheduler.errors import UsageError

    board.as_("kepala")
    one, other = board.opposite(DAY), board.opposite(NEXT)
    with revise(board.output, *one, DAY) as first, revise(board.output, *other, NEXT) as second:  # type: ignore[attr-defined]
        write_revision(first.roster, first.facts, board.output, replaces=1)
        assert read_revision(board.output).statuses[one[0], DAY].status == "office"
        if is_checked:
            with pytest.raises(UsageError, match="revision 2 was published"):
                write_revision(second.roster, second.facts, board.output, replaces=1)
            assert read_revision(board.output).statuses[one[0], DAY].status == "office"
        else:
            write_revision(second.roster, second.facts, board.output)
            assert read_revision(board.output).statuses[one[0], DAY].status == "home"


def test_a_change_that_is_no_longer_what_was_shown_is_not_published(board: Board) -> None:
    board.as_("kepala")
    person = next(p for p in FOUR if board.status(p, date(2021, 8, 4)) == "home")
    fields = {
        "person": person,
        "day": "2021-08-04",
        "first": "2021-08-04",
        "last": "2021-08-06",
        "kind": "leave",
    }
    job, _ = board.act(f"/units/{board.unit()}/absence", fields)
    board.secrets.clear()
    board.now += 86_400  # tomorrow: the absence can only begin a day later
    late, page = board.as_("kepala").act(f"/jobs/{job}/confirm")
    assert board.state(late) == "failed"
    assert "tidak lagi sama dengan yang Anda lihat" in page.text
    assert read_revision(board.output).number == 1


def test_a_revision_that_lies_in_the_folder_unpublished_is_published_first(board: Board) -> None:
    board.as_("kepala")
    home, partner = board.opposite()
    with revise(board.output, *board.opposite(NEXT), NEXT) as plan:  # type: ignore[attr-defined]
        write_revision(plan.roster, plan.facts, board.output, replaces=1)
    assert "belum terbit" in board.get(f"/units/{board.unit()}/change?person={home}&day={DAY}").text
    job, page = board.swap(home, partner)
    assert board.state(job) == "failed"
    assert "Terbitkan dulu revisi itu" in page.text
    board.as_("admin")
    assert "Revisi 2" in board.get(f"/scenarios/{board.scenario()}").text
    job, _ = board.act(f"/scenarios/{board.scenario()}/publish", {"first": "2021-08-02"})
    assert board.state(job) == "done"
    board.as_("kepala")
    job, _ = board.swap(*board.opposite())
    assert board.state(job) == "done"


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_table_of_absences_with_faults_shows_each_with_its_row_and_does_nothing(board: Board) -> None:
    board.as_("kepala")
    files = table(
        "123,2021-08-05,2021-08-06,cuti",
        f"{ANI},2021-08-06,2021-08-05,cuti",
        f"{BUDI},x,2021-08-06,pulang kampung",
    )
    job, page = board.act(f"/units/{board.unit()}/uploads/absences", files=files)
    faults = board.result(job)["faults"]
    assert [(f["file"], f["row"], f["field"]) for f in faults] == [
        ("cuti bulan ini.csv", 2, "NIP"), ("cuti bulan ini.csv", 3, "Sampai"), ("cuti bulan ini.csv", 4, "Dari"), ("cuti bulan ini.csv", 4, "Jenis"),
    ]  # fmt: skip
    assert page.text.count("cuti bulan ini.csv") >= 4
    assert "pulang kampung" in page.text
    assert board.post(f"/jobs/{job}/confirm").status_code == 422
    assert read_revision(board.output).number == 1


def test_a_head_cannot_change_another_unit_by_a_file(board: Board) -> None:
    board.as_("kepala")
    job, page = board.act(
        f"/units/{board.unit()}/uploads/absences", files=table(f"{EKA},2021-08-05,2021-08-06,cuti")
    )
    assert board.state(job) == "failed"
    assert "di luar wewenang akun ini: Dinas Dua" in page.text


def test_who_was_demoted_after_looking_can_no_longer_publish(board: Board) -> None:
    board.as_("kepala")
    job, _ = board.swap(*board.opposite())
    from scheduler.server.store.database import writing

    with writing(board.engine) as connection:
        connection.exec_driver_sql("UPDATE board_account SET role = 'monitor' WHERE name = 'kepala'")
    assert board.post(f"/jobs/{job}/confirm").status_code == 403


def edited(board: Board, *typed: tuple[str, date, str], lost: str = "") -> dict[str, tuple[str, bytes]]:
    """The unit's workbook as it is downloaded, with some people's cells typed over, and perhaps a row deleted."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(board.get(f"/units/{board.unit()}/files/roster.xlsx").content))
    sheet = next(
        s for s in book.worksheets if any(c.value == "giliran:dates" for row in s.iter_rows() for c in row)
    )
    dates = next(row for row in sheet.iter_rows() if any(c.value == "giliran:dates" for c in row))
    for person, day, word in typed:
        column = next(c.column for c in dates if str(c.value).startswith(str(day)))
        row = next(c.row for cells in sheet.iter_rows() for c in cells if str(c.value) == person)
        sheet.cell(row, column).value = word
    if lost:
        sheet.delete_rows(next(c.row for cells in sheet.iter_rows() for c in cells if str(c.value) == lost))
    content = BytesIO()
    book.save(content)
    return {"file": ("Dinas Satu (1).xlsx", content.getvalue())}


def test_the_units_workbook_comes_back_edited_and_what_was_typed_is_kept(board: Board) -> None:
    board.as_("kepala")
    home, other = board.opposite()
    path = f"/units/{board.unit()}/uploads/workbook"
    job, page = board.act(path, files=edited(board, (home, DAY, "entah di mana")))
    assert board.state(job) == "failed"
    assert [(f["file"], f["value"]) for f in board.result(job)["faults"]] == [
        ("Dinas Satu (1).xlsx", "entah di mana")
    ]
    job, page = board.act(path, files=edited(board, (home, DAY, "Dinas Luar"), lost=other))
    assert board.state(job) == "done", page.text
    assert (
        "Dinas Satu (1).xlsx" in page.text and "barisnya tidak ada lagi; dianggap tidak berubah" in page.text
    )
    board.act(f"/jobs/{job}/confirm")
    assert board.status(home) == "travel"


def test_where_a_rule_stands_against_what_was_typed_it_is_named_and_the_roster_stands(board: Board) -> None:
    board.as_("kepala")
    words = {"home": "Cuti", "office": "WFH"}  # two on leave, and the two others sent home
    files = edited(board, *((person, DAY, words[board.status(person)]) for person in FOUR))
    job, page = board.act(f"/units/{board.unit()}/uploads/workbook", files=files)
    assert board.state(job) == "failed"
    assert board.result(job)["lines"]
    assert "5 Agustus 2021" in page.text.split('role="alert"', 1)[1]
    assert read_revision(board.output).number == 1


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04" + b"\0" * 50])
def test_what_is_no_workbook_is_refused_in_a_sentence(board: Board, content: bytes) -> None:
    board.as_("kepala")
    answer = board.post(f"/units/{board.unit()}/uploads/workbook", files={"file": ("jadwal.xlsx", content)})
    if answer.status_code == 303:
        job = int(answer.headers["location"].rsplit("/", 1)[1])
        assert board.state(job) == "failed"
        assert board.result(job)["faults"][0]["file"] == "jadwal.xlsx"
    else:
        assert answer.status_code == 422


def test_files_of_another_kind_or_too_large_are_refused_before_they_are_read(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.as_("kepala")
    path = f"/units/{board.unit()}/uploads/absences"
    assert board.post(path, files={"file": ("x.exe", b"MZ")}).status_code == 422
    assert board.post(path).status_code == 422
    large = board.post(path, files={"file": ("x.csv", b"a" * (11 * 1024 * 1024))})
    assert large.status_code == 413
    assert "tidak ada yang disimpan" in large.text
    assert board.all("SELECT * FROM board_job") == []


def test_a_staff_list_is_checked_whole_and_then_taken_for_the_next_period(board: Board) -> None:
    board.as_("admin")
    scenario, path = board.folder / "kantor", f"/scenarios/{board.scenario()}/staff"
    before = (scenario / "staff.csv").read_text("utf-8")
    faulty = before.replace(FAJAR_ROW, FAJAR_ROW.replace("198001012005011006", "19800101200501100"))
    job, page = board.act(path, files={"file": ("pegawai.csv", faulty.encode())})
    assert board.state(job) == "failed"
    assert board.result(job)["faults"][0] | {"value": ""} == board.result(job)["faults"][0] | {
        "file": "pegawai.csv",
        "row": 7,
        "field": "NIP",
        "value": "",
    }
    assert (scenario / "staff.csv").read_text("utf-8") == before
    more = before + "Gita Sari,198001012005012007,Pelaksana,Dinas Dua,pelaksana\n"
    job, page = board.act(path, files={"file": ("pegawai.csv", more.encode())})
    assert "Gita Sari" in page.text
    assert (scenario / "staff.csv").read_text("utf-8") == before
    taken, _ = board.act(f"/jobs/{job}/confirm", {"when": "next"})
    assert board.state(taken) == "done"
    assert (scenario / "staff.csv").read_text("utf-8") == more
    assert (scenario / "previous-staff.csv").read_text("utf-8") == before
    again, _ = board.act(f"/jobs/{job}/confirm", {"when": "next"})
    assert board.state(again) == "failed"  # the list that it was compared with is no longer there
    now, page = board.act(f"/jobs/{job}/confirm", {"when": "now"})
    assert board.state(now) == "done"
    assert "Gita Sari" in page.text


FAJAR_ROW = "Fajar Nur,198001012005011006,Pelaksana,Dinas Dua,pelaksana"


# The next period ------------------------------------------------------------------------------------------------------


def test_the_next_period_is_made_with_progress_and_published_when_confirmed(
    any_board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = any_board.as_("admin")
    told: list[tuple[int, int]] = []
    progress = Task.progress
    monkeypatch.setattr(
        Task,
        "progress",
        lambda self, done, total: (told.append((done, total)), progress(self, done, total))[1],
    )
    job, page = board.act(f"/scenarios/{board.scenario()}/generate")
    assert board.state(job) == "done", page.text
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert "belum terbit" in page.text
    assert "optimal" in page.text
    assert (board.folder / "out/kantor/2021-08-16_2021-08-27/certificate.json").is_file()
    assert "Tidak ada jadwal terbit" in board.get(f"/units/{board.unit()}?day=2021-08-16").text
    board.act(f"/jobs/{job}/confirm")
    assert "Di rumah" in board.get(f"/units/{board.unit()}?day=2021-08-16").text
    job, _ = board.as_("kepala").swap(*board.opposite(date(2021, 8, 17)), date(2021, 8, 17))
    assert board.state(job) == "done"


def test_progress_is_told_as_server_sent_events(board: Board) -> None:
    board.as_("kepala")
    job, _ = board.swap(*board.opposite())
    lines = [line for line in board.get(f"/jobs/{job}/events").text.split("\n") if line.startswith("data: ")]
    assert json.loads(lines[-1].removeprefix("data: "))["state"] == "done"


def test_work_whose_server_died_counts_as_failed(board: Board) -> None:
    from scheduler.server.board.runner import Runner

    board.as_("kepala")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runner, "put", lambda self, job: None)
        job, page = board.swap(*board.opposite())
    assert "Menunggu giliran" in page.text
    board.now += 100
    assert "terhenti sebelum selesai" in board.get(f"/jobs/{job}").text


# Taking away ----------------------------------------------------------------------------------------------------------


def test_a_head_takes_away_only_the_own_unit(board: Board) -> None:
    board.as_("kepala")
    job, _ = board.swap(*board.opposite())
    board.act(f"/jobs/{job}/confirm")
    for name, own, foreign in (
        ("roster.csv", "Ani Lestari", "Eka Putri"), ("today.txt", "Ani Lestari", "Eka Putri"),
        ("changes.txt", "*Dinas Satu*", "*Dinas Dua*"), ("attendance.csv", "checkpoint", "Dinas Dua"),
    ):  # fmt: skip
        text = board.get(f"/units/{board.unit()}/files/{name}").text
        assert own in text, name
        assert foreign not in text, name
    text = board.as_("lain").get(f"/units/{board.unit('Dinas Dua')}/files/changes.txt").text
    assert "Tidak ada hari yang berubah di unit ini." in text
    assert "Dinas Satu" not in text
    board.as_("admin")
    revision = board.one("SELECT id FROM revision WHERE number = 2")
    for name in ("roster.xlsx", "roster.csv", "changes.xlsx", "ledger.csv"):
        assert board.get(f"/scenarios/{board.scenario()}/files/{revision}/{name}").status_code == 200
    assert board.get(f"/scenarios/{board.scenario()}/files/{revision}/certificate.json").status_code == 404


def test_a_unit_with_a_slash_in_its_name_names_a_file_and_no_folder() -> None:
    from scheduler.server.board.downloading import TEXT, _attachment

    told = _attachment(b"", TEXT, "today-Bagian I/II.txt").headers["content-disposition"]
    assert told == (
        "attachment; filename=\"today-Bagian-I-II.txt\"; filename*=UTF-8''today-Bagian%20I%2FII.txt"
    )


# What people ask for by phone -----------------------------------------------------------------------------------------


def ask(board: Board, person: str, kind: str = "leave") -> int:
    from scheduler.server.phone.arrivals import PermitRequest, store
    from scheduler.server.store.database import writing

    subject = board.one(
        "SELECT id FROM subject WHERE key = :person AND scenario_id = :scenario",
        person=person,
        scenario=board.scenario(),
    )
    request = PermitRequest(
        client_id=f"{person}-{kind}", first_day=DAY, last_day=DAY, kind=kind, reason="acara keluarga"
    )
    with writing(board.engine) as connection:
        store(connection, [(subject, request)], int(board.now * 1000))
    return int(board.one("SELECT max(id) AS id FROM permit_request"))


def test_a_request_is_accepted_by_publishing_what_it_moves_or_refused(any_board: Board) -> None:
    board = any_board.as_("kepala")
    home, office = board.opposite()
    first, second, foreign = ask(board, home), ask(board, office, "permit"), ask(board, EKA)
    assert "2 permintaan izin menunggu" in board.get(f"/units/{board.unit()}").text
    assert "acara keluarga" in board.get(f"/units/{board.unit()}/change").text
    path = f"/units/{board.unit()}/requests"
    assert board.post(path, {"request": str(foreign), "decision": "accepted"}).status_code == 422
    assert board.post(path, {"request": str(second), "decision": "refused"}).status_code == 303
    job, _ = board.act(path, {"request": str(first), "decision": "accepted"})
    decisions = "SELECT decision, decided_by FROM permit_request ORDER BY id"
    assert [row["decision"] for row in board.all(decisions)] == ["", "refused", ""]
    board.act(f"/jobs/{job}/confirm")
    assert [tuple(row.values()) for row in board.all(decisions)] == [
        ("accepted", "kepala"),
        ("refused", "kepala"),
        ("", ""),
    ]
    assert board.status(home) == "leave"
    assert board.post(path, {"request": str(first), "decision": "refused"}).status_code == 422


def test_a_day_can_be_fixed_and_the_rest_moves_as_little_as_can_be(board: Board) -> None:
    board.as_("kepala")
    _, office = board.opposite()
    fields = {"person": office, "day": str(DAY)}
    assert board.post(f"/units/{board.unit()}/pin", {**fields, "where": "travel"}).status_code == 422
    job, _ = board.act(f"/units/{board.unit()}/pin", {**fields, "where": "home"})
    assert len(board.result(job)["moves"]) == 2
    board.act(f"/jobs/{job}/confirm")
    assert board.status(office) == "home"
