"""What is kept of people's places, and for how long: by the policy, in the server as in files."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from scheduler.checkins.evidence.phone_page import evidence_from
from scheduler.checkins.evidence.server_log import entries_of
from scheduler.checkins.place import Places, parse_region
from scheduler.server.board import audit
from scheduler.server.board.audit_retention import BY_ITSELF
from scheduler.server.judging.evidence import log_lines
from scheduler.server.judging.judged import forget_places
from scheduler.server.phone.arrivals import Checkin, PermitRequest, evidence_lines, store
from scheduler.server.store.database import writing
from scheduler.server.store.tables import TELEGRAM_MESSAGE
from scheduler.server.upkeep.retention import RETENTION_LOCK, purge
from tests.running import giliran
from tests.server.phones import sent, stored
from tests.server.published import BUDI, WITA, Server, publication, sqlite

LAST = date(2021, 8, 5)
HOME = (-2.55, 120.32)
SQUARE = {"type": "Polygon", "coordinates": [[[120.3, -2.6], [120.4, -2.6], [120.4, -2.5], [120.3, -2.5], [120.3, -2.6]]]}  # fmt: skip


def moment(day: str) -> float:
    return datetime.fromisoformat(f"{day}T08:03:00").replace(tzinfo=WITA).timestamp()


def keep(server: Server, subject: int, *days: str) -> None:
    with writing(server.engine) as connection:
        for day in days:
            at = int(moment(day) * 1000)
            store(
                connection,
                [(subject, Checkin(client_id=day, taken_at=at, sent_at=at, latitude=1, longitude=2))],
                at,
            )


def budis(server: Server) -> list[int]:
    with server.engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM subject WHERE key = :k ORDER BY id"), {"k": BUDI})
        return list(found.scalars())


def test_what_is_past_each_policys_retention_is_deleted_and_nothing_else(any_server: Server) -> None:
    any_server.publish(replace(publication(), retention_days=10))
    any_server.publish(replace(publication(key=b"another government's key"), retention_days=11))
    mine, theirs = budis(any_server)
    keep(any_server, mine, "2021-07-28", "2021-07-29", "2021-08-08")
    keep(any_server, theirs, "2021-07-27", "2021-07-28")
    asked = PermitRequest(
        client_id="r" * 9, first_day=date(2021, 7, 1), last_day=date(2021, 7, 2), kind="sick", reason="x"
    )
    with writing(any_server.engine) as connection:
        store(connection, [(mine, asked)], 1)
    now = moment("2021-08-08")
    counted = [(p.before, p.rows) for p in purge(any_server.engine, now, dry_run=True)]
    assert counted == [(date(2021, 7, 29), 2), (date(2021, 7, 28), 1)]
    assert len(stored(any_server)) == 5
    assert [p.rows for p in purge(any_server.engine, now)] == [2, 1]
    left = [(row["subject_id"], row["client_id"]) for row in stored(any_server)]
    assert left == [(mine, "2021-07-29"), (mine, "2021-08-08"), (theirs, "2021-07-28")]
    assert purge(any_server.engine, now) == []


def test_of_several_servers_one_purges_at_a_time(any_server: Server) -> None:
    any_server.publish(publication())
    keep(any_server, budis(any_server)[0], "2021-07-28")
    if any_server.engine.dialect.name == "postgresql":
        with any_server.engine.connect() as other:
            other.execute(text("SELECT pg_advisory_lock(:k)"), {"k": RETENTION_LOCK})
            assert purge(any_server.engine, moment("2022-01-01")) == []
            other.execute(text("SELECT pg_advisory_unlock(:k)"), {"k": RETENTION_LOCK})
    assert [p.rows for p in purge(any_server.engine, moment("2022-01-01"))] == [1]


def test_deleted_places_are_gone_from_the_file_too(server: Server, tmp_path: Path) -> None:
    server.publish(publication())
    mark = "a reason that nobody else gives"
    with writing(server.engine) as connection:
        entry = Checkin(client_id="c" * 9, taken_at=1, sent_at=1, reason=mark)
        store(connection, [(budis(server)[0], entry)], int(moment("2021-07-28") * 1000))
    assert purge(server.engine, moment("2022-01-01"))
    with server.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    assert mark.encode() not in (tmp_path / "giliran.db").read_bytes()


@pytest.mark.parametrize(("decimals", "kept"), [(None, (None, None)), (1, (-2.6, 120.3))])
def test_a_judged_period_keeps_the_distance_and_not_the_place(
    any_server: Server, decimals: int | None, kept: Any
) -> None:
    any_server.publish(replace(publication(), decimals=decimals))
    link = any_server.link(BUDI, "checkin")
    any_server.now = moment("2021-07-28")
    assert any_server.client.post(link, json=sent(latitude=-2.5512, longitude=120.3213)).json()["stored"]
    mark = publication().fingerprint
    soon, later = moment("2021-08-06"), moment("2021-08-08")
    homes = {BUDI: HOME}
    assert forget_places(any_server.engine, mark, LAST, homes, None, soon) == 0
    assert forget_places(any_server.engine, mark, LAST, homes, None, later) == 1
    assert forget_places(any_server.engine, mark, LAST, homes, None, later) == 0
    (row,) = stored(any_server)
    assert (row["latitude"], row["longitude"], row["distance_m"], row["accuracy"]) == (*kept, 196, 12.5)
    with any_server.engine.connect() as connection:
        (line,) = evidence_lines(connection, mark, date(2021, 7, 28), LAST)
    told = json.loads(line)
    assert "latitude" not in told
    found = evidence_from(1, json.loads(line))
    assert found is not None
    assert (found.kind, found.latitude, found.kept, found.accuracy) == ("position", None, (196, None), 12.5)


def test_what_is_kept_is_judged_as_the_place_itself_was(server: Server) -> None:
    server.publish(publication())
    chance = random.Random(7)
    region = parse_region(json.dumps(SQUARE))
    places = [
        (HOME[0] + chance.gauss(0, 0.04), HOME[1] + chance.gauss(0, 0.06), chance.choice([None, 0.0, 20.0, 900.0, 4e3]))
        for _ in range(200)
    ]  # fmt: skip
    subject = budis(server)[0]
    with writing(server.engine) as connection:
        for number, (latitude, longitude, accuracy) in enumerate(places):
            facts = {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}
            one = Checkin(client_id=f"number-{number:03}", taken_at=1, sent_at=1, **facts)
            store(connection, [(subject, one)], int(moment("2021-07-28") * 1000))
    assert forget_places(server.engine, publication().fingerprint, LAST, {BUDI: HOME}, region, 2e9) == 200
    judges = Places([HOME], region)
    seen = set()
    for place, row in zip(places, stored(server), strict=True):
        inside = None if row["in_region"] is None else bool(row["in_region"])
        for within in (None, 500):
            for ask_region in (False, True):
                asked: Any = {"within": within, "ask_region": ask_region}
                before = judges.judge(0, *place, **asked)
                after = judges.judge_again(row["distance_m"], inside, row["accuracy"], **asked)
                assert (after.problem, after.distance) == (before.problem, before.distance)
                seen.add(before.problem)
    assert seen == {"", "accuracy", "out_of_area"}


def test_places_that_came_by_telegram_are_forgotten_too_and_judged_as_before(any_server: Server) -> None:
    any_server.publish(publication())
    where = {"latitude": -2.5512, "longitude": 120.3213, "horizontal_accuracy": 30.0, "live_period": 28_800}
    at = int(moment("2021-07-28"))
    update = {"message": {"from": {"id": 7}, "date": at, "location": where}}
    row = {
        "bot": "1", "update_id": 1, "account": 7, "subject_id": budis(any_server)[0], "message": "1", "minute": 1,
        "is_edit": False, "at": at, "received_at": at * 1000, "content": json.dumps(update),
    }  # fmt: skip
    mark = publication().fingerprint
    with writing(any_server.engine) as connection:
        connection.execute(TELEGRAM_MESSAGE.insert(), row)
    assert forget_places(any_server.engine, mark, LAST, {BUDI: HOME}, None, 2e9) == 1
    assert forget_places(any_server.engine, mark, LAST, {BUDI: HOME}, None, 2e9) == 0
    with any_server.engine.connect() as connection:
        assert "-2.55" not in connection.execute(text("SELECT content FROM telegram_message")).scalar_one()
        (line,) = log_lines(connection, mark, date(2021, 7, 28), LAST)
    (found,) = entries_of(1, json.loads(line))
    assert (found.kind, found.grade, found.kept, found.accuracy) == ("position", "track", (196, None), 30.0)
    judged = Places([HOME], None).judge(0, -2.5512, 120.3213, 30.0, within=150, ask_region=False)
    again = Places([HOME], None).judge_again(196, None, 30.0, within=150, ask_region=False)
    assert (again.problem, again.distance) == (judged.problem, judged.distance)


def test_the_server_purges_when_it_starts(tmp_path: Path) -> None:
    from tests.server.published import server_on

    with server_on(sqlite(tmp_path)) as first:
        first.publish(publication())
        keep(first, budis(first)[0], "2021-07-28")
        assert len(stored(first)) == 1
    with server_on(sqlite(tmp_path), now=moment("2021-12-01")) as second:
        second.client.portal.call(second.client.app.state.upkeep.done)
        assert stored(second) == []


def test_purge_deletes_by_command_and_a_purged_period_is_not_judged_again(
    tmp_path: Path, server: Server
) -> None:
    server.publish(publication())
    keep(server, budis(server)[0], "2021-07-28")
    url = sqlite(tmp_path)
    tried = giliran("purge", "--database", url, "--today", "2021-09-01", "--dry-run", "--json")
    assert json.loads(tried.out)["database"][0]["rows"] == 1
    assert len(stored(server)) == 1
    done = giliran("purge", "--database", url, "--today", "2021-09-01", "--lang", "en")
    assert (done.code, "deleted 1 rows before 2021-08-02" in done.out) == (0, True)
    assert stored(server) == []
    assert giliran("purge").code == 2


def logged(server: Server, days_ago: int, scenario: int | None, count: int = 1) -> None:
    at = moment("2026-01-10") - days_ago * 86_400
    with writing(server.engine) as connection:
        for _ in range(count):
            audit.write(connection, audit.Note("kepala", "10.0.0.1", scenario), "sign-in", at)


def log_of(server: Server) -> list[tuple[str, int | None, str]]:
    with server.engine.connect() as connection:
        found = connection.execute(text("SELECT account, scenario_id, detail FROM board_audit ORDER BY id"))
        return [tuple(row) for row in found]  # type: ignore[misc]


def test_the_audit_log_is_pruned_later_than_evidence_and_says_so_itself(any_server: Server) -> None:
    any_server.publish(replace(publication(), retention_days=800))
    any_server.publish(replace(publication(key=b"another government's key"), retention_days=30))
    with any_server.engine.connect() as connection:
        mine, theirs = connection.execute(text("SELECT id FROM scenario ORDER BY id")).scalars()
    for scenario in (mine, theirs, None):
        logged(any_server, 731, scenario)
        logged(any_server, 729, scenario)
    logged(any_server, 801, mine)
    now, before = moment("2026-01-10"), log_of(any_server)
    tried = purge(any_server.engine, now, dry_run=True)
    assert [(one.what, one.rows) for one in tried] == [("audit", 1)] * 3
    assert log_of(any_server) == before
    assert purge(any_server.engine, now) == tried
    assert log_of(any_server)[4:] == [
        (BY_ITSELF, mine, "1 rows before 2023-11-02"),  # kept as long as what people sent
        (BY_ITSELF, theirs, "1 rows before 2024-01-11"),
        (BY_ITSELF, None, "1 rows before 2024-01-11"),
    ]
    assert [row[1] for row in log_of(any_server)[:4]] == [mine, mine, theirs, None]
    assert purge(any_server.engine, now) == []
    assert [one.rows for one in purge(any_server.engine, now, audit_days=400)] == [1, 1]


def test_each_part_of_a_long_log_that_goes_leaves_its_own_entry(server: Server) -> None:
    logged(server, 800, None, 1_001)
    assert [one.rows for one in purge(server.engine, moment("2026-01-10"))] == [1_001]
    assert [row[2] for row in log_of(server)] == ["1000 rows before 2024-01-11", "1 rows before 2024-01-11"]


def test_purge_by_command_takes_the_days_of_the_log_from_the_flag_or_the_environment(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged(server, 300, None)
    asked = ("purge", "--database", sqlite(tmp_path), "--today", "2026-01-10", "--json")
    assert json.loads(giliran(*asked).out)["database"] == []
    monkeypatch.setenv("GILIRAN_AUDIT_DAYS", "365")
    assert json.loads(giliran(*asked, "--dry-run").out)["database"] == []
    found = json.loads(giliran(*asked, "--dry-run", "--audit-days", "200").out)["database"]
    assert [(one["what"], one["rows"], one["before"]) for one in found] == [("audit", 1, "2025-06-24")]
    for wrong in ("29", "x", "40000"):
        monkeypatch.setenv("GILIRAN_AUDIT_DAYS", wrong)
        assert giliran(*asked).code == 2
    monkeypatch.setenv("GILIRAN_AUDIT_DAYS", "299")
    said = giliran("purge", "--database", sqlite(tmp_path), "--today", "2026-01-10", "--lang", "en").out
    assert "no scenario (signing in): deleted 1 audit rows before 2025-03-17" in said
    assert server.client.get("/healthz").status_code == 200
