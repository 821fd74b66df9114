"""Today at a glance and the pictures: judged like `giliran checkins`, and by indexes however much is stored."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import event

from scheduler.cli.main import group
from scheduler.server.links import tokens
from scheduler.server.phone.arrivals import Checkin, store
from scheduler.server.store.database import writing
from tests.server.board.boards import Board

ZONE = ZoneInfo("Asia/Makassar")
TODAY = date(2021, 8, 3)


def at(clock: str, day: date = TODAY) -> float:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE).timestamp()


def send(board: Board, person: str, *clocks: str, day: date = TODAY) -> None:
    """Store check-ins as the phone's page does."""
    with writing(board.engine) as connection:
        mine = [row for row in tokens.subjects(connection, "kantor") if row["key"] == person]
        for clock in clocks:
            ms = int(at(clock, day) * 1000)
            arrival = Checkin(
                client_id=f"{person}-{day}-{clock}",
                taken_at=ms,
                sent_at=ms,
                latitude=-2.55,
                longitude=120.3,
                accuracy=9,
            )
            store(connection, [(mine[0]["id"], arrival)], ms)


def later(board: Board, clock: str, day: date = TODAY) -> Board:
    """Move the clock; sessions have ended by then."""
    board.now = at(clock, day)
    board.secrets.clear()
    return board


def people_at_home(board: Board, day: date = TODAY) -> list[str]:
    rows = board.all(
        "SELECT key FROM person_day JOIN subject ON subject.id = subject_id "
        "WHERE day = :day AND status = 'home' AND person_day.unit = 'Dinas Satu' ORDER BY subject_id",
        day=day.isoformat(),
    )
    return [row["key"] for row in rows]


def marks(board: Board, path: str = "") -> list[tuple[str, str]]:
    """The verdicts on the page's list of who is at home, as (class, words)."""
    import re

    page = board.get(f"/units/{board.unit()}{path}").text
    section = page.split("<h2>Di rumah", 1)[1].split("</section>", 1)[0]
    found = re.findall(r'<li class="v-(\w+)"[^>]*>(.*?)</li>', section, re.S)
    return [(verdict, " ".join(re.sub(r"<[^>]+>", "", words).split())) for verdict, words in found]


def test_who_is_on_time_late_missing_or_not_due_yet_is_shown_for_each_checkpoint(any_board: Board) -> None:
    board = any_board.as_("pantau")
    first, second = people_at_home(board)
    send(board, first, "08:03")
    send(board, second, "08:40")
    assert marks(board) == [
        ("on_time", "08.00 tepat waktu · 08.03"), ("waiting", "11.00 belum waktunya"),
        ("late", "08.00 terlambat · 08.40"), ("waiting", "11.00 belum waktunya"),
    ]  # fmt: skip
    send(board, first, "11:20")
    later(board, "12:30").as_("pantau")
    assert [verdict for verdict, _ in marks(board)] == ["on_time", "on_time", "late", "missing"]
    page = board.get(f"/units/{board.unit()}").text
    assert "<b>1</b> presensi terlambat" in page
    assert "<b>1</b> presensi tidak ada" in page
    assert "Perlu perhatian" in page
    overview = board.as_("admin").get("?all=1").text
    row = overview.split("Dinas Satu</a>", 1)[1].split("</tr>", 1)[0]
    assert 'warned" data-name="Terlambat">1<' in row
    assert 'missed" data-name="Nihil">1<' in row


def test_nobody_is_missing_where_nobody_could_check_in(board: Board) -> None:
    later(board, "12:30").as_("pantau")
    assert {verdict for verdict, _ in marks(board)} == {"unprovable"}
    with writing(board.engine) as connection:
        rows = [row["id"] for row in tokens.subjects(connection, "kantor") if row["kind"] == "person"]
        tokens.make(connection, rows, ["checkin"], int(at("07:00")))
    assert {verdict for verdict, _ in marks(board)} == {"missing"}
    assert {verdict for verdict, _ in marks(board, "?day=2021-08-02")} == {
        "unprovable"
    }  # before there was a link


