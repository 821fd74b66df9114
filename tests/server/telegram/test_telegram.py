"""Telegram: updates by webhook and by polling a stand-in for the Bot API, up to verdicts of grade `track`."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.links import tokens
from scheduler.server.store.database import open_database, writing
from scheduler.server.telegram.client import BotApi
from scheduler.server.telegram.poll import Poller
from scheduler.server.telegram.settings import TelegramSettings, read_settings
from scheduler.server.telegram.updates import read_update
from scheduler.server.web.app import make_app
from scheduler.server.web.logs import JsonFormatter
from tests.running import giliran
from tests.server.offices import DAY, Office
from tests.server.published import BUDI, MAMUR, MORNING, WITA, Server, publication, sqlite

TOKEN = "123456789:AAEexampleExampleExampleExample"
SECRET, HEADER = "s3cret-s3cret-s3cret-s3cret", "h3ader-h3ader-h3ader-h3ader"
SETTINGS = TelegramSettings(token=TOKEN, name="gilir_bot", secret=SECRET, header=HEADER)
ACCOUNT, GROUP = 7_000_000_001, -100_200_300
NOW = int(MORNING)


def message(
    update: int, at: int = NOW, *, account: int = ACCOUNT, chat: int | None = None, **fields: Any
) -> Any:
    """An update as Telegram sends it; in a group where `chat` is given."""
    where = {"id": chat, "type": "supergroup"} if chat else {"id": account, "type": "private"}
    edited = "edit_date" in fields
    body = {"message_id": fields.pop("message_id", update), "date": at, "chat": where,
            "from": {"id": account, "is_bot": False, "first_name": "Budi", "language_code": "id"}, **fields}  # fmt: skip
    return {"update_id": update, "edited_message" if edited else "message": body}


def place(live: int | None = None) -> dict[str, Any]:
    found = {"latitude": -2.5512, "longitude": 120.3245, "horizontal_accuracy": 12.0}
    return {"location": {**found, **({"live_period": live} if live else {})}}


@pytest.fixture
def bot(server: Server) -> Iterator[Server]:
    """A server with a webhook."""
    with with_webhook(server) as found:
        yield found


@pytest.fixture
def any_bot(any_server: Server) -> Iterator[Server]:
    """The same on either database."""
    with with_webhook(any_server) as found:
        yield found


@contextmanager
def with_webhook(server: Server) -> Iterator[Server]:
    server.publish(publication())
    app = make_app(server.engine, lambda: server.now, SETTINGS)
    with TestClient(app, follow_redirects=False) as client:
        server.client = client
        yield server


def bring(server: Server, update: Any, secret: str = SECRET, header: str | None = HEADER) -> Any:
    headers = {"X-Telegram-Bot-Api-Secret-Token": header} if header else {}
    body = update if isinstance(update, bytes) else json.dumps(update).encode()
    return server.client.post(f"/telegram/{secret}", content=body, headers=headers)


def code_of(engine: Engine, person: str = BUDI) -> str:
    with writing(engine) as connection:
        row = next(r for r in tokens.subjects(connection) if r["key"] == person and r["kind"] == "person")
        return tokens.make(connection, [row["id"]], ["telegram"], NOW, anew=True)[0].token


def rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM telegram_message ORDER BY id")).mappings())


def test_a_code_links_an_account_once_and_what_it_sent_before_counts(any_bot: Server) -> None:
    assert "belum ditautkan" in bring(any_bot, message(1, **place())).json()["text"]
    code = code_of(any_bot.engine)
    said = bring(any_bot, message(2, text=f"/start {code}")).json()
    assert (said["method"], said["chat_id"], "Budi Santoso" in said["text"]) == ("sendMessage", ACCOUNT, True)
    assert "tidak berlaku" in bring(any_bot, message(3, account=8, text=f"/start {code}")).json()["text"]
    assert len({row["subject_id"] for row in rows(any_bot.engine)[:2]}) == 1
    assert "WFH" in bring(any_bot, message(4, text="/status")).json()["text"]
    assert bring(any_bot, message(5, **place())).json()["text"] == "Lokasi tercatat pukul 08.03."
    assert "berakhir" in bring(any_bot, message(6, text="/putus")).json()["text"]
    assert "belum ditautkan" in bring(any_bot, message(7, text="pagi")).json()["text"]


def test_a_code_grows_old_and_linking_anew_moves_the_account(bot: Server) -> None:
    code = code_of(bot.engine)
    bot.now = MORNING + 31 * 86_400
    assert "tidak berlaku" in bring(bot, message(1, text=f"/start {code}")).json()["text"]
    bot.now = MORNING
    for update, person in ((2, BUDI), (3, MAMUR)):
        bring(bot, message(update, text=f"/start {code_of(bot.engine, person)}"))
    with bot.engine.connect() as connection:
        live = connection.execute(
            text("SELECT count(*) FROM telegram_account WHERE ended_at IS NULL")
        ).scalar()
    assert live == 1
    assert "Ma'mur" in bring(bot, message(4, text="/status")).json()["text"]


def test_the_page_gives_a_code_and_then_says_that_it_is_linked(bot: Server) -> None:
    link = bot.link(BUDI, "checkin")
    assert "Tautkan akun Telegram" in bot.client.get(link).text
    page = bot.client.post(f"{link}?do=telegram&lang=id").text
    code = page.split("/start ")[1].split("<")[0]
    assert f"https://t.me/gilir_bot?start={code}" in page
    assert "ditautkan dengan Budi" in bring(bot, message(1, text=f"/start {code}")).json()["text"]
    assert "sudah ditautkan" in bot.client.get(link).text
    assert bot.client.post("/checkin/wrong?do=telegram").status_code == 404


def test_an_update_counts_once_and_a_live_location_keeps_one_position_a_minute(any_bot: Server) -> None:
    bring(any_bot, message(1, chat=GROUP, **place(28_800)))
    moves = [
        message(2 + n, chat=GROUP, message_id=1, edit_date=NOW + 20 * n, **place()) for n in range(1, 10)
    ]
    for update in (*moves, *moves, message(1, chat=GROUP, **place(28_800))):
        assert bring(any_bot, update).json() == {}
    kept = rows(any_bot.engine)
    assert [row["minute"] - NOW // 60 for row in kept] == [0, 1, 2, 3]
    assert [bool(row["is_edit"]) for row in kept] == [False, True, True, True]


def test_the_talk_of_a_group_and_other_updates_are_not_kept(bot: Server) -> None:
    other = [
        message(1, chat=GROUP, text="selamat pagi"), message(2, chat=GROUP, new_chat_members=[{"id": 9}]),
        {"update_id": 3, "poll": {}}, {"update_id": 4, "channel_post": {"chat": {"id": 1}}},
        message(5, text="ubah", edit_date=NOW + 5),
    ]  # fmt: skip
    other.append(
        {"update_id": 6, "message": {**message(6)["message"], "from": {"id": 1, "is_bot": True}, **place()}}
    )
    assert [bring(bot, update).json() for update in other] == [{}] * 6
    assert rows(bot.engine) == []
    bring(bot, message(7, chat=GROUP, **place()))
    assert "Budi" not in rows(bot.engine)[0]["content"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"7", b"null", b"{", b"[" * 9_000, b"{}", b'{"update_id": "1"}', b'{"update_id": 1, "message": 7}',
        b'{"update_id": 1, "message": {"chat": {"id": 1, "type": "private"}, "from": {"id": "x"}, "text": "a"}}',
        b'{"update_id": 1e999, "message": {"chat": {}}}', b"\xff\xfe", b"{" + b" " * 300_000 + b"}",
        json.dumps(message(1, text="a" * 9_000, date=True)).encode(),
        json.dumps({**message(1, **place()), "update_id": 1 << 70}).encode(),
    ],
)  # fmt: skip
def test_an_update_that_cannot_be_read_is_answered_so_that_telegram_does_not_repeat_it(
    server: Server, body: bytes
) -> None:
    with TestClient(make_app(server.engine, lambda: server.now, SETTINGS)) as client:
        server.client = client
        assert bring(server, body).status_code == 200
    assert rows(server.engine) == []


def test_who_does_not_know_the_secret_is_told_nothing(bot: Server) -> None:
    update = message(1, **place())
    refused = [bring(bot, update, "wrong"), bring(bot, update, SECRET + "x"), bring(bot, update, header=None),
               bring(bot, update, header="wrong")]  # fmt: skip
    assert {(answer.status_code, answer.text) for answer in refused} == {
        (404, "Tidak ditemukan / Not found\n")
    }
    assert rows(bot.engine) == []
    with TestClient(make_app(bot.engine)) as client:
        assert client.post("/telegram/", json=update).status_code == 404
        assert client.post(f"/telegram/{SECRET}", json=update).status_code == 404


def test_a_failing_database_makes_telegram_send_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def fail(*_: Any) -> Any:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    with TestClient(make_app(server.engine, lambda: server.now, SETTINGS)) as client:
        server.client = client
        with monkeypatch.context() as patched:
            patched.setattr("scheduler.server.telegram.inbox.take", fail)
            assert bring(server, message(1, **place())).status_code == 503
        assert bring(server, message(1, **place())).status_code == 200
    assert len(rows(server.engine)) == 1


def test_settings_are_refused_without_being_repeated() -> None:
    assert read_settings({}) == TelegramSettings()
    assert not TelegramSettings().opens("", "")
    for key, value in (("TOKEN", "123:short"), ("SECRET", "guessable"), ("HEADER", "a b")):
        with pytest.raises(UsageError) as refused:
            read_settings({f"GILIRAN_TELEGRAM_{key}": value})
        assert value not in refused.value.describe("en")
    assert TOKEN not in repr(read_settings({"GILIRAN_TELEGRAM_TOKEN": TOKEN}))


# Polling a stand-in ------------------------------------------------------------------------------------------


class Standin:
    """Answers as the Bot API: one prepared answer for each `getUpdates`, then nothing new; notes what it is asked."""

    def __init__(self, answers: list[Any]) -> None:
        self.answers, self.asked, self.sent = answers, [], []
        self.sent_refusals: list[Any] = []

    def answer(self, method: str, body: dict[str, Any]) -> tuple[int, bytes] | None:
        if method == "sendMessage":
            self.sent.append(body)
            return self.sent_refusals.pop(0) if self.sent_refusals else (200, b'{"ok": true, "result": {}}')
        if method == "deleteWebhook":
            return 200, b'{"ok": true, "result": true}'
        self.asked.append(body)
        found = self.answers.pop(0) if self.answers else []
        if isinstance(found, list):
            return 200, json.dumps({"ok": True, "result": found}).encode()
        return found  # type: ignore[no-any-return]


def refusal(code: int, description: str = "", **parameters: Any) -> tuple[int, bytes]:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return code, json.dumps(body).encode()


@contextmanager
def bot_api(standin: Standin) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path.startswith(f"/bot{TOKEN}/")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found = standin.answer(self.path.rpartition("/")[2], body)
            if found is None:
                self.connection.close()  # the network drops
                return
            self.send_response(found[0])
            self.send_header("Content-Length", str(len(found[1])))
            self.end_headers()
            self.wfile.write(found[1])

        def log_message(self, *_: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_database(sqlite(tmp_path))
    yield found
    found.dispose()


def polled(standin: Standin, engine: Engine, said: list[Bilingual] | None = None) -> list[float]:
    """Poll until the stand-in has no answer left; return for how long the poller waited in between."""
    waited: list[float] = []
    with bot_api(standin) as base:
        poller = Poller(
            BotApi(TOKEN, base), engine, SETTINGS.bot, clock=lambda: NOW * 1000, sleep=waited.append,
            say=(said if said is not None else []).append, long_poll=0,
        )  # fmt: skip
        poller.run(lambda: not standin.answers)
    return waited


def test_polling_goes_on_after_refusals_and_drops_without_losing_or_repeating(engine: Engine) -> None:
    first, second = message(10, **place()), message(11, text="/start nonsense")
    standin = Standin([
        refusal(409, "Conflict: can't use getUpdates method while webhook is active"), refusal(429, "", retry_after=7),
        None, (502, b"<html>bad gateway"), (200, b"no JSON"), [first, {"update_id": "spoilt"}, {"update_id": 12}, second],
        [first, second], None, [message(13, text="pagi")],
    ])  # fmt: skip
    said: list[Bilingual] = []
    waited = polled(standin, engine, said)
    assert waited == [30, 7, 2, 4, 8, 1]
    assert [row["update_id"] for row in rows(engine)] == [10, 11, 13]
    assert [one["offset"] for one in standin.asked] == [0, 0, 0, 0, 0, 0, 13, 13, 13]
    assert [len(one["text"]) > 20 for one in standin.sent] == [True] * 3
    assert "webhook" in said[0].en
    assert said[1].en == said[-1].en == "Telegram is reached again."
    standin = Standin([[]])
    polled(standin, engine)
    assert standin.asked[0]["offset"] == 14


def test_a_refused_token_ends_the_polling_without_telling_it(engine: Engine) -> None:
    with pytest.raises(UsageError) as refused:
        polled(Standin([refusal(401, "Unauthorized")]), engine)
    assert TOKEN not in refused.value.describe("en")


def test_a_reply_waits_as_told_and_one_that_is_refused_is_let_go(engine: Engine) -> None:
    standin = Standin([[message(1, text="pagi"), message(2, text="siang")]])
    standin.sent_refusals = [refusal(429, "", retry_after=3), refusal(403, "bot was blocked by the user")]
    assert polled(standin, engine) == [3]
    assert len(standin.sent) == 3


def test_updates_that_the_database_cannot_store_are_asked_for_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from scheduler.server.telegram import poll

    inner, failures = poll.take, [OperationalError("COMMIT", {}, Exception("disk full"))]

    def fail(*words: Any) -> Any:
        if failures:
            raise failures.pop()
        return inner(*words)

    monkeypatch.setattr(poll, "take", fail)
    updates = [message(1, **place())]
    standin = Standin([updates, updates])
    assert polled(standin, engine) == [1]
    assert [one["offset"] for one in standin.asked] == [0, 0]
    assert len(rows(engine)) == 1


def test_the_command_needs_a_token_and_says_what_it_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restore_signals: None
) -> None:
    words = ("telegram-poll", "--once", "--database", sqlite(tmp_path), "--lang", "en")
    monkeypatch.delenv("GILIRAN_TELEGRAM_TOKEN", raising=False)
    ran = giliran(*words)
    assert (ran.code, "GILIRAN_TELEGRAM_TOKEN" in ran.err) == (2, True)
    monkeypatch.setenv("GILIRAN_TELEGRAM_TOKEN", TOKEN)
    with bot_api(Standin([[message(n, **place()) for n in (1, 2)]])) as base:
        ran = giliran(*words, "--api", base, "--replace-webhook")
    assert (ran.code, "2 updates taken" in ran.out, TOKEN in ran.out + ran.err) == (0, True, False), ran.err


@pytest.fixture
def restore_signals() -> Iterator[None]:
    import signal

    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_ctrl_c_ends_the_polling_cleanly_and_no_token_is_printed(tmp_path: Path) -> None:
    import os
    import signal
    import subprocess
    import sys

    asked = threading.Event()

    class Slow(Standin):
        def answer(self, method: str, body: dict[str, Any]) -> tuple[int, bytes] | None:
            found = super().answer(method, body)
            if not self.answers:
                asked.set()
            return found

    words = [sys.executable, "-m", "scheduler", "telegram-poll", "--database", sqlite(tmp_path), "-v"]
    for ends, code in ((signal.SIGINT, 130), (signal.SIGTERM, 0)):
        asked.clear()
        with bot_api(Slow([[message(1, **place())], None, refusal(500)])) as base:
            environment = {**os.environ, "GILIRAN_TELEGRAM_TOKEN": TOKEN, "GILIRAN_TELEGRAM_API": base}
            with subprocess.Popen(
                words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
            ) as process:
                assert asked.wait(60)
                process.send_signal(ends)
                out, error = process.communicate(timeout=60)
        assert process.returncode == code, error
        assert TOKEN.encode() not in out + error
        assert b"Traceback" not in error


def test_tokens_of_telegram_are_hidden_in_logs() -> None:
    for said in (
        f"POST /telegram/{SECRET} 200",
        f"https://api.telegram.org/bot{TOKEN}/getUpdates",
        f"/checkin/{SECRET}?x",
    ):
        record = logging.LogRecord("giliran", logging.INFO, "", 1, said, (), None)
        line = JsonFormatter().format(record)
        assert SECRET not in line
        assert "AAE" not in line


def test_what_is_read_of_an_update_is_no_more_than_evidence() -> None:
    found = read_update(message(1, **place(600), forward_date=5, caption="x", contact={"phone_number": "1"}))
    assert found is not None
    kept = json.loads(found.content)["message"]
    assert kept == {"from": {"id": ACCOUNT}, "date": NOW, "forward_date": NOW, **place(600)}


def test_a_live_location_of_the_whole_hour_becomes_a_verdict_of_grade_track(office: Office) -> None:
    whole, broken, _ = office.people
    made = office.tokens("make", "--purpose", "telegram", "--person", whole, "--person", broken)
    codes = {link["key"]: link["link"] for link in made}
    begin = int(datetime(2021, 8, 2, 7, 31, tzinfo=WITA).timestamp())
    updates: list[Any] = [
        message(1, begin, account=501, text=codes[whole]),
        message(2, begin, account=502, text=codes[broken]),
        message(10, begin, account=501, chat=GROUP, **place(28_800)),
        message(11, begin, account=502, chat=GROUP, **place(28_800)),
    ]
    steps = [(501, minute) for minute in range(5, 65, 5)] + [(502, 5), (502, 55)]
    updates += [
        message(20 + n, begin, account=account, chat=GROUP, message_id=account - 491, edit_date=begin + 60 * minute, **place())
        for n, (account, minute) in enumerate(steps)
    ]  # fmt: skip
    found = open_database(office.url)
    try:
        polled(Standin([updates[:4], updates[4:]]), found)
    finally:
        found.dispose()
    judged = [office.verdicts(person)["live 07:30"] for person in (whole, broken)]
    assert [(row["verdict"], row["grade"]) for row in judged] == [
        ("on_time", "track"),
        ("unprovable", "track"),
    ]
    assert judged[0]["seen_at"].startswith(f"{DAY}T07:31")
    assert "track_gap" in judged[1]["flags"]


def test_who_is_called_is_told_by_the_bot_and_may_answer_to_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = office.people[2]
    at = int(datetime(2021, 8, 2, 13, 0, tzinfo=WITA).timestamp())
    (link,) = office.tokens("make", "--purpose", "telegram", "--person", third)
    engine = open_database(office.url)
    try:
        polled(Standin([[message(900, at - 60, account=903, text=link["link"])]]), engine)
        monkeypatch.setattr("scheduler.cli.call.time", SimpleNamespace(time_ns=lambda: at * 10**9))
        monkeypatch.setenv("GILIRAN_TELEGRAM_TOKEN", TOKEN)
        standin = Standin([])
        with bot_api(standin) as base:
            monkeypatch.setenv("GILIRAN_TELEGRAM_API", base)
            called = office.say("call", "--person", third, "--by", "Kadis", "--database", office.url)
        polled(Standin([[message(901, at + 300, account=903, text="hadir")]]), engine)
    finally:
        engine.dispose()
    assert [(one["key"], one["minutes"], one["until"], one["told"]) for one in called] == [
        (third, 15, "13:15", True)
    ]
    assert [(one["chat_id"], "13.15" in one["text"]) for one in standin.sent] == [(903, True)]
    row = office.verdicts(third)["reachability 13:00"]
    assert (row["verdict"], row["grade"], row["seen_at"][:16]) == ("on_time", "app", f"{DAY}T13:05")
