"""What is said where a page of the board cannot be had: in the visitor's language, and what to do next."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy.exc import OperationalError

from scheduler.server.board import today
from tests.server.board.boards import Board


def test_an_address_without_a_page_says_so_on_a_page(board: Board) -> None:
    for path in ("/gibberish", "/units", "/units/1/nothing"):
        answer = board.get(f"{path}?lang=en")
        assert (answer.status_code, "There is no such page" in answer.text) == (404, True)
        assert "To the front page" in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (RuntimeError("x"), 500, "kesalahan program"),
        (OperationalError("x", {}, Exception()), 503, "Basis data"),
    ],
    ids=["defect", "database"],
)
def test_a_failure_is_told_on_a_page_and_kept_in_the_log(
    board: Board,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    said: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(today, "units_seen", fail)
    with caplog.at_level(logging.ERROR, "giliran"):
        answer = board.as_("admin").get("?all=1")
    assert (answer.status_code, said in answer.text) == (status, True)
    assert [bool(record.exc_info) for record in caplog.records] == [True]


def test_whose_session_has_ended_is_told_that_nothing_was_done(board: Board) -> None:
    board.as_("kepala")
    assert "ended" not in board.get("").headers.get("location", "")
    board.now += 13 * 3600
    for answer in (board.get(f"/units/{board.unit()}"), board.post(f"/units/{board.unit()}/pin")):
        assert (answer.status_code, "ended=1" in answer.headers["location"]) == (303, True)
        page = board.client.get(answer.headers["location"])
        assert "Sesi Anda sudah berakhir" in page.text
    board.client.cookies.clear()
    assert "ended" not in board.get("").headers["location"]


def test_signing_out_and_deciding_are_told(board: Board) -> None:
    answer = board.as_("kepala").post("/sign-out")
    assert "Anda sudah keluar." in board.client.get(answer.headers["location"]).text
    page = board.as_("kepala")
    board.secrets.clear()
    page = board.as_("kepala").get(f"/units/{board.unit()}/change?done=refused").text
    assert "Permintaan ditolak." in page
