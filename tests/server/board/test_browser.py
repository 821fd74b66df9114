"""The board in Chromium, as heads and admins use it: real sessions, real worker processes, and axe on every page."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.server.board import jobs
from scheduler.server.board.runner import Runner
from scheduler.server.board.worker import carry_out
from scheduler.server.serving.running import listen
from scheduler.server.web.app import make_app
from tests.server.board.boards import DAY, PASSWORDS, Board, board_on, copy_of
from tests.server.board.test_today import later, people_at_home, send
from tests.server.published import sqlite
from tests.tools import require_package

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SERIOUS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120) + " " + (n.any[0]?.message || "")).join(" | "));
}"""


@pytest.fixture(scope="module")
def served(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Board, str]]:
    """A real server on loopback; previews and periods are made in processes of their own, the rest at once."""
    import uvicorn

    put = Runner.put

    def put_or_do(self: Runner, job: int) -> None:
        with self._engine.connect() as connection:
            row = jobs.read(connection, job)
        if row is not None and row["kind"] in ("preview", "generate") and row["file"] is None:
            put(self, job)
        else:
            carry_out(self._engine, job, self._clock)

    folder = copy_of(template, tmp_path_factory.mktemp("browser"))
    with pytest.MonkeyPatch.context() as patch, board_on(sqlite(folder), folder) as board:
        patch.setattr(Runner, "put", put_or_do)
        listening = listen("127.0.0.1", 0)
        server = uvicorn.Server(
            uvicorn.Config(make_app(board.engine, lambda: board.now), log_config=None, access_log=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield board, f"http://127.0.0.1:{listening.getsockname()[1]}/board"
        server.should_exit = True
        thread.join()


def enter(page: Any, base: str, name: str) -> None:
    page.goto(f"{base}/sign-in")
    page.get_by_label("Nama akun").fill(name)
    page.get_by_label("Sandi", exact=True).fill(PASSWORDS[name])
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def faults_of(page: Any) -> list[str]:
    faults: list[str] = []
    page.on(
        "console",
        lambda message: faults.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


def test_a_head_signs_in_sees_today_swaps_by_keyboard_and_uploads_a_faulty_file(
    chromium: Any, served: tuple[Board, str], tmp_path: Path
) -> None:
    board, base = served
    board.as_("kepala")
    home, partner = board.opposite()
    send(board, people_at_home(board)[0], "08:03")
    with chromium.new_context(viewport=PHONE, locale="id-ID") as context:
        page = context.new_page()
        faults = faults_of(page)
        enter(page, base, "kepala")
        assert page.url == f"{base}/units/{board.unit()}"  # a head of one unit lands there
        page.get_by_text("08.00 tepat waktu").wait_for()
        page.get_by_role("link", name="Jadwal").click()
        cells = page.locator("table.grid tbody tr").first.locator("a")
        cells.first.press("ArrowRight")
        assert cells.nth(1).evaluate("one => one === document.activeElement")
        page.locator(f'a[href*="person={home}"][href*="day={DAY}"]').press("Enter")
        page.get_by_role("heading", name="Tukar tempat dengan…").wait_for()
        page.locator(f'input[name=partner][value="{partner}"]').press("Space")
        page.keyboard.press("Enter")
        page.get_by_text("hari-orang berubah untuk").wait_for(timeout=60_000)
        assert page.get_by_text("bertukar dengan").count() == 2
        assert board.numbers().count(2) == 0
        page.get_by_role("button", name="Terbitkan perubahan ini").press("Enter")
        page.get_by_text("Revisi 2 terbit.").wait_for(timeout=60_000)
        assert board.status(home) == "office"

        page.goto(f"{base}/units/{board.unit()}/uploads")
        table = tmp_path / "cuti.csv"
        table.write_text("NIP,Dari,Sampai,Jenis\n123,2021-08-05,2021-08-06,cuti\n", encoding="utf-8")
        page.locator("#absences").set_input_files(table)
        page.get_by_role("button", name="Periksa dan lihat perubahannya").first.click()
        page.get_by_text("orang ini tidak ada dalam daftar pegawai").wait_for(timeout=60_000)
        row = page.locator(".faults tbody tr").inner_text()
        assert "cuti.csv" in row
        assert "123" in row
        assert faults == []


def test_an_admin_makes_the_next_period_without_javascript_too(
    chromium: Any, served: tuple[Board, str]
) -> None:
    board, base = served
    with chromium.new_context(viewport=DESK, locale="id-ID", java_script_enabled=False) as context:
        page = context.new_page()
        enter(page, base, "admin")
        page.goto(f"{base}/scenarios/{board.scenario()}")
        page.get_by_role("button", name="Susun periode berikutnya").click()
        page.get_by_text("belum terbit").wait_for(timeout=60_000)
        page.get_by_role("button", name="Terbitkan").click()
        page.get_by_text("terbit ke kalender").wait_for(timeout=60_000)
        page.goto(f"{base}/units/{board.unit()}/week?day=2021-08-16")
        assert page.locator(".grid tbody tr").count() == 4


def test_axe_finds_nothing_serious_on_any_page_in_either_language_and_width(
    chromium: Any, served: tuple[Board, str]
) -> None:
    board, base = served
    axe = require_package("axe-core") / "axe.min.js"
    later(board, "10:00").as_("admin")
    unit, scenario = f"/units/{board.unit()}", f"/scenarios/{board.scenario()}"
    home = people_at_home(board, DAY)[0]
    numbers = [row["id"] for row in board.all("SELECT id FROM board_job ORDER BY id")] or [1]
    pages = [
        "?all=1", unit, f"{unit}/week", f"{unit}/pictures", f"{unit}/change?person={home}&day={DAY}", f"{unit}/uploads",
        f"{unit}/week?day={DAY}&revision=1", f"{unit}/downloads", scenario, "/audit", "/password", "/units/0", *(f"/jobs/{job}" for job in numbers),
    ]  # fmt: skip
    found: list[str] = []
    with chromium.new_context(locale="id-ID", bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{base}/sign-in")
        page.add_script_tag(path=axe)
        found += page.evaluate(SERIOUS)
        enter(page, base, "admin")
        for number, path in enumerate(pages):
            for language, scheme, size in (("id", "light", PHONE), ("en", "dark", DESK)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size(size)
                join = "&" if "?" in path else "?"
                page.goto(f"{base}{path}{join}lang={language}")
                assert page.locator("html").get_attribute("lang") == language
                page.add_script_tag(path=axe)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= size["width"], (path, size)
                found += [f"{path} {language} {size['width']}: {text}" for text in page.evaluate(SERIOUS)]
                if folder := os.environ.get("GILIRAN_SCREENSHOTS"):
                    name = f"board-{number:02}-{language}-{size['width']}.png"
                    page.screenshot(path=Path(folder) / name, full_page=True)
        page.evaluate("document.querySelector('main').append(document.createElement('input'))")
        assert page.evaluate(SERIOUS) != []  # it would tell
    assert found == []
