"""Checking in by phone: what is shown, what is stored, and that nothing is acknowledged before it is stored."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from scheduler.language import Refusal
from scheduler.server.phone.arrivals import Checkin
from scheduler.server.phone.forms import parse
from scheduler.server.phone.pages import Pages
from scheduler.server.phone.permits import decide
from scheduler.server.phone.writer import BusyError, Outcome, Writer
from scheduler.server.store.database import writing
from tests.server.phones import NOW, sent, stored
from tests.server.published import BUDI, MAMUR, MORNING, Server, publication, roster, server_on


@pytest.fixture
def link(server: Server) -> str:
    server.publish(publication())
    return server.link(BUDI, "checkin")


def test_the_page_shows_todays_status_and_checkpoints_in_both_languages(server: Server, link: str) -> None:
    page = server.client.get(link)
    assert "quiet" not in page.text.split('id="press"')[1][:60]
    for words in (
        "Budi Santoso",
        "Rabu, 28 Juli 2021",
        "WFH",
        "Saya di sini",
        "sekarang, sampai 08.30",
        "15.45–16.30",
    ):
        assert words in page.text
    assert "now, until 08:30" in server.client.get(f"{link}?lang=en").text
    assert len(page.content) < 50_000
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'sha256-" in page.headers["content-security-policy"]


def test_the_page_of_an_office_day_asks_for_nothing_and_of_no_day_says_so(server: Server) -> None:
    server.publish(publication())
    link = server.link(MAMUR, "checkin")
    page = server.client.get(link).text
    assert "WFO" in page
    assert "tidak ada presensi yang diminta" in page
    assert 'id="press" type="button" class="quiet"' in page
    assert 'class="quiet">Kirim tanpa lokasi' in page  # no button shouts where nothing is asked
    server.now = MORNING + 400 * 86_400
    assert "Tidak ada jadwal" in server.client.get(link).text


def test_the_page_tells_the_coming_days_without_those_off(server: Server, link: str) -> None:
    def coming() -> list[str]:
        found = re.search(r'<details id="coming">(.*?)</details>', server.client.get(link).text, re.DOTALL)
        return re.findall(r"<li><span>(.*?)</span><span>(.*?)</span>", found[1]) if found else []

    days = ("Kamis, 29 Juli", "Jumat, 30 Juli", "Senin, 2 Agustus", "Selasa, 3 Agustus", "Rabu, 4 Agustus")
    statuses = ("WFH", "WFO", "WFO", "WFH", "WFH")
    assert coming() == [(f"{day} 2021", status) for day, status in zip(days, statuses, strict=True)]
    assert "Berikutnya: Kamis, 29 Juli 2021 · WFH" in server.client.get(link).text
    server.now += 13 * 86_400  # the last day of the roster
    assert coming() == []


def test_checkpoints_of_another_channel_are_named_as_such(server: Server) -> None:
    server.publish(publication(roster(channel="whatsapp")))
    assert "lewat WhatsApp" in server.client.get(server.link(BUDI, "checkin")).text


def test_a_check_in_is_stored_once_however_often_it_is_sent(any_server: Server) -> None:
    any_server.publish(publication())
    link = any_server.link(BUDI, "checkin")
    first = any_server.client.post(link, json=sent()).json()
    again = any_server.client.post(link, json=sent()).json()
    assert (first["stored"], first["repeated"], first["said"]) == (True, False, "Tercatat pukul 08.03.")
    assert (again["stored"], again["repeated"]) == (True, True)
    (row,) = stored(any_server)
    assert (row["latitude"], row["longitude"], row["accuracy"], row["failure"]) == (-2.55, 120.32, 12.5, "")
    page = any_server.client.get(link).text
    assert "✓ 08.03" in page
    assert "lokasi ± 13 m" in page


def test_one_sent_later_counts_from_when_it_was_taken_by_the_servers_clock(server: Server, link: str) -> None:
    ahead = 3_600_000
    server.now = MORNING + 1_200
    taken, sent_at = NOW + ahead, NOW + ahead + 1_200_000
    told = server.client.post(link, json=sent(taken_at=taken, sent_at=sent_at)).json()
    (row,) = stored(server)
    assert told["clock_ahead_ms"] == ahead
    assert (row["taken_at"], row["sent_at"], row["received_at"]) == (taken, sent_at, NOW + 1_200_000)
    assert row["happened_at"] == NOW
    assert "✓ 08.03" in server.client.get(link).text


def test_a_phone_whose_clock_was_turned_back_never_checks_in_in_the_future(server: Server) -> None:
    server.publish(publication())
    server.client.post(server.link(BUDI, "checkin"), json=sent(taken_at=NOW + 9_000_000))
    assert stored(server)[0]["happened_at"] == NOW


def test_without_javascript_a_reason_is_sent_by_the_form(server: Server, link: str) -> None:
    mark = re.search(r'name="client_id" value="([^"]+)"', server.client.get(link).text)
    assert mark is not None
    form = {"client_id": mark[1], "reason": "  GPS rusak\n di rumah "}
    answer = server.client.post(f"{link}?lang=en", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{link}?said=stored&lang=en")
    assert "Recorded." in server.client.get(answer.headers["location"]).text
    assert server.client.post(link, data=form).headers["location"] == f"{link}?said=repeated"
    (row,) = stored(server)
    assert (row["reason"], row["latitude"], row["happened_at"]) == ("GPS rusak di rumah", None, NOW)


def test_what_lacks_place_and_reason_is_refused_in_words(server: Server, link: str) -> None:
    answer = server.client.post(link, json=sent(latitude=None, failure="denied"))
    assert (answer.status_code, answer.json()["stored"]) == (422, False)
    page = server.client.post(link, data={"client_id": "abcdefgh12345678"})
    assert page.status_code == 422
    assert "Tulis alasannya: lokasi tidak terkirim." in page.text
    assert stored(server) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[1]",
        b"{" * 5_000,
        json.dumps(sent(client_id="x")).encode(),
        json.dumps(sent(client_id=None)).encode(),
        json.dumps(sent(taken_at="soon")).encode(),
        json.dumps(sent(taken_at=True)).encode(),
        json.dumps(sent(sent_at=1e300)).encode(),
        json.dumps(sent(latitude=0, longitude=0)).encode(),
        json.dumps(sent(latitude=91)).encode(),
        b'{"client_id": "abcdefgh12345678", "latitude": NaN, "longitude": Infinity}',
    ],
)
def test_hostile_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(Refusal):
        parse(body, "application/json", NOW)


def test_what_is_too_long_is_refused_and_control_characters_go(server: Server) -> None:
    server.publish(publication())
    link = server.link(BUDI, "checkin")
    assert server.client.post(link, json=sent(reason="x" * 9_000)).status_code == 422
    arrival = parse(json.dumps(sent(reason="a\x00\x1b[31m\u202eb")).encode(), "application/json", NOW)
    assert isinstance(arrival, Checkin)
    assert arrival.reason == "a [31m b"
    server.client.post(link, json=sent(reason="<script>alert(1)</script>", latitude=None))
    assert "<script>alert" not in server.client.get(link).text


def test_permits_are_asked_for_and_seen(any_server: Server) -> None:
    any_server.publish(publication())
    link = any_server.link(BUDI, "checkin")
    form = {
        "what": "permit",
        "client_id": "permit-1-abcdef",
        "from": "2021-08-02",
        "to": "2021-08-03",
        "kind": "permit",
    }
    assert any_server.client.post(link, data=form).status_code == 422
    assert (
        any_server.client.post(link, data={**form, "reason": "keluarga", "to": "2021-08-01"}).status_code
        == 422
    )
    for _ in range(2):
        answer = any_server.client.post(link, data={**form, "reason": "keluarga"})
        assert answer.headers["location"] == f"{link}?said=asked"
    from scheduler.server.phone.arrivals import requests

    with any_server.engine.connect() as connection:
        (row,) = requests(connection)
    assert (row["person_id"], row["first_day"], row["last_day"], row["kind"]) == (
        BUDI,
        "2021-08-02",
        "2021-08-03",
        "permit",
    )


def test_a_wrong_or_revoked_link_stores_nothing(server: Server, link: str) -> None:
    server.revoke(BUDI)
    for address in (link, "/checkin/wrong"):
        for kind in (
            {"json": sent()},
            {"data": {"client_id": "abcdefgh12345678", "reason": "x"}},
            {"json": {}},
        ):
            assert server.client.post(address, **kind).status_code == 404
    assert stored(server) == []


def test_a_commit_that_fails_is_never_acknowledged(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.publish(publication())
    link = server.link(BUDI, "checkin")

    def fail(*_: Any) -> Any:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patched:
        patched.setattr("scheduler.server.phone.writer.store", fail)
        assert server.client.post(link, json=sent()).status_code == 503
    assert stored(server) == []
    assert server.client.post(link, json=sent()).json()["repeated"] is False


def test_many_at_once_share_commits_and_each_is_answered(any_server: Server) -> None:
    any_server.publish(publication())
    link = any_server.link(BUDI, "checkin")
    commits = 0
    writer = Writer(any_server.engine, lambda: NOW)
    inner = writer._commit

    def counted(batch: Any) -> Any:
        nonlocal commits
        commits += 1
        return inner(batch)

    writer._commit = counted  # type: ignore[method-assign]
    token = link.removeprefix("/checkin/")

    async def burst() -> list[Any]:
        puts = [
            writer.put(t, Checkin(client_id=f"c{n % 150:09}", taken_at=NOW, sent_at=NOW, reason="x"))
            for n in range(200)
            for t in (token,)
        ]
        writer._is_open = True
        waiting = asyncio.gather(
            *puts, writer.put("wrong", Checkin(client_id="d" * 9, taken_at=NOW, sent_at=NOW))
        )
        await asyncio.sleep(0)
        writer.start()
        return await waiting

    outcomes = [answer.outcome for answer in asyncio.run(burst())]
    writer.stop()
    assert outcomes.count(Outcome.NEW) == len(stored(any_server)) == 150
    assert outcomes.count(Outcome.REPEATED) == 50
    assert outcomes[-1] is Outcome.UNKNOWN
    assert commits < 20
    with pytest.raises(BusyError):
        asyncio.run(writer.put(token, Checkin(client_id="e" * 9, taken_at=NOW, sent_at=NOW)))


def test_whoever_takes_too_long_to_send_is_told_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_: Any) -> bytes:
        await asyncio.sleep(3_600)
        return b""

    monkeypatch.setattr("scheduler.server.web.front.SLOWEST", 0.05)
    monkeypatch.setattr("scheduler.server.web.front._body", never)
    answer = server.client.post("/checkin/anybody", json=sent())
    assert (answer.status_code, answer.json()["stored"]) == (503, False)


def test_a_page_opened_again_shows_whatever_changed_since_even_by_another_process(any_server: Server) -> None:
    any_server.publish(publication())
    link = any_server.link(BUDI, "checkin")
    url = any_server.engine.url.render_as_string(hide_password=False)
    with server_on(url) as other:
        assert "sekarang, sampai 08.30" in other.client.get(link).text
        any_server.client.post(link, json=sent())
        assert "✓ 08.03" in other.client.get(link).text
        leave = {"what": "permit", "client_id": "leave-abcdefgh", "from": "2021-08-02", "to": "2021-08-02"}
        leave |= {"kind": "leave", "reason": "keluarga", "taken_at": NOW, "sent_at": NOW}
        assert any_server.client.post(link, json=leave).json()["stored"]
        assert "menunggu" in other.client.get(link).text
        with writing(any_server.engine) as connection:
            assert decide(connection, [1], "accepted", "Kasubag", NOW)
        assert "disetujui" in other.client.get(link).text
        any_server.publish(publication(roster(2, swapped=True)))
        assert "tidak ada presensi yang diminta" in other.client.get(link).text
        any_server.publish(publication(roster(2, swapped=True), timezone="Asia/Jayapura"))
        assert "✓ 08.03" not in other.client.get(link).text
        assert "09.03" in other.client.get(link).text
        any_server.revoke(BUDI)
        assert other.client.get(link).status_code == 404


def test_a_page_left_from_yesterday_does_not_come_back_today(server: Server, link: str) -> None:
    server.client.post(link, json=sent())
    assert "Rabu, 28 Juli 2021" in server.client.get(link).text
    server.now = MORNING + 86_400
    page = server.client.get(link).text
    assert "Kamis, 29 Juli 2021" in page
    assert "✓ 08.03" not in page


def test_many_pages_asked_for_at_once_are_each_their_own_persons(any_server: Server) -> None:
    any_server.publish(publication())
    budi, mamur = (any_server.link(key, "checkin") for key in (BUDI, MAMUR))
    for link, mark in ((budi, "number-1"), (mamur, "number-2"), (budi, "number-3")):
        assert any_server.client.post(link, json=sent(client_id=mark)).json()["stored"]
    expected = {budi: ("Budi Santoso", 2), mamur: ("Ma'mur Andi", 1), "/checkin/nobody": None}

    async def ask_all() -> list[tuple[str, Any]]:
        pages = Pages(any_server.engine, lambda: MORNING)
        links = [*expected] * 60
        found = await asyncio.gather(*(pages.find(one.rpartition("/")[2]) for one in links))
        pages.stop()
        return list(zip(links, found, strict=True))

    for one, answer in asyncio.run(ask_all()):
        assert (answer and (answer[0].name, len(answer[1].signs))) == expected[one]


def test_a_page_that_cannot_be_read_now_is_promised_for_later(server: Server, link: str) -> None:
    assert server.client.get(link).status_code == 200
    with writing(server.engine) as connection:
        connection.execute(text("ALTER TABLE activity RENAME TO gone"))
    answer = server.client.get(link)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    with writing(server.engine) as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO activity"))
    assert server.client.get(link).status_code == 200
    assert server.client.head(link).content == b""
