"""What the phone's page takes besides check-ins: work done, answers to calls, requests; each up to its verdict."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from scheduler.checkins.evidence.base import Reading
from scheduler.checkins.evidence.server_log import ServerLog
from scheduler.checkins.streams.opened import open_evidence
from scheduler.language import Refusal
from scheduler.server.phone.calls import ask, call_lines, minutes_asked
from scheduler.server.phone.forms import parse
from scheduler.server.phone.permits import decide, outings
from scheduler.server.store.database import writing
from scheduler.server.store.tables import SUBJECT
from tests.running import giliran
from tests.server.offices import DAY, Office
from tests.server.phones import EVERYTHING
from tests.server.published import BUDI, MORNING, WITA, Server, publication, roster, server_on

NOW = int(MORNING * 1000)


def published(server: Server) -> str:
    """Publish a roster that asks for everything; return Budi's link."""
    server.publish(publication(roster(checkins=EVERYTHING)))
    return server.link(BUDI, "checkin")


def subject(server: Server) -> int:
    with server.engine.connect() as connection:
        wanted = text("SELECT id FROM subject WHERE kind = 'person' AND key = :key")
        return int(connection.execute(wanted, {"key": BUDI}).scalar_one())


def call(server: Server, at: int) -> None:
    with writing(server.engine) as connection:
        minutes = minutes_asked(connection, subject(server), "2021-07-28", at)
        ask(connection, [(subject(server), minutes)], "Kasubag", at)


def test_the_page_lists_all_that_is_asked_on_a_day(server: Server) -> None:
    link = published(server)
    page = server.client.get(link).text
    for words in (
        "07.30 · 8 jam",
        "lokasi langsung di Telegram",
        "jawab dalam 15 menit",
        "0/2, sampai 23.59",
    ):
        assert words in page
    assert "live location on Telegram" in server.client.get(f"{link}?lang=en").text
    assert len(page.encode()) < 50_000


def test_work_is_entered_once_with_both_clocks_and_counted(any_server: Server) -> None:
    link = published(any_server)
    entry = {"what": "activity", "client_id": "work-1-abcdef", "day": "2021-07-28", "target": "SKP 3",
             "activity": "Rekap surat <b>", "taken_at": NOW - 900_000, "sent_at": NOW}  # fmt: skip
    first, again = (any_server.client.post(link, json=entry).json() for _ in range(2))
    assert (first["stored"], first["said"], again["repeated"]) == (True, "Kegiatan tersimpan.", True)
    with any_server.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM activity")).mappings()
    assert (row["day"], row["target"], row["happened_at"]) == ("2021-07-28", "SKP 3", NOW - 900_000)
    page = any_server.client.get(link).text
    assert "SKP 3 · Rekap surat &lt;b&gt;" in page
    assert "1/2, sampai 23.59" in page
    form = {"what": "activity", "client_id": "work-2-abcdef", "day": "2021-07-28", "activity": "Rapat"}
    assert any_server.client.post(link, data=form).headers["location"] == f"{link}?said=noted"
    assert "✓ 2/2" in any_server.client.get(link).text


@pytest.mark.parametrize(
    "change", [{"day": "soon"}, {"day": "2021-07-01"}, {"day": "2021-07-31"}, {"activity": " "}]
)
def test_work_of_another_time_or_without_words_is_refused(change: dict[str, str]) -> None:
    entry = {"what": "activity", "client_id": "work-1-abcdef", "day": "2021-07-28", "activity": "Rapat",
             "taken_at": NOW, "sent_at": NOW}  # fmt: skip
    assert parse(json.dumps(entry).encode(), "application/json", NOW)
    with pytest.raises(Refusal):
        parse(json.dumps({**entry, **change}).encode(), "application/json", NOW)