def test_the_verdicts_are_those_of_the_checkins_command(board: Board) -> None:
    board.as_("kepala")
    for day in (2, 3, 4, 5):
        for number, person in enumerate(people_at_home(board, date(2021, 8, day))):
            send(board, person, ("08:02", "08:50")[number % 2], day=date(2021, 8, day))
    found = (
        later(board, "09:00", date(2021, 8, 16))
        .as_("kepala")
        .get(f"/units/{board.unit()}/files/attendance.csv?day=2021-08-13")
        .text
    )
    order = ["checkins", str(board.output), "--database", str(board.engine.url), "--unit", "Dinas Satu"]
    result = CliRunner().invoke(group, order)
    assert result.exit_code == 0, result.output
    written = (board.output / "checkins" / "checkins.csv").read_text("utf-8")

    def verdicts(text: str) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {
            (row["date"], row["person_id"], row["checkpoint"]): (row["verdict"], row["seen_at"], row["grade"])
            for row in csv.DictReader(StringIO(text))
        }

    shown, judged = verdicts(found), verdicts(written)
    seen = [v for v in judged.values() if v[0] in ("on_time", "late")]
    assert len(seen) == 8
    assert {k: v for k, v in shown.items() if v in seen} == {k: v for k, v in judged.items() if v in seen}
    # The command cannot know that the page is there on days on which nobody sent anything; the board can.
    assert {v[0] for k, v in shown.items() if judged[k] != v} <= {"missing"}
    assert set(shown) == set(judged)


