"""What tells operators how the server is: `/healthz`, `giliran doctor`, and logs without secrets."""

from __future__ import annotations

import io
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from scheduler.server.phone.arrivals import Checkin, store
from scheduler.server.phone.writer import Writer
from scheduler.server.store.database import newest_level, writing
from scheduler.server.web.logs import BundledHandler, JsonFormatter, log_request, redact
from tests.running import giliran
from tests.server.phones import sent
from tests.server.published import BUDI, Server, publication, sqlite


def test_health_is_told_and_what_is_missing_fails_it(
    any_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {
        "database": "reachable",
        "level": newest_level(),
        "needs_level": newest_level(),
        "writer": "alive",
    }
    answer = any_server.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", **good, "waiting": 0})
    with monkeypatch.context() as patched:
        patched.setattr(Writer, "is_well", lambda _: False)
        ill = any_server.client.get("/healthz")
    assert (ill.status_code, ill.json()["writer"]) == (503, "stuck")
    with writing(any_server.engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    old = any_server.client.get("/healthz")
    assert (old.status_code, old.json()["status"], old.json()["level"]) == (503, "failed", "0001")


def test_a_database_out_of_reach_fails_health_and_is_told_to_phones(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.publish(publication())
    feed, checkin = server.link(BUDI), server.link(BUDI, "checkin")

    def fail(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("out of reach"))

    with monkeypatch.context() as patched:
        patched.setattr(type(server.engine), "connect", fail)
        patched.setattr(type(server.engine), "raw_connection", fail)
        health = server.client.get("/healthz")
        assert (health.status_code, health.json()["database"]) == (503, "unreachable")
        for answer in (
            server.client.get(feed),
            server.client.get(checkin),
            server.client.post(checkin, json=sent()),
        ):
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert server.client.post(checkin, json=sent()).json()["stored"]


def test_a_writer_that_is_held_up_too_long_is_ill(server: Server) -> None:
    writer = Writer(server.engine)
    assert not writer.is_well(), "it has not begun"
    writer.start()
    assert writer.is_well()
    writer._under_way_since = -1e9
    assert not writer.is_well()
    writer._under_way_since = None
    writer.stop()
    assert not writer.is_well()


class Well(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def found_by_doctor(url: str, folder: Path, *words: str) -> dict[str, tuple[str, str]]:
    ran = giliran("doctor", "--database", url, "--output", folder, "--json", "--lang", "en", *words)
    return {f["about"]: (f["state"], f["said"]) for f in json.loads(ran.out)}


def test_the_doctor_tries_the_address_and_wants_https(server: Server, tmp_path: Path) -> None:
    url, out = sqlite(tmp_path), tmp_path / "output"
    out.mkdir()
    assert found_by_doctor(url, out)["address"][0] == "doubtful"
    plain = found_by_doctor(url, out, "--url", "http://giliran.example.go.id")["address"]
    assert (plain[0], "not HTTPS" in plain[1]) == ("bad", True)
    with HTTPServer(("127.0.0.1", 0), Well) as well:
        thread = threading.Thread(target=well.serve_forever)
        thread.start()
        here = f"http://127.0.0.1:{well.server_port}"
        assert found_by_doctor(url, out, "--url", here)["address"][0] == "good"
        assert found_by_doctor(url, out, "--url", f"{here}/elsewhere")["address"][0] == "bad"
        well.shutdown()
        thread.join()
    assert found_by_doctor(url, out, "--url", here)["address"][0] == "bad"


def test_the_doctor_sees_what_should_have_been_deleted(server: Server, tmp_path: Path) -> None:
    server.publish(publication())
    url, out = sqlite(tmp_path), tmp_path / "output"
    (out / ".giliran-backup-x1").mkdir(parents=True)
    found = found_by_doctor(url, out)
    assert (found["retention"][0], found["leftovers"][0]) == ("good", "doubtful")
    with writing(server.engine) as connection:
        old = Checkin(client_id="long-ago", taken_at=1, sent_at=1, reason="x")
        subject = connection.execute(
            text("SELECT id FROM subject WHERE kind = 'person' LIMIT 1")
        ).scalar_one()
        store(connection, [(subject, old)], 1_600_000_000_000)
    state, said = found_by_doctor(url, out)["retention"]
    assert (state, "1 rows are past their retention" in said) == ("bad", True)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("POST /checkin/s3cret?lang=id", "POST /checkin/-?lang=id"),
        ("/feeds/supervisors/s3cret.ics", "/feeds/supervisors/-"),
        ("{'latitude': -2.548123, 'longitude': 120.3}", "{'latitude': -, 'longitude': -}"),
        ('"accuracy":12.5,"lat":1', '"accuracy":-,"lat":-'),
        ("at -2.548123, 120.321987", "at -, -"),
        ("NotNull\nDETAIL:  Failing row contains (Ani, sick).\nEnd", "NotNull\nDETAIL: -\nEnd"),
        ("version 2.54.1, 3.5 rows at 08.00", "version 2.54.1, 3.5 rows at 08.00"),
    ],
)
def test_neither_tokens_nor_places_are_logged(text: str, hidden: str) -> None:
    assert redact(text) == hidden


def test_a_failing_statement_is_logged_without_what_people_sent(server: Server) -> None:
    with server.engine.connect() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(text("SELECT * FROM nowhere WHERE reason = :reason"), {"reason": "my own affair"})
    assert "my own affair" not in str(caught.value)


def test_lines_are_bundled_and_a_warning_takes_them_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.server.web.logs.EVERY", 3_600)
    stream, logger = io.StringIO(), logging.getLogger("giliran")
    handler = BundledHandler(stream)
    handler.setFormatter(JsonFormatter())
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "level", logging.INFO)
    logger.manager._clear_cache()  # type: ignore[attr-defined]
    log_request("POST", "/checkin/{token}", 200, 0.0123)
    assert stream.getvalue() == ""
    logger.warning("something is odd")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["message"] for line in lines] == ["request", "something is odd"]
    wanted = {"method": "POST", "path": "/checkin/{token}", "status": 200, "ms": 12.3, "level": "info"}
    assert wanted.items() <= lines[0].items()
