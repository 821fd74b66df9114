"""The check-in page in Chromium at the width of a phone, with a set location: by tap, refused, and without a network."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from scheduler.server import tokens
from scheduler.server.app import make_app
from scheduler.server.database import open_database, writing
from scheduler.server.running import listen
from scheduler.server.store import publish
from tests.server.published import BUDI, MORNING, publication, sqlite
from tests.tools import require

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "id-ID", "timezone_id": "Asia/Makassar"}
PLACE = {"latitude": -2.5512, "longitude": 120.3245, "accuracy": 14}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    program = require("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page_address(tmp_path: Path) -> Iterator[tuple[Engine, str]]:
    """A real server on loopback whose clock stands at a home day's morning, and Budi's link on it."""
    import uvicorn

    engine = open_database(sqlite(tmp_path))
    with writing(engine) as connection:
        publish(connection, publication(), 1_627_000_000)
        row = next(r for r in tokens.subjects(connection) if r["key"] == BUDI)
        token = tokens.make(connection, [row["id"]], ["checkin"], 1)[0].token
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(make_app(engine, lambda: MORNING + 30), log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield engine, f"http://127.0.0.1:{listening.getsockname()[1]}/checkin/{token}"
    server.should_exit = True
    thread.join()
    engine.dispose()


def stored(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM checkin ORDER BY id")).mappings())


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
        assert page.locator("#seen li").inner_text().split("\n") == ["08.03", "lokasi ± 14 m"]
        assert faults == []
        if folder := os.environ.get("GILIRAN_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / "checkin-360.png", full_page=True)
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
    (row,) = stored(engine)
    assert (row["latitude"], row["reason"]) == (None, "no GPS")


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