def test_every_query_of_the_pages_goes_by_an_index(board: Board) -> None:
    seen: list[tuple[str, object]] = []

    @event.listens_for(board.engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, parameters: object, ___: object, ____: object) -> None:
        if "checkin" in statement or "person_day" in statement:
            seen.append((statement, parameters))

    board.as_("admin").get("?all=1")
    for path in ("", "/week", "/pictures"):
        assert board.get(f"/units/{board.unit()}{path}").status_code == 200
    event.remove(board.engine, "before_cursor_execute", note)
    assert any("FROM checkin" in statement for statement, _ in seen)
    for statement, parameters in seen:
        plan = [
            row[3]
            for row in board.engine.raw_connection().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
        scans = [
            step for step in plan if step.startswith("SCAN") and ("checkin" in step or "person_day" in step)
        ]
        assert scans == [], statement


def test_where_the_folder_is_gone_the_roster_is_still_shown_and_the_rest_said(board: Board) -> None:
    board.as_("kepala")
    board.output.rename(board.output.with_name("moved"))
    page = board.get(f"/units/{board.unit()}").text
    assert "Ani Lestari" in page
    assert "tidak dinilai" in page
    assert "folder keluarannya tidak ada" in board.get(f"/units/{board.unit()}/change").text
    assert "tidak dapat dibuat" in board.get(f"/units/{board.unit()}/pictures").text
    fields = {"person": people_at_home(board)[0], "day": "2021-08-05", "partner": "x"}
    assert board.post(f"/units/{board.unit()}/swap", fields).status_code == 422


def test_pictures_have_their_numbers_in_tables(board: Board) -> None:
    later(board, "12:30").as_("pantau")
    send(board, people_at_home(board)[0], "08:03")
    page = board.get(f"/units/{board.unit()}/pictures?lang=en").text
    assert page.count("<svg") == page.count('role="img"') == page.count("<title id=") == 2
    assert '<th scope="row">Ani Lestari</th>' in page
    assert "The numbers by day" in page


def test_odd_days_in_the_address_break_nothing(board: Board) -> None:
    board.as_("kepala")
    for day in ("x", "9999-12-31", "0001-01-01", "1900-01-01"):
        for path in ("", "/week", "/pictures", "/downloads", "/change"):
            assert board.get(f"/units/{board.unit()}{path}?day={day}&person=x").status_code == 200, (
                path,
                day,
            )


def office_on(board: Board, offices: Any = None) -> tuple[Any, Any, Any]:
    """Return the revision that holds today, its folder as it was read, and the rows of Dinas Satu."""
    from scheduler.server.board.folders import Offices, revision_on
    from scheduler.server.board.roster_days import unit_rows

    with board.engine.connect() as connection:
        revision = revision_on(connection, board.scenario(), TODAY.isoformat())
        assert revision is not None
        rows = unit_rows(connection, "Dinas Satu", [(revision["id"], TODAY)])
    return revision, (offices or Offices(board.engine)).need(revision), rows


def test_activities_and_accepted_outings_reach_the_validator_too(board: Board) -> None:
    from scheduler.server.board import judging

    at_ms = int(at("09:00") * 1000)
    board.as_("kepala").get(f"/units/{board.unit()}/downloads")
    with writing(board.engine) as connection:
        subject = connection.exec_driver_sql(
            "SELECT id FROM subject WHERE name = 'Ani Lestari' AND scenario_id = 1"
        ).scalar()
        connection.exec_driver_sql(
            "INSERT INTO activity (subject_id, client_id, received_at, taken_at, sent_at, happened_at, day, target, activity) "
            "VALUES (?, 'a', ?, ?, ?, ?, '2021-08-03', 'Laporan', 'x')",
            (subject, at_ms, at_ms, at_ms, at_ms),
        )
        connection.exec_driver_sql(
            "INSERT INTO permit_request (subject_id, client_id, received_at, first_day, last_day, kind, reason, decision) "
            "VALUES (?, 'p', ?, '2021-08-03', '2021-08-04', 'outing', '', 'accepted')",
            (subject, at_ms),
        )
    _, office, rows = office_on(board)
    with board.engine.connect() as connection:
        found = list(judging._evidence(connection, office, rows, [TODAY]))
        permits = judging._permits(connection, office, rows)
    assert [(item.kind, item.day) for item in found] == [("activity", TODAY)]
    assert permits == {"198001012005012001": [(TODAY, date(2021, 8, 4))]}


def test_permits_and_links_of_a_unit_with_more_people_than_one_query_takes_all_count(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler.server.board import judging

    monkeypatch.setattr(judging, "AT_ONCE", 1)
    with writing(board.engine) as connection:
        people = [row for row in tokens.subjects(connection, "kantor") if row["unit"] == "Dinas Satu"]
        last = [row["id"] for row in people if row["kind"] == "person"][-1]
        tokens.make(connection, [last], ["checkin"], int(at("07:00")))
        connection.exec_driver_sql(
            "INSERT INTO permit_request (subject_id, client_id, received_at, first_day, last_day, kind, reason, decision) "
            "VALUES (?, 'p', 1, '2021-08-03', '2021-08-03', 'outing', '', 'accepted')",
            (last,),
        )
    _, office, rows = office_on(board)
    with board.engine.connect() as connection:
        permits = judging._permits(connection, office, rows)
        findings = judging.judge(connection, office, "Dinas Satu", rows, [TODAY], at("12:30"))
    assert list(permits.values()) == [[(TODAY, TODAY)]]
    told = {v.verdict for v in findings.verdicts()} - {"not_required"}
    assert told == {"excused", "missing"}  # by the permit, and not unprovable: one of them has a link


def test_a_late_sign_of_the_next_morning_counts_for_a_window_that_reaches_over_midnight(board: Board) -> None:
    from dataclasses import replace

    from scheduler.checkins.policy import parse_settings
    from scheduler.server.board import judging

    send(board, people_at_home(board)[0], "07:30", day=date(2021, 8, 4))
    _, office, rows = office_on(board)
    point = {"at": ["22:00"], "after_minutes": 30, "late_minutes": 720, "required_on": ["home"]}
    office = replace(office, settings=parse_settings({"point": [point]}))
    with board.engine.connect() as connection:
        findings = judging.judge(
            connection, office, "Dinas Satu", rows, [TODAY], at("12:30", date(2021, 8, 4))
        )
    assert [v.verdict for v in findings.verdicts() if v.seen_at is not None] == ["late"]


def test_a_permit_put_into_the_scenario_folder_is_known_without_a_restart(board: Board) -> None:
    from scheduler.server.board.folders import Offices

    offices = Offices(board.engine)
    revision, office, _ = office_on(board, offices)
    assert offices.need(revision) is office
    table = (office.scenario or office.kept.order.scenario) / "travel_permits.csv"
    table.write_text("person_id,from,to,place\nAni Lestari,2021-08-03,2021-08-04,Palopo\n", encoding="utf-8")
    assert list(offices.need(revision).permits.values()) == [[(TODAY, date(2021, 8, 4))]]
    assert offices.need(revision) is offices.need(revision)


def test_what_is_published_is_read_before_anybody_asks(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    from scheduler.server.board import folders
    from scheduler.server.board.warming import Warmer
    from scheduler.server.store.changes import count_change

    offices = folders.Offices(board.engine)
    warmer = Warmer(board.engine, offices, lambda: board.now)
    assert (warmer.look(), warmer.look()) == (1, 0)
    with writing(board.engine) as connection:
        count_change(connection)
    monkeypatch.setattr(folders, "_read", lambda *_: pytest.fail("it is in memory"))
    assert warmer.look() == 1
    with board.engine.connect() as connection:
        revision = folders.revision_on(connection, board.scenario(), TODAY.isoformat())
    assert offices.need(revision).unit("Dinas Satu") is not None
    board.now += 90 * 86_400
    later = Warmer(board.engine, folders.Offices(board.engine), lambda: board.now)
    assert later.look() == 0, "nobody opens what is over"
