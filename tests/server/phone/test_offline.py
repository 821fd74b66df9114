"""The check-in page without a network, in Chromium: it opens from what the phone kept, and sends once there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from scheduler.server.links import tokens
from scheduler.server.phone.offline import ADDRESS, worker
from scheduler.server.publishing.store import publish
from scheduler.server.store.database import open_database, writing
from tests.server.phones import PHONE, PLACE, photograph, stored
from tests.server.published import BUDI, MAMUR, MORNING, Server, publication, roster, sqlite
from tests.server.running_server import running
from tests.server.wire import Wire, wire

READY = "navigator.serviceWorker.ready.then(found => found.active.state)"
KEPT = "Tanpa jaringan. Halaman ini seperti terakhir dibaca"


@pytest.fixture
def links(tmp_path: Path) -> Iterator[tuple[Engine, Wire, str, str]]:
    """A real server on loopback, the wire to it, and the links of two people over that wire."""
    engine = open_database(sqlite(tmp_path))
    with writing(engine) as connection:
        publish(connection, publication(), 1_627_000_000)
        rows = {r["key"]: r["id"] for r in tokens.subjects(connection) if r["kind"] == "person"}
        made = tokens.make(connection, [rows[BUDI], rows[MAMUR]], ["checkin"], 1)
    with running(engine, lambda: MORNING + 30) as server, wire(server) as network:
        budi, mamur = (f"{network.address}/checkin/{one.token}" for one in made)
        yield engine, network, budi, mamur
    engine.dispose()


@pytest.fixture
def phone(chromium: Any) -> Iterator[Any]:
    with chromium.new_context(**PHONE, geolocation=PLACE, permissions=["geolocation"]) as context:
        yield context


def visit(context: Any, address: str) -> Any:
    """Open a link where there is a network, and wait until the phone has kept it."""
    page = context.new_page()
    page.goto(address)
    assert page.evaluate(READY) in ("activating", "activated")
    return page


def test_a_page_opened_before_opens_without_a_network_and_sends_once_it_is_back(
    links: tuple[Engine, Wire, str, str], phone: Any
) -> None:
    engine, network, address, _ = links
    visit(phone, address).close()
    network.cut(phone)
    page, faults = phone.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.get_by_text(KEPT).wait_for()
    assert page.locator("#today").inner_text().startswith("WFH")
    page.get_by_role("button", name="Saya di sini").click()
    page.get_by_text("Belum terkirim (1).").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    photograph(page, "kept-360")
    page.reload()
    page.get_by_text("Belum terkirim (1).").wait_for()
    assert stored(engine) == []
    network.mend(phone)
    page.get_by_text("Tercatat pukul").wait_for()
    page.locator("#seen li").wait_for()
    page.get_by_text(KEPT).wait_for(state="hidden")
    page.reload()
    page.locator("#seen li").wait_for()
    assert faults == []
    (row,) = stored(engine)
    assert (row["latitude"], row["sent_at"] > row["taken_at"]) == (-2.5512, True)
    assert row["received_at"] - row["happened_at"] == row["sent_at"] - row["taken_at"]


def test_a_phone_shows_each_link_as_its_own_and_none_that_was_never_opened(
    links: tuple[Engine, Wire, str, str], phone: Any
) -> None:
    _, network, budi, mamur = links
    visit(phone, f"{budi}?lang=en")
    network.cut(phone)
    page = phone.new_page()
    with pytest.raises(Exception, match="net::ERR_"):
        page.goto(mamur)
    network.mend(phone)
    visit(phone, mamur)
    network.cut(phone)
    names = []
    for address in (budi, mamur):
        page.goto(address)
        names.append(page.locator("h1").inner_text())
    assert names == ["Budi Santoso", "Ma'mur Andi"]


def test_a_new_roster_takes_the_place_of_the_kept_page(
    links: tuple[Engine, Wire, str, str], phone: Any
) -> None:
    engine, network, address, _ = links
    page = visit(phone, address)
    with writing(engine) as connection:
        publish(connection, publication(roster(2, swapped=True), sha256="2"), 1_627_000_060)
    page.reload()
    assert page.locator("#today").inner_text().startswith("WFO")
    network.cut(phone)
    page.reload()
    page.get_by_text(KEPT).wait_for()
    assert page.locator("#today").inner_text().startswith("WFO")


def test_of_another_day_the_kept_page_shows_no_status_but_takes_check_ins(
    links: tuple[Engine, Wire, str, str], phone: Any
) -> None:
    engine, network, address, _ = links
    visit(phone, address).close()
    network.cut(phone)
    page = phone.new_page()
    page.clock.install()
    page.clock.fast_forward("20:00:00")
    page.goto(address)
    page.get_by_text("Jadwal hari ini belum terbaca").wait_for()
    assert not page.locator("#today").is_visible()
    assert not page.locator("#state").is_visible()
    page.get_by_role("button", name="Saya di sini").click()
    page.get_by_text("Belum terkirim (1).").wait_for()
    photograph(page, "kept-past-360")
    assert stored(engine) == []


def test_a_server_that_is_overloaded_shows_the_kept_page_and_a_revoked_link_nothing(
    links: tuple[Engine, Wire, str, str], phone: Any
) -> None:
    engine, _, address, _ = links
    page = visit(phone, address)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE checkin RENAME TO elsewhere"))
    page.reload()
    page.get_by_text(KEPT).wait_for()
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO checkin"))
    with writing(engine) as connection:
        rows = [r["id"] for r in tokens.subjects(connection) if r["key"] == BUDI]
        tokens.revoke(connection, rows, ["checkin"], 2)
    page.goto(address)
    assert "Tidak ditemukan" in page.inner_text("body")
    assert page.evaluate("caches.keys()") == []


def test_where_service_workers_are_refused_the_page_works_as_before(
    chromium: Any, links: tuple[Engine, Wire, str, str]
) -> None:
    engine, _, address, _ = links
    given = {**PHONE, "geolocation": PLACE, "permissions": ["geolocation"], "service_workers": "block"}
    with chromium.new_context(**given) as context:
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.get_by_role("button", name="Saya di sini").click()
        page.get_by_text("Tercatat pukul 08.03.").wait_for()
        assert faults == []
    assert len(stored(engine)) == 1


def test_the_worker_is_for_check_in_links_alone_and_is_asked_for_again_by_its_content(server: Server) -> None:
    answer = server.client.get(ADDRESS)
    tag = answer.headers["etag"]
    assert (answer.status_code, answer.text) == (200, worker()[0])
    assert answer.headers["service-worker-allowed"] == "/checkin/"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert tag.strip('"') in answer.text
    assert server.client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    server.publish(publication(replace(roster())))
    page = server.client.get(server.link(BUDI, "checkin"))
    assert "worker-src 'self'" in page.headers["content-security-policy"]
    assert len(page.content) + len(answer.content) < 50_000


def test_a_link_that_leads_nowhere_and_a_server_that_fails_say_what_to_do(server: Server) -> None:
    server.publish(publication())
    path = server.link(BUDI, "checkin")
    server.revoke(BUDI)
    wrong, revoked = server.client.get("/checkin/wrong"), server.client.get(path)
    assert (wrong.status_code, wrong.content) == (revoked.status_code, revoked.content)
    assert (wrong.status_code, wrong.headers["cache-control"]) == (404, "no-store")
    assert "Minta yang baru kepada bagian kepegawaian." in wrong.text
    assert "Ask your personnel office for a new one." in wrong.text
    assert server.client.head("/checkin/wrong").content == b""
    with server.engine.begin() as connection:
        connection.execute(text("ALTER TABLE token RENAME TO elsewhere"))
    failed = server.client.get(path)
    assert (failed.status_code, failed.headers["retry-after"]) == (503, "5")
    assert "dimuat ulang sendiri" in failed.text
