"""The whole roster from the board: who leaves, an amended policy, going back, and earlier revisions to read."""

from __future__ import annotations

from datetime import date

from scheduler.read.outputs.kept import read_revision
from tests.server.board.boards import DAY, EKA, Board

FOUR = tuple(f"198001012005{n}" for n in ("012001", "011002", "012003", "011004"))
FIRST = {"first": "2021-08-02"}


def amended(board: Board, old: str, new: str) -> dict[str, tuple[str, bytes]]:
    """The policy as an admin downloads it, with one thing changed."""
    answer = board.get(f"/scenarios/{board.scenario()}/files/1/policy.toml")
    assert answer.status_code == 200
    assert answer.text.count(old) >= 1
    return {"file": ("kebijakan baru.toml", answer.text.replace(old, new, 1).encode())}


def test_whoever_leaves_is_off_the_roster_after_their_last_day_once_it_is_confirmed(board: Board) -> None:
    board.as_("kepala")
    leaver, fields = FOUR[1], {"person": FOUR[1], "day": str(DAY)}
    job, page = board.act(f"/units/{board.unit()}/leaver", {**fields, "last": "2021-08-06"})
    assert board.state(job) == "done", page.text
    days = [move["day"] for move in board.result(job)["moves"] if move["person"] == leaver]
    assert min(days) > "2021-08-06"
    assert board.status(leaver, date(2021, 8, 9)) in ("home", "office")
    board.act(f"/jobs/{job}/confirm")
    assert board.status(leaver, date(2021, 8, 6)) in ("home", "office")
    days = board.all(
        "SELECT day FROM person_day JOIN revision ON revision.id = revision_id AND is_current "
        "JOIN subject ON subject.id = subject_id WHERE key = :person AND revision.scenario_id = 1",
        person=leaver,
    )
    assert max(row["day"] for row in days) == "2021-08-06"
    assert board.post(f"/units/{board.unit()}/leaver", {**fields, "last": "x"}).status_code == 422
    assert board.post(f"/units/{board.unit()}/leaver", {**fields, "person": EKA}).status_code == 422


def test_an_amended_policy_is_checked_shown_and_published_when_confirmed(board: Board) -> None:
    board.as_("admin")
    path = f"/scenarios/{board.scenario()}/policy"
    faulty = amended(board, "at_least = 1", "at_leest = 1")
    job, page = board.act(path, FIRST, files=faulty)
    assert board.state(job) == "failed"
    found = {(f["file"], f["value"]) for f in board.result(job)["faults"]}
    assert ("kebijakan baru.toml", "at_leest") in found
    assert {file for file, _ in found} == {"kebijakan baru.toml"}
    job, page = board.act(path, FIRST, files=amended(board, "at_least = 1", "at_least = 3"))
    assert board.state(job) == "done", page.text
    assert "kebijakan baru.toml" in page.text
    assert min(move["day"] for move in board.result(job)["moves"]) >= "2021-08-04"
    assert read_revision(board.output).number == 1
    board.act(f"/jobs/{job}/confirm")
    assert read_revision(board.output).number == 2
    assert sum(board.status(person) == "office" for person in FOUR) >= 3
    assert board.post(path, {"first": "2020-01-01"}, files=faulty).status_code == 422
    assert board.post(path, FIRST, files={"file": ("policy.exe", b"x")}).status_code == 422


def test_a_policy_that_moves_nobody_can_be_published_all_the_same(board: Board) -> None:
    board.as_("admin")
    files = amended(board, 'at = ["08:00", "11:00"]', 'at = ["09:00"]')
    job, page = board.act(f"/scenarios/{board.scenario()}/policy", FIRST, files=files)
    assert board.result(job)["moves"] == []
    assert "Tidak ada hari yang berubah." in page.text
    assert "Terbitkan perubahan ini" in page.text
    done, _ = board.act(f"/jobs/{job}/confirm")
    assert board.result(done)["revision"] == 2
    found = board.one("SELECT count(*) FROM person_day WHERE revision_id = 3 AND checkpoints LIKE '%09:00%'")
    assert found > 0


def test_an_admin_goes_back_to_an_earlier_revision_which_becomes_a_new_one(board: Board) -> None:
    board.as_("kepala")
    home, partner = board.opposite()
    job, _ = board.swap(home, partner)
    board.act(f"/jobs/{job}/confirm")
    assert (board.status(home), board.numbers().count(2)) == ("office", 1)
    board.as_("admin")
    path = f"/scenarios/{board.scenario()}"
    assert "Lihat dampak kembali ke sini" in board.get(path).text
    job, page = board.act(f"{path}/back", {**FIRST, "number": "1"})
    assert board.state(job) == "done", page.text
    assert "Kembali ke revisi 1" in page.text
    assert {move["person"] for move in board.result(job)["moves"]} == {home, partner}
    done, _ = board.act(f"/jobs/{job}/confirm")
    assert board.result(done)["revision"] == 3
    assert (board.status(home), board.status(partner)) == ("home", "office")
    for number in ("3", "9", "x", ""):
        assert board.post(f"{path}/back", {**FIRST, "number": number}).status_code == 422


def test_an_earlier_revision_can_be_read_with_what_differs_and_changed_nowhere(board: Board) -> None:
    board.as_("kepala")
    home, partner = board.opposite()
    job, _ = board.swap(home, partner)
    board.act(f"/jobs/{job}/confirm")
    path = f"/units/{board.unit()}/week?day={DAY}"
    now = board.get(path).text
    assert "Revisi sebelumnya" in now
    assert "≠" not in now
    assert f"person={home}" in now
    old = board.get(f"{path}&revision=1").text
    assert "hanya untuk dibaca" in old
    assert old.count('class="differs"') == 2
    assert f"person={home}" not in old
    assert "day=2021-07-26&amp;revision=1" in old
    board.as_("pantau")
    assert "hanya untuk dibaca" in board.get(f"{path}&revision=1").text


def test_what_is_no_earlier_revision_of_this_scenario_shows_the_current_one(board: Board) -> None:
    """2 is the neighbour's, and stays so once it has been replaced."""
    board.as_("kepala")
    with board.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE revision SET is_current = false WHERE id = 2")
    for number in ("1", "2", "999", "x", "-1", "9" * 30):
        page = board.get(f"/units/{board.unit()}/week?day={DAY}&revision={number}")
        assert (page.status_code, "hanya untuk dibaca" in page.text) == (200, False)