def test_a_call_is_shown_until_it_is_answered_even_without_javascript(any_server: Server) -> None:
    link = published(any_server)
    call(any_server, NOW)
    any_server.now = MORNING + 300
    page = any_server.client.get(link).text
    assert "Anda dipanggil pukul 08.03. Jawab paling lambat pukul 08.18." in page
    mark = re.search(r'value="answer"><input type="hidden" name="client_id" value="([^"]+)"', page)
    assert mark is not None
    any_server.client.post(link, data={"what": "answer", "client_id": mark[1]})
    page = any_server.client.get(link).text
    assert "Anda dipanggil" not in page
    assert "jawaban panggilan" in page
    with any_server.engine.connect() as connection:
        (line,) = call_lines(connection, SUBJECT.c.id == subject(any_server), NOW - 1, NOW + 1)
    assert (line["at"], line["answered_at"]) == (NOW, NOW + 300_000)


def test_an_answer_after_its_minutes_is_late_and_one_before_the_call_is_none(server: Server) -> None:
    link = published(server)
    answer = {"what": "answer", "taken_at": NOW, "sent_at": NOW}
    server.client.post(link, json={**answer, "client_id": "before-the-call"})
    call(server, NOW + 60_000)
    server.now = MORNING + 61 + 15 * 60
    assert "Anda dipanggil" in server.client.get(link).text
    server.client.post(link, json={**answer, "client_id": "after-the-call"})
    assert "terlambat, 08.19" in server.client.get(link).text


def test_nobody_is_called_outside_the_hours_or_on_days_at_the_office(server: Server) -> None:
    published(server)
    night = int(datetime(2021, 7, 28, 19, 0, tzinfo=WITA).timestamp()) * 1000
    with server.engine.connect() as connection:
        who = subject(server)
        assert minutes_asked(connection, who, "2021-07-28", NOW) == 15
        assert minutes_asked(connection, who, "2021-07-28", night) == 0
        assert minutes_asked(connection, who, "2021-07-30", NOW + 2 * 86_400_000) == 0
        assert minutes_asked(connection, who, "2030-01-01", NOW) == 0


def test_why_there_is_no_place_is_stored_and_shown(server: Server) -> None:
    link = published(server)
    for cause, shown in (("denied", "izin lokasi ditolak"), ("timeout", "lokasi terlalu lama dicari")):
        sent = {
            "client_id": f"no-place-{cause}",
            "failure": cause,
            "reason": "di rumah",
            "taken_at": NOW,
            "sent_at": NOW,
        }
        assert server.client.post(link, json=sent).json()["how"] == f"tanpa lokasi: {shown}: di rumah"
        assert f"tanpa lokasi: {shown}: di rumah" in server.client.get(link).text
    with server.engine.connect() as connection:
        assert set(connection.execute(text("SELECT failure FROM checkin")).scalars()) == {"denied", "timeout"}


def test_a_request_is_decided_and_the_page_says_so(any_server: Server) -> None:
    link = published(any_server)
    form = {"what": "permit", "client_id": "permit-1-abcdef", "from": "2021-07-28", "to": "2021-07-29",
            "kind": "outing", "reason": "obat"}  # fmt: skip
    any_server.client.post(link, data=form)
    assert "menunggu" in any_server.client.get(link).text
    with writing(any_server.engine) as connection:
        fingerprint = str(connection.execute(text("SELECT fingerprint FROM scenario")).scalar_one())
        assert outings(connection, fingerprint) == {}
        assert decide(connection, [1], "accepted", "Kadis", NOW) == 1
        assert decide(connection, [99], "accepted", "Kadis", NOW) == 0
    assert "disetujui" in any_server.client.get(link).text
    with any_server.engine.connect() as connection:
        assert outings(connection, fingerprint) == {BUDI: [(date(2021, 7, 28), date(2021, 7, 29))]}


