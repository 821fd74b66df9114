"""From a scenario folder to phones and calendars and back to verdicts, by the commands that people type."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from scheduler.checkins import place
from scheduler.errors import UsageError
from scheduler.server.publishing.publication import read_publication
from scheduler.server.store.database import connect
from tests.running import ROSTERS, giliran
from tests.scenarios import person, write_scenario
from tests.server.offices import RULES
from tests.server.published import WITA, server_on, sqlite

DAY = "2021-07-28"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario whose check-ins may come from anywhere, and the roster of one of its offices."""
    folder = tmp_path_factory.mktemp("end-to-end")
    shutil.copytree(ROSTERS / "luwu-utara", folder / "luwu-utara")
    policy = folder / "luwu-utara" / "policy.toml"
    policy.write_text(policy.read_text().replace('channel = "whatsapp"', 'channel = "any"'))
    ran = giliran(
        "generate",
        folder / "luwu-utara",
        "--unit",
        "BKPSDM",
        "--out",
        folder / "out" / "2021-07-28_2021-08-05",
    )
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy")) / "out"


def lines(folder: Path) -> list[dict[str, str]]:
    with (folder / "2021-07-28_2021-08-05" / "roster.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def links(url: str, *words: object) -> list[dict[str, Any]]:
    ran = giliran("tokens", "make", "--database", url, "--url", "http://testserver", "--json", *words)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = json.loads(ran.out)["links"]
    return found


def test_a_roster_is_published_replanned_and_published_again(folder: Path, tmp_path: Path) -> None:
    url, scenario = sqlite(tmp_path), folder.parent / "luwu-utara"
    ran = giliran("publish", folder, "--database", url, "--scenario", scenario, "--lang", "en")
    assert (ran.code, "published revision 1" in ran.out) == (0, True), ran.err
    home = next(line for line in lines(folder) if line["date"] == "2021-08-04" and line["status"] == "home")
    made = [
        link
        for link in links(url, "--person", home["person_id"], "--purpose", "feed")
        if link["kind"] == "person"
    ]
    assert [one["webcal"] for one in made] == [made[0]["link"].replace("http:", "webcal:")]
    with server_on(url) as server:
        first = server.client.get(made[0]["link"])
        replanned = giliran(
            "replan",
            folder,
            "--as-of",
            "2021-08-03",
            "--absent",
            f"{home['person_id']}:4/8/2021=leave",
            "--scenario",
            scenario,
        )
        assert replanned.code == 0, replanned.err
        again = giliran("publish", folder, "--database", url, "--scenario", scenario, "--json")
        assert json.loads(again.out)["published"][0]["revision"] == 2
        second = server.client.get(made[0]["link"], headers={"If-None-Match": first.headers["etag"]})
    before, after = (
        {str(e["UID"]): e for e in Calendar.from_ical(r.content).walk("VEVENT") if len(e["UID"]) == 40}
        for r in (first, second)
    )
    assert before.keys() == after.keys()
    changed = {uid for uid in before if before[uid]["SUMMARY"] != after[uid]["SUMMARY"]}
    assert changed
    assert all(after[uid]["SEQUENCE"] == 1 for uid in changed)
    older = folder / "2021-07-28_2021-08-05" / "revisions" / "1"
    refused = giliran("publish", older, "--database", url, "--scenario", scenario, "--lang", "en")
    assert refused.code == 2
    assert "--force" in refused.err


def test_a_check_in_by_phone_becomes_a_verdict_of_grade_app(folder: Path, tmp_path: Path) -> None:
    url, scenario = sqlite(tmp_path), folder.parent / "luwu-utara"
    nobody = giliran("checkins", folder, "--database", url, "--scenario", scenario, "--until", DAY)
    assert nobody.code == 0, nobody.err
    assert giliran("publish", folder, "--database", url, "--scenario", scenario).code == 0
    home = next(
        line["person_id"] for line in lines(folder) if line["date"] == DAY and line["status"] == "home"
    )
    (link,) = links(url, "--person", home, "--purpose", "checkin")
    eight, ten = (datetime(2021, 7, 28, hour, 5, tzinfo=WITA).timestamp() for hour in (8, 10))
    with server_on(url) as server:
        server.now = eight
        clocks = {"taken_at": int(eight * 1000), "sent_at": int(eight * 1000)}
        body = {"client_id": "eight-o-clock", "latitude": -2.5, "longitude": 120.3, "accuracy": 9, **clocks}
        assert server.client.post(link["link"], json=body).json()["stored"]
        server.now = ten
        late = {
            "client_id": "held-back-since",
            "reason": "sinyal",
            "taken_at": int(ten * 1000) - 900_000,
            "sent_at": int(ten * 1000),
        }
        assert server.client.post(link["link"], json=late).json()["stored"]
    ran = giliran("checkins", folder, "--database", url, "--scenario", scenario, "--until", DAY)
    assert ran.code == 0, ran.err
    with (folder / "2021-07-28_2021-08-05" / "checkins" / "checkins.csv").open(encoding="utf-8") as file:
        mine = {row["checkpoint"]: row for row in csv.DictReader(file) if row["person_id"] == home}
    assert (mine["08:00"]["verdict"], mine["08:00"]["grade"]) == ("on_time", "app")
    assert mine["08:00"]["seen_at"].startswith("2021-07-28T08:05")
    report = folder / "2021-07-28_2021-08-05" / "checkins" / "checkins.csv"
    before = report.read_bytes()
    with connect(url).connect() as connection:
        kept = connection.exec_driver_sql("SELECT latitude, longitude FROM checkin").all()
    assert set(kept) == {(None, None)}, "judged, the period's places are forgotten"
    assert giliran("checkins", folder, "--database", url, "--scenario", scenario, "--until", DAY).code == 0
    assert report.read_bytes() == before
    assert giliran("purge", "--database", url).code == 0
    refused = giliran("checkins", folder, "--database", url, "--scenario", scenario, "--lang", "en")
    assert (refused.code, "deleted by the policy's retention" in refused.err) == (2, True)
    assert report.read_bytes() == before
    assert giliran("checkins", folder).code == 2
    assert giliran("checkins", folder, "--database", url, "--watch").code == 2


def test_sheets_are_private_and_links_are_shown_once(folder: Path, tmp_path: Path) -> None:
    url = sqlite(tmp_path)
    assert giliran("tokens", "--database", url).code == 2
    giliran("publish", folder, "--database", url, "--scenario", folder.parent / "luwu-utara")
    ran = giliran(
        "tokens", "make", "--database", url, "--sheets", tmp_path / "sheets", "--url", "https://x.go.id",
        "--lang", "en",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "stand on these sheets alone" in " ".join(ran.out.split())
    (sheet,) = (tmp_path / "sheets").iterdir()
    page = sheet.read_text("utf-8")
    assert sheet.stat().st_mode & 0o077 == 0
    people = len({line["person_id"] for line in lines(folder)})
    supervisors = page.count("https://x.go.id/feeds/supervisors/")
    assert page.count("<svg") == 2 * people + supervisors + 1
    assert supervisors > 2
    assert page.count("https://x.go.id/checkin/") == people
    assert links(url) == []
    again = giliran("tokens", "make", "--database", url, "--sheets", tmp_path / "more", "--lang", "en")
    assert "No sheet was written: everybody has links already" in " ".join(again.out.split())
    assert "–" not in json.dumps(json.loads(giliran("tokens", "--database", url, "--json").out))
    dump = "".join(connect(url).raw_connection().iterdump())  # type: ignore[attr-defined]
    assert not any(token in dump for token in re.findall(r"checkin/([\w-]{43})", page))
    assert giliran("tokens", "rotate", "--database", url).code == 2
    assert json.loads(giliran("tokens", "rotate", "--all", "--database", url, "--json").out)["links"]
    revoked = giliran("tokens", "revoke", "--unit", "BKPSDM", "--database", url, "--json")
    assert json.loads(revoked.out) == {"revoked": 2 * people + supervisors + 1}


def test_a_missing_key_and_a_missing_calendar_are_said(folder: Path, tmp_path: Path) -> None:
    url, scenario = sqlite(tmp_path), folder.parent / "luwu-utara"
    next((folder / "2021-07-28_2021-08-05" / "calendars" / "people").iterdir()).unlink()
    ran = giliran("publish", folder, "--database", url, "--scenario", scenario, "--lang", "en")
    assert (ran.code, "the calendar of" in ran.err) == (3, True)
    (scenario / "calendar.key").unlink()
    (folder / "2021-07-28_2021-08-05" / "inputs" / "calendar.key").unlink()
    ran = giliran("publish", folder, "--database", url, "--scenario", scenario, "--lang", "en")
    assert (ran.code, "calendar key is not found" in ran.err) == (3, True)


def test_the_doctor_finds_what_is_good_and_what_is_not(tmp_path: Path) -> None:
    url = sqlite(tmp_path)
    absent = giliran("doctor", "--database", url, "--output", tmp_path, "--json")
    assert {f["about"]: f["state"] for f in json.loads(absent.out)}["database"] == "doubtful"
    assert not (tmp_path / "giliran.db").exists()
    with server_on(url):
        pass
    (tmp_path / "x" / ".2021-07-28_2021-08-05.new").mkdir(parents=True)
    found = {
        f["about"]: f["state"]
        for f in json.loads(giliran("doctor", "--database", url, "--output", tmp_path, "--json").out)
    }
    assert (found["database"], found["integrity"], found["leftovers"]) == ("good", "good", "doubtful")
    (tmp_path / "giliran.db").write_bytes(b"no database at all, but something else" * 100)
    spoilt = giliran("doctor", "--database", url, "--output", tmp_path, "--lang", "en")
    assert (spoilt.code, "✗ database" in spoilt.out) == (7, True)


def test_requests_are_listed_with_their_flag(folder: Path, tmp_path: Path) -> None:
    url = sqlite(tmp_path)
    giliran("publish", folder, "--database", url, "--scenario", folder.parent / "luwu-utara")
    person = lines(folder)[0]["person_id"]
    (link,) = links(url, "--person", person, "--purpose", "checkin")
    form = {
        "what": "permit",
        "client_id": "permit-1-abcdef",
        "from": "2021-08-02",
        "to": "2021-08-03",
        "kind": "permit",
        "reason": "keluarga",
    }
    with server_on(url) as server:
        assert server.client.post(link["link"], data=form).status_code == 303
    ran = giliran("requests", "--database", url)
    assert f"--absent '{person}:2021-08-02..2021-08-03=permit'" in ran.out


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`giliran serve` as a process of its own on a free port of this computer."""
    words = ["serve", "--port", "0", "--database", sqlite(tmp_path), "--lang", "en"]
    command = [sys.executable, "-u", "-m", "scheduler", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        yield process, re.findall(r"http://\S+\d", process.stdout.readline())[0]
        if process.poll() is None:
            process.kill()


def test_the_server_answers_logs_no_token_and_stops_gracefully(
    serving: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = serving
    with urllib.request.urlopen(f"{address}/healthz") as answer:
        assert json.load(answer)["status"] == "ok"
        assert answer.headers["x-content-type-options"] == "nosniff"
    for path in ("/feeds/people/s3cret-token.ics", "/checkin/s3cret-token", "/feeds/units/s3cret-token"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address + path)
    port = int(address.rpartition(":")[2])
    body = b'{"client_id": "x"}'
    with socket.create_connection(("127.0.0.1", port)) as under_way:
        head = f"POST /checkin/s3cret HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        under_way.sendall(head.encode() + b"\r\n\r\n" + body[:5])
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        under_way.sendall(body[5:])
        assert under_way.recv(12) == b"HTTP/1.1 404", "a request under way is answered"
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    found = [json.loads(line) for line in log.splitlines()]
    assert "s3cret" not in log
    assert [line["status"] for line in found if line["message"] == "request"] == [200, 404, 404, 404, 404]
    assert found[-1]["message"].startswith("Finished server process")


def test_a_policy_with_a_region_is_not_published_where_no_region_can_be_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = RULES + '[checkins.place]\nregion = "region.geojson"\n'
    scenario = write_scenario(tmp_path / "kantor", rules, [person(1)])
    corners = [[120.0, -3.0], [121.0, -3.0], [121.0, -2.0], [120.0, -3.0]]
    region = {"type": "Polygon", "coordinates": [corners]}
    (scenario / "region.geojson").write_text(json.dumps(region), encoding="utf-8")
    out = tmp_path / "out"
    assert giliran("generate", scenario, "--out", out).code == 0
    assert read_publication(out, scenario).number == 1
    monkeypatch.setattr(place, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="shapely"):
        read_publication(out, scenario)
