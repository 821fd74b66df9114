"""Makes the pictures of the README from a roster made here and now: python docs/make_pictures.py.

Needs the `[test]` extra, Chromium, LibreOffice and poppler (`pdftoppm`). What the server shows is a roster of this week and
the next, weekends included, that asks for a location by the app about now.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SCENARIO = ROOT / "rosters" / "luwu-utara"
UNIT = "BKPSDM"
ZONE = ZoneInfo("Asia/Makassar")
SOON = timedelta(minutes=5)
CHECKED_IN = 0.7
"""The part of those at home who send where they are."""

PORT = 8765
NAME, PASSWORD = "kepala", "kata sandi untuk gambar"
WORKBOOK_DPI = 80


def main() -> None:
    """Make every picture; stop at the first that cannot be made."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        show_workbook(folder)
        show_screens(folder)


def giliran(*words: object, given: str = "") -> dict[str, Any]:
    """Run a command of giliran and return what it tells machines."""
    command = [sys.executable, "-m", "scheduler", *map(str, words), "--json", "--lang", "id"]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
    return found


def show_workbook(folder: Path) -> None:
    """Print the first page of a unit's workbook."""
    output = folder / "letter"
    giliran("generate", SCENARIO, "--out", output, "--unit", UNIT)
    (workbook,) = (output / "units").glob("*.xlsx")
    office = shutil.which("soffice") or "soffice"
    subprocess.run(
        [office, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook)],
        check=True,
        capture_output=True,
    )
    target = PICTURES / "workbook"
    pdf = folder / f"{workbook.stem}.pdf"
    command = ["pdftoppm", "-png", "-singlefile", "-f", "1", "-l", "1", "-r", str(WORKBOOK_DPI), str(pdf)]
    subprocess.run([*command, str(target)], check=True)


def make_present(folder: Path) -> tuple[Path, Path]:
    """Return a scenario that asks for the app about now, and its output around today."""
    scenario = shutil.copytree(SCENARIO, folder / "luwu-utara")
    policy, now = scenario / "policy.toml", datetime.now(ZONE)
    text = policy.read_text(encoding="utf-8")
    for old, new in (
        ('at = ["08:00", "11:00", "14:00", "16:00"]', f'at = ["{now + SOON:%H:%M}"]'),
        ("within_metres = 500", "# within_metres = 500"),
        ('channel = "whatsapp"', 'channel = "app"'),
    ):
        if old not in text:
            raise SystemExit(f"{policy} has no {old}")
        text = text.replace(old, new)
    policy.write_text(text, encoding="utf-8")
    first, output = now.date() - timedelta(days=now.weekday()), folder / "present"
    giliran(
        "generate", scenario, "--out", output, "--from", first, "--to", first + timedelta(days=13),
        "--set", "period.workdays=mon-sun",
    )  # fmt: skip
    return scenario, output


def show_screens(folder: Path) -> None:
    """Photograph the phone's page and the board."""
    from playwright.sync_api import sync_playwright

    scenario, output = make_present(folder)
    database = f"sqlite:///{(folder / 'giliran.db').as_posix()}"
    giliran("publish", output, "--database", database, "--scenario", scenario)
    made = giliran(
        "tokens", "make", "--database", database, "--unit", UNIT, "--purpose", "checkin",
        "--url", f"http://127.0.0.1:{PORT}",
    )  # fmt: skip
    giliran(
        "users", "add", NAME, "--role", "admin", "--password-stdin", "--database", database,
        given=PASSWORD + "\n",
    )  # fmt: skip
    with serving(database), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        show_phones(browser, [link["link"] for link in made["links"]])
        show_board(browser)
        browser.close()


@contextmanager
def serving(database: str) -> Iterator[None]:
    """A server for as long as the pictures take."""
    command = [sys.executable, "-m", "scheduler", "serve", "--database", database, "--port", str(PORT), "--lang", "id"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(8)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def show_phones(browser: Browser, links: list[str]) -> None:
    """Check in for most of those at home, and photograph the first of them before and the page after."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640},
        locale="id-ID",
        geolocation={"latitude": -2.5537, "longitude": 120.3312, "accuracy": 12},
        permissions=["geolocation"],
        device_scale_factor=1.5,
        service_workers="block",
    )
    page, shown, seen = context.new_page(), False, 0
    for link in links:
        page.goto(link)
        if "WFH" not in page.inner_text("#today"):
            continue
        seen += 1
        if seen % 10 >= 10 * CHECKED_IN:
            continue
        page.get_by_role("button").first.click()
        page.wait_for_load_state("networkidle")
        if not shown:
            page.wait_for_timeout(1500)
            page.screenshot(path=PICTURES / "phone.png")
            shown = True
    context.close()


def show_board(browser: Browser) -> None:
    """Photograph today and the week of one unit on the board."""
    context = browser.new_context(viewport={"width": 1100, "height": 760}, locale="id-ID")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{PORT}/board")
    page.fill("input[name=name]", NAME)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name=UNIT).first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "board-today.png")
    page.get_by_role("link", name="Jadwal").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "board-week.png")
    context.close()


if __name__ == "__main__":
    main()