@pytest.mark.parametrize(
    "line",
    [
        "{}", "[]", '{"what": "call"}', '{"what": "call", "person_id": "x", "at": "soon"}',
        '{"what": "gossip", "person_id": "x", "at": 1}', '{"what": "telegram", "person_id": "x", "update": 7}',
        '{"what": "activity", "person_id": "x", "at": 1, "day": "?", "target": ""}',
    ],
)  # fmt: skip
def test_a_spoilt_line_of_the_log_is_told_and_the_others_are_read(line: str, tmp_path: Path) -> None:
    good = {"source": "giliran-log", "what": "call", "person_id": BUDI, "at": NOW, "answered_at": NOW + 5_000}
    (tmp_path / "log").write_text(f"{json.dumps(good)}\n{line}\n", encoding="utf-8")
    (opened,) = open_evidence(tmp_path / "log")
    source = ServerLog()
    assert source.recognises(opened) > 0  # type: ignore[arg-type]
    reading = Reading(opened, zone=WITA, days=[date(2021, 7, 28)])  # type: ignore[arg-type]
    (found,) = source.read(reading)
    assert (found.kind, found.grade, found.answered) == ("call", "app", NOW // 1000 + 5)
    assert [fault.row for fault in reading.faults] == [2]


def moment(hour: int, minute: int) -> int:
    return int(datetime(2021, 8, 2, hour, minute, tzinfo=WITA).timestamp())


def send(server: Server, link: str, at: int, **fields: Any) -> None:
    server.now = at
    body = {"client_id": f"sent-at-{at}", "taken_at": at * 1000, "sent_at": at * 1000, **fields}
    assert server.client.post(link, json=body).json()["stored"]


def test_what_the_phone_sends_becomes_verdicts_of_grade_app(office: Office) -> None:
    person, other, _ = office.people
    link = office.page(person)
    with server_on(office.url) as server:
        send(server, link, moment(8, 1), latitude=-2.5, longitude=120.3, accuracy=8)
        with writing(server.engine) as connection:
            for key, at in ((person, moment(9, 0)), (person, moment(10, 0)), (other, moment(9, 0))):
                wanted = text("SELECT id FROM subject WHERE key = :key AND kind = 'person'")
                ask(
                    connection,
                    [(connection.execute(wanted, {"key": key}).scalar_one(), 15)],
                    "Kadis",
                    at * 1000,
                )
        send(server, link, moment(9, 10), what="answer")
        send(server, link, moment(10, 40), what="answer")
        send(server, link, moment(16, 0), what="activity", day=DAY, target="SKP 1", activity="Rekap")
    mine, theirs = office.verdicts(person), office.verdicts(other)
    found = {name: (row["verdict"], row["grade"]) for name, row in mine.items()}
    assert found["08:00"] == found["activity"] == found["reachability 09:00"] == ("on_time", "app")
    assert found["reachability 10:00"] == ("late", "app")
    assert mine["reachability 09:00"]["seen_at"].startswith(f"{DAY}T09:10")
    assert theirs["reachability 09:00"]["verdict"] == theirs["activity"]["verdict"] == "missing"


def test_requests_are_accepted_and_refused_on_the_command_line(office: Office) -> None:
    link = office.page(office.people[1])
    form = {
        "what": "permit",
        "client_id": "permit-1-abcdef",
        "from": DAY,
        "to": DAY,
        "kind": "leave",
        "reason": "cuti",
    }
    with server_on(office.url) as server:
        server.client.post(link, data=form)
    (request,) = office.say("requests", "--database", office.url)
    assert (request["decision"], request["kind"]) == ("", "leave")
    assert giliran("requests", "--accept", 99, "--database", office.url).code == 2
    (request,) = office.say("requests", "--refuse", request["id"], "--by", "Kadis", "--database", office.url)
    assert (request["decision"], request["decided_by"]) == ("refused", "Kadis")
    assert "ditolak" in giliran("requests", "--database", office.url, "--lang", "id").out


def test_nobody_can_be_called_on_another_day(office: Office) -> None:
    ran = giliran("call", "--database", office.url, "--lang", "en")
    assert ran.code == 2
    assert "Nobody need be reachable now" in ran.err
