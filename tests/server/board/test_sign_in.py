"""Signing in and staying in: cookies, lock-out by account and by address, sessions that end."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from scheduler.server.board import passwords, sessions
from scheduler.server.board.errors import safe_path
from scheduler.server.board.sign_in import MOST_BY_ADDRESS, MOST_BY_NAME, SPAN, Door
from tests.server.board.boards import PASSWORDS, Board


def enter(board: Board, name: str, password: str, **more: str) -> object:
    board.client.cookies.clear()
    page = board.get("/sign-in").text
    token = re.search(r'name="form_token" value="(\w+)"', page)
    assert token
    return board.client.post(
        "/board/sign-in", data={"form_token": token[1], "name": name, "password": password, **more}
    )


def test_the_right_password_begins_a_session_whose_cookie_is_well_kept(board: Board) -> None:
    answer = enter(board, " Kepala ", PASSWORDS["kepala"], next=f"/board/units/{board.unit()}/week")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/board/units/{board.unit()}/week")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-giliran="))
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    secret = cookie.split("=", 1)[1].split(";")[0]
    stored = board.one("SELECT sha256 FROM board_session")
    assert secret.encode() not in bytes(stored)
    assert board.get(f"/units/{board.unit()}").status_code == 200


def test_no_password_is_stored_as_it_is(board: Board) -> None:
    stored = [row["password"] for row in board.all("SELECT password FROM board_account")]
    assert all(text.startswith("$argon2id$") for text in stored)


def test_a_hash_made_with_less_work_is_made_anew_when_its_owner_signs_in(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored() -> str:
        return str(board.one("SELECT password FROM board_account WHERE name = 'kepala'"))

    assert "m=1024,t=1" in stored()
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher)
    assert enter(board, "kepala", PASSWORDS["kepala"]).status_code == 303
    assert "m=65536,t=3" in stored()
    assert enter(board, "kepala", PASSWORDS["kepala"]).status_code == 303


@pytest.mark.parametrize("name", ["kepala", "nobody", ""])
def test_a_wrong_password_and_an_unknown_account_read_alike(board: Board, name: str) -> None:
    answer = enter(board, name, "salah sekali saja")
    assert answer.status_code == 403
    assert "Nama akun atau sandi salah." in answer.text
    assert board.all("SELECT * FROM board_session") == []


def test_an_account_is_locked_after_failures_even_for_the_right_password_and_opens_again(
    board: Board,
) -> None:
    for _ in range(MOST_BY_NAME):
        assert enter(board, "kepala", "salah sekali saja").status_code == 403
    assert enter(board, "kepala", PASSWORDS["kepala"]).status_code == 429
    assert enter(board, "pantau", PASSWORDS["pantau"]).status_code == 303
    board.now += SPAN + 1
    assert enter(board, "kepala", PASSWORDS["kepala"]).status_code == 303


def test_an_address_is_locked_whatever_the_names(board: Board) -> None:
    door, now = Door(board.engine), board.now
    for number in range(MOST_BY_ADDRESS):
        assert not door.enter(f"nama{number}", "x", "203.0.113.7", now).is_locked
    assert door.enter("kepala", PASSWORDS["kepala"], "203.0.113.7", now).is_locked
    assert door.enter("kepala", PASSWORDS["kepala"], "203.0.113.8", now).secret


def test_many_attempts_at_once_are_no_more_than_one_after_another(
    any_board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def matches(stored: str | None, password: str) -> bool:
        tried.append(password)
        return False

    monkeypatch.setattr(passwords, "matches", matches)
    door = Door(any_board.engine)
    with ThreadPoolExecutor(12) as threads:
        entries = list(
            threads.map(lambda n: door.enter("kepala", f"{n}", f"10.0.0.{n}", any_board.now), range(24))
        )
    assert len(tried) == MOST_BY_NAME
    assert sum(entry.is_locked for entry in entries) == 24 - MOST_BY_NAME


def test_a_session_ends_when_it_was_not_used_and_at_the_end_of_the_day(any_board: Board) -> None:
    board = any_board
    path = f"/units/{board.unit()}"
    board.as_("kepala")
    board.now += sessions.IDLE - 5
    assert board.get(path).status_code == 200
    board.now += sessions.IDLE - 5
    assert board.get(path).status_code == 200
    board.now += sessions.IDLE + 1
    assert board.get(path).status_code == 303
    board.secrets.clear()
    board.as_("kepala")
    began = board.now
    while board.now + sessions.IDLE < began + sessions.LONGEST:
        board.now += sessions.IDLE - 5
        assert board.get(path).status_code == 200
    board.now = began + sessions.LONGEST + 1
    assert board.get(path).status_code == 303


def test_signing_out_ends_the_session_itself(board: Board) -> None:
    board.as_("kepala")
    secret = board.secrets["kepala"]
    assert board.post("/sign-out").status_code == 303
    board.client.cookies.set("__Host-giliran", secret)
    assert board.get("/units/1").status_code == 303


def test_another_password_ends_all_other_sessions(board: Board) -> None:
    other = dict(board.as_("kepala").secrets)
    board.secrets.clear()
    board.as_("kepala")
    new = {"old": PASSWORDS["kepala"], "new": "sandi yang lain lagi", "again": "sandi yang lain lagi"}
    assert board.post("/password", {**new, "old": "salah sekali saja"}).status_code == 422
    assert board.post("/password", {**new, "again": "berbeda sama sekali"}).status_code == 422
    assert board.post("/password", {**new, "new": "pendek", "again": "pendek"}).status_code == 422
    assert board.post("/password", new).status_code == 303
    board.client.cookies.clear()
    board.client.cookies.set("__Host-giliran", other["kepala"])
    assert board.get("").headers["location"].startswith("/board/sign-in")
    assert enter(board, "kepala", PASSWORDS["kepala"]).status_code == 403
    assert enter(board, "kepala", "sandi yang lain lagi").status_code == 303


def test_somebody_at_an_open_screen_cannot_try_passwords_on_and_on(board: Board) -> None:
    board.as_("kepala")
    fields = {"old": "salah sekali saja", "new": "sandi yang lain lagi", "again": "sandi yang lain lagi"}
    for _ in range(MOST_BY_NAME):
        board.post("/password", fields)
    assert board.post("/password", {**fields, "old": PASSWORDS["kepala"]}).status_code == 422


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example",
        "https://evil.example/board/x",
        "/feeds/x",
        "/board//evil",
        "/board/\\evil",
        "javascript:1",
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(asked: str) -> None:
    assert safe_path(asked) == "/board"


def test_what_was_done_stands_in_the_audit_log_with_who_when_and_from_where(any_board: Board) -> None:
    board = any_board
    enter(board, "kepala", "salah sekali saja")
    enter(board, "kepala", PASSWORDS["kepala"])
    board.as_("kepala")
    home, partner = board.opposite()
    job, _ = board.swap(home, partner)
    board.act(f"/jobs/{job}/confirm")
    board.get(f"/units/{board.unit()}/files/changes.txt")
    board.post(f"/units/{board.unit()}/swap", {"person": home, "day": "2021-08-05", "partner": home})
    rows = board.all("SELECT * FROM board_audit ORDER BY id")
    acts = [(row["account"], row["act"], row["unit"]) for row in rows]
    unit = "Dinas Satu"
    assert acts == [
        ("kepala", "sign-in failed", ""), ("kepala", "sign-in", ""), ("kepala", "swap", unit), ("kepala", "published", unit),
        ("kepala", "confirm", unit), ("kepala", "download", unit), ("kepala", "swap", unit),
    ]  # fmt: skip
    assert {row["happened_at"] for row in rows} == {int(board.now * 1000)}
    assert rows[0]["address"] == "testclient"
    assert "revision 2: 2 person-days" in rows[3]["detail"]
    assert rows[-1]["detail"].startswith("422 ")
    page = board.as_("admin").get("/audit?lang=en").text
    assert "failed to sign in" in page
    assert "published" in page


def test_an_admin_of_one_scenario_reads_its_log_alone(board: Board) -> None:
    board.as_("kepala").get(f"/units/{board.unit()}/files/today.txt")
    assert "unduh" in board.as_("admin").get("/audit").text
    assert "unduh" not in board.as_("tetangga").get("/audit").text
