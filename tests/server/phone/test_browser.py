"""The check-in page in Chromium at the width of a phone, with a set location: by tap, refused, and without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from scheduler.server.links import tokens
from scheduler.server.phone.calls import ask
from scheduler.server.publishing.store import publish
from scheduler.server.store.database import open_database, writing
from scheduler.server.telegram.settings import TelegramSettings
from tests.server.phones import EVERYTHING, PHONE, PLACE, photograph, stored
from tests.server.published import BUDI, MORNING, publication, roster, sqlite
from tests.server.running_server import running


@pytest.fixture
def page_address(tmp_path: Path) -> Iterator[tuple[Engine, str]]:
    """A real server on loopback whose clock stands at a home day's morning, and Budi's link on it."""
    engine = open_database(sqlite(tmp_path))
    with writing(engine) as connection:
        publish(connection, publication(roster(checkins=EVERYTHING)), 1_627_000_000)
        row = next(r for r in tokens.subjects(connection) if (r["kind"], r["key"]) == ("person", BUDI))
        token = tokens.make(connection, [row["id"]], ["checkin"], 1)[0].token
    with running(engine, lambda: MORNING + 30, telegram=TelegramSettings(name="gilir_bot")) as address:
        yield engine, f"{address}/checkin/{token}"
    engine.dispose()


def test_a_tap_sends_the_place_with_its_accuracy(chromium: Any, page_address: tuple[Engine, str]) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE, geolocation=PLACE, permissions=["geolocation"]) as context:
        page, faults = context.new_page(), []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        press = page.get_by_role("button", name="Saya di sini")
        box = press.bounding_box()
        assert box["height"] >= 100
        assert box["y"] + box["height"] <= 740
        press.click()
        page.get_by_text("Tercatat pukul 08.03.").wait_for()
        page.locator("#seen li").wait_for()
        assert page.locator("#seen li").inner_text().split("\n") == ["08.03", "lokasi ± 14 m"]
        page.locator("#checkpoints").get_by_text("✓ 08.03").wait_for()
        assert faults == []
        photograph(page, "checkin-360")
    (row,) = stored(engine)
    assert (row["latitude"], row["longitude"], row["accuracy"]) == (-2.5512, 120.3245, 14)


def test_where_the_place_is_refused_a_reason_is_asked_for(
    chromium: Any, page_address: tuple[Engine, str]
) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE, permissions=[]) as context:
        page = context.new_page()
        page.goto(f"{address}?lang=en")
        page.get_by_role("button", name="I am here").click()
        page.get_by_text("Location was refused.").wait_for()
        page.get_by_role("button", name="Send without location").click()
        page.get_by_text("Location was refused.").wait_for(state="detached")
        page.get_by_label("Reason, where no location can be sent").fill("no GPS")
        page.get_by_role("button", name="Send without location").click()
        page.get_by_text("Recorded at 08:03.").wait_for()
        page.get_by_text("no location: location refused: no GPS").wait_for()
        photograph(page, "refused-360")
    (row,) = stored(engine)
    assert (row["latitude"], row["failure"], row["reason"]) == (None, "denied", "no GPS")


def test_without_a_network_it_is_kept_over_a_reload_and_sent_once(
    chromium: Any, page_address: tuple[Engine, str]
) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE, geolocation=PLACE, permissions=["geolocation"]) as context:
        page = context.new_page()
        page.goto(address)

        def cut(route: Any) -> None:
            route.abort() if route.request.method == "POST" else route.continue_()

        context.route("**/*", cut)
        page.get_by_role("button", name="Saya di sini").click()
        page.get_by_text("Belum terkirim (1).").wait_for()
        assert stored(engine) == []
        context.unroute("**/*")
        page.reload()
        page.get_by_text("Tercatat pukul").wait_for()
        page.reload()
        page.locator("#seen li").wait_for()
        assert page.locator("#seen li").count() == 1
    (row,) = stored(engine)
    assert row["sent_at"] > row["taken_at"]


def test_without_javascript_the_form_of_reasons_works(
    chromium: Any, page_address: tuple[Engine, str]
) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address)
        assert not page.locator("#press").is_visible()
        page.get_by_label("Alasan bila lokasi tidak dapat dikirim").fill("ponsel lama")
        page.get_by_role("button", name="Kirim tanpa lokasi").click()
        page.get_by_text("Tercatat.").wait_for()
    assert [row["reason"] for row in stored(engine)] == ["ponsel lama"]


def test_work_and_a_request_written_without_a_network_are_sent_when_it_is_back(
    chromium: Any, page_address: tuple[Engine, str]
) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE) as context:
        page = context.new_page()
        page.goto(address)
        context.set_offline(True)
        page.get_by_label("Target kinerja (SKP)").fill("SKP 3")
        page.get_by_label("Kegiatan dan hasilnya").fill("Rekap surat masuk")
        page.get_by_role("button", name="Simpan kegiatan").click()
        page.get_by_text("Belum terkirim (1).").wait_for()
        page.get_by_text("Minta izin").click()
        page.get_by_label("Jenis").select_option("outing")
        page.get_by_label("Mulai").fill("2021-07-28")
        page.get_by_label("Sampai").fill("2021-07-28")
        page.get_by_label("Alasan", exact=True).fill("apotek")
        page.get_by_role("button", name="Kirim permintaan").click()
        page.get_by_text("Belum terkirim (2).").wait_for()
        photograph(page, "offline-360")
        assert stored(engine, "activity") == stored(engine, "permit_request") == []
        context.set_offline(False)
        page.get_by_text("Permintaan terkirim.").wait_for()
        page.get_by_text("SKP 3 · Rekap surat masuk").wait_for(state="attached")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        photograph(page, "activity-360")
    (entry,), (request,) = stored(engine, "activity"), stored(engine, "permit_request")
    assert entry["sent_at"] > entry["taken_at"]
    assert entry["received_at"] - entry["happened_at"] == entry["sent_at"] - entry["taken_at"]
    assert (request["kind"], request["reason"]) == ("outing", "apotek")


def test_a_call_that_comes_while_the_phone_is_put_away_is_answered_by_one_tap(
    chromium: Any, page_address: tuple[Engine, str]
) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE) as context:
        page = context.new_page()
        page.goto(address)
        with writing(engine) as connection:
            row = next(r for r in tokens.subjects(connection) if (r["kind"], r["key"]) == ("person", BUDI))
            ask(connection, [(row["id"], 15)], "Kasubag", int(MORNING * 1000))
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.get_by_text("Anda dipanggil pukul 08.03.").wait_for()
        photograph(page, "call-360")
        page.get_by_role("button", name="Jawab: saya di sini").click()
        page.get_by_text("Panggilan 08.03").wait_for()
        assert page.get_by_role("button", name="Jawab: saya di sini").count() == 0
    assert [row["failure"] for row in stored(engine)] == ["answer"]


def test_a_refusal_of_the_server_keeps_the_check_in_on_the_phone(
    chromium: Any, page_address: tuple[Engine, str]
) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE, geolocation=PLACE, permissions=["geolocation"]) as context:
        page = context.new_page()
        page.goto(address)
        answers = iter([429, 503])

        def refuse(route: Any) -> None:
            status = next(answers, 0) if route.request.method == "POST" else 0
            route.fulfill(status=status, body="later") if status else route.continue_()

        context.route("**/*", refuse)
        page.get_by_role("button", name="Saya di sini").click()
        page.get_by_text("Belum terkirim (1).").wait_for()
        for _ in range(2):
            page.evaluate("dispatchEvent(new Event('online'))")
            page.wait_for_timeout(200)
        page.get_by_text("Tercatat pukul").wait_for()
    assert len(stored(engine)) == 1


def test_the_page_links_telegram_without_javascript(chromium: Any, page_address: tuple[Engine, str]) -> None:
    _, address = page_address
    with chromium.new_context(**PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}?lang=en")
        page.get_by_text("Telegram", exact=True).click()
        page.get_by_role("button", name="Make a code").click()
        code = page.locator("#code").inner_text().removeprefix("/start ")
        assert page.get_by_role("link", name="Open the bot and link").get_attribute("href") == (
            f"https://t.me/gilir_bot?start={code}"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        photograph(page, "telegram-360")


@pytest.mark.parametrize(
    ("code", "told", "stored_as"),
    [(2, "Lokasi tidak ditemukan.", "unavailable"), (3, "Lokasi terlalu lama dicari.", "timeout")],
)
def test_a_place_that_is_not_found_is_told_and_its_cause_is_kept_with_the_reason(
    chromium: Any, page_address: tuple[Engine, str], code: int, told: str, stored_as: str
) -> None:
    engine, address = page_address
    with chromium.new_context(**PHONE) as context:
        refuse = f"(found, failed) => failed({{code: {code}}})"
        context.add_init_script(f"navigator.geolocation.getCurrentPosition = {refuse};")
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Saya di sini").click()
        page.get_by_text(told).wait_for()
        page.get_by_label("Alasan bila lokasi tidak dapat dikirim").fill("di dalam gedung")
        page.get_by_role("button", name="Kirim tanpa lokasi").click()
        page.get_by_text("Tercatat pukul").wait_for()
    assert [(row["failure"], row["reason"]) for row in stored(engine)] == [(stored_as, "di dalam gedung")]
