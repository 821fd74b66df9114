"""A backup taken while people check in is one moment, and put back it is what was there, in either database."""

from __future__ import annotations

import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, text

from scheduler.errors import InputError, UsageError
from scheduler.server.board import accounts, sessions
from scheduler.server.board.folders import remember_folder
from scheduler.server.phone.arrivals import Checkin, store
from scheduler.server.store.board_tables import ATTEMPT, AUDIT, JOB, SESSION
from scheduler.server.store.database import build_level, connect, level, newest_level, writing
from scheduler.server.store.tables import (
    ACTIVITY,
    CHANGE,
    METADATA,
    PERMIT_REQUEST,
    REACH_CALL,
    TELEGRAM_ACCOUNT,
    TELEGRAM_MESSAGE,
    TELEGRAM_OFFSET,
)
from scheduler.server.upkeep.backup import back_up, restore
from tests.running import giliran
from tests.server.phones import sent, stored
from tests.server.published import BUDI, UNIT, Server, publication, roster, server_on, sqlite


def url_of(server: Server) -> str:
    return server.engine.url.render_as_string(hide_password=False)


def filled(server: Server) -> dict[str, str]:
    """Two revisions, links and a check-in; return the feeds' tags by link."""
    server.publish(publication())
    server.publish(publication(roster(2, swapped=True)), now=1_627_000_500)
    assert server.client.post(server.link(BUDI, "checkin"), json=sent()).json()["stored"]
    return {link: server.client.get(link).headers["etag"] for link in (server.link(BUDI), server.link(UNIT))}


def fill_the_rest(server: Server) -> None:
    """Put at least one row into every table that `filled` leaves empty."""
    with writing(server.engine) as connection:
        scenario = connection.execute(text("SELECT id FROM scenario")).scalar_one()
        subject = (
            connection.execute(text("SELECT id FROM subject WHERE key = :k"), {"k": BUDI}).scalars().first()
        )
        account = accounts.add(connection, "kepala", "head", "sandi yang panjang", [(scenario, UNIT)], 1)
        sessions.begin(connection, account, 1)
        remember_folder(connection, 1, Path("out"), Path("kantor"))
        who, period = {"subject_id": subject}, {"first_day": "2021-08-02", "last_day": "2021-08-03"}
        rows: dict[Table, dict[str, Any]] = {
            ATTEMPT: {"name": "kepala", "address": "10.0.0.1", "tried_at": 1},
            AUDIT: {"happened_at": 1, "account": "kepala", "address": "", "act": "swap", "scenario_id": scenario,
                    "unit": UNIT, "detail": "Budi ⇄ Ma'mur"},
            JOB: {"account_id": account, "scenario_id": scenario, "unit": "", "kind": "generate", "state": "done",
                  "asked": "{}", "file": b"\0\xff", "file_name": "x", "done": 1, "total": 1, "result": "{}",
                  "made_at": 1, "touched_at": 1},
            PERMIT_REQUEST: {**who, **period, "client_id": "a", "received_at": 1, "kind": "leave", "reason": "x"},
            ACTIVITY: {**who, "client_id": "a", "received_at": 1, "taken_at": 1, "sent_at": 1, "happened_at": 1,
                       "day": "2021-07-28", "target": "", "activity": "rekap"},
            REACH_CALL: {**who, "asked_at": 1, "minutes": 15, "asked_by": "Kasubag"},
            TELEGRAM_ACCOUNT: {**who, "account": 1 << 40, "linked_at": 1},
            TELEGRAM_MESSAGE: {**who, "bot": "b", "update_id": 7, "account": 1 << 40, "message": "1", "minute": 1,
                               "at": 1, "received_at": 1, "is_edit": True, "content": "{}"},
            TELEGRAM_OFFSET: {"bot": "b", "next_update": 8},
        }  # fmt: skip
        for table, row in rows.items():
            connection.execute(table.insert(), row)


def everything(engine: Engine) -> dict[str, list[Any]]:
    """All rows by table, but the change number's and the sessions."""
    own = [t for t in METADATA.sorted_tables if t not in (CHANGE, SESSION)]
    with engine.connect() as connection:
        return {t.name: sorted(map(repr, connection.execute(t.select()))) for t in own}


def test_what_is_restored_gives_the_same_feeds_and_check_ins_in_the_other_database(
    any_server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tags, before, file = filled(any_server), stored(any_server), tmp_path / "giliran.backup"
    fill_the_rest(any_server)
    made = back_up(url_of(any_server), file)
    assert [table for table, rows in made.rows.items() if not rows] == [], "a table that this test forgets"
    assert (made.rows["checkin"], made.rows["revision"], made.level) == (1, 2, newest_level())
    assert file.stat().st_mode & 0o077 == 0
    if any_server.engine.dialect.name == "sqlite":
        import psycopg
        from sqlalchemy import make_url

        plain = request.getfixturevalue("postgresql")
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE DATABASE restored")
        other = make_url(plain).set(database="restored").render_as_string(hide_password=False)
    else:
        other = sqlite(tmp_path / "other")
    restore(file, other)
    restored = connect(other)
    assert everything(restored) == everything(any_server.engine)
    with restored.connect() as connection:
        sessions_left = connection.execute(text("SELECT count(*) FROM board_session")).scalar()
        assert sessions_left == 0, "somebody may have signed out since"
    restored.dispose()
    with server_on(other) as second:
        assert [dict(row) for row in stored(second)] == [dict(row) for row in before]
        for link, tag in tags.items():
            assert second.client.get(link, headers={"If-None-Match": tag}).status_code == 304
        link = second.link(BUDI, "checkin", anew=True)
        assert second.client.post(link, json=sent(client_id="after-the-restore")).json()["stored"]
        assert len({row["id"] for row in stored(second)}) == 2
    with pytest.raises(UsageError, match="not empty"):
        restore(file, other)


def test_a_backup_during_a_burst_is_one_moment(any_server: Server, tmp_path: Path) -> None:
    any_server.publish(publication())
    with any_server.engine.connect() as connection:
        subject = connection.execute(text("SELECT id FROM subject WHERE key = :k"), {"k": BUDI}).scalar_one()
    pair, ending = 0, threading.Event()

    def burst() -> None:
        nonlocal pair
        while not ending.is_set():
            both = [
                (subject, Checkin(client_id=f"{half}-{pair:08}", taken_at=1, sent_at=1, reason="x"))
                for half in ("left", "right")
            ]
            with writing(any_server.engine) as connection:
                store(connection, both, 1)
            pair += 1
            time.sleep(0.002)

    thread = threading.Thread(target=burst)
    thread.start()
    try:
        while pair < 5:
            time.sleep(0.01)
        counts = []
        for number in range(2):
            file, least = tmp_path / f"{number}.backup", pair
            back_up(url_of(any_server), file)
            restore(file, sqlite(tmp_path / str(number)))
            with connect(sqlite(tmp_path / str(number))).connect() as connection:
                marks = list(connection.execute(text("SELECT client_id FROM checkin")).scalars())
            halves = [{m.split("-")[1] for m in marks if m.startswith(half)} for half in ("left", "right")]
            assert halves[0] == halves[1]
            assert halves[0] == {f"{n:08}" for n in range(len(halves[0]))}
            assert len(halves[0]) >= least
            counts.append(len(halves[0]))
    finally:
        ending.set()
        thread.join()
    assert counts[0] < counts[-1] <= pair, "the burst went on meanwhile"


def test_a_backup_of_an_earlier_level_is_restored_at_this_one(tmp_path: Path) -> None:
    old = connect(sqlite(tmp_path))
    build_level(old, "0001")
    with writing(old) as connection:
        facts = "'luwu', 'f', 't', 'Asia/Makassar', 'id'"
        names = "name, fingerprint, title, timezone, language"
        connection.execute(text(f"INSERT INTO scenario ({names}) VALUES ({facts})"))
    made = back_up(sqlite(tmp_path), tmp_path / "old.backup")
    assert made.level == "0001"
    restore(tmp_path / "old.backup", sqlite(tmp_path / "new"))
    engine = connect(sqlite(tmp_path / "new"))
    assert level(engine) == newest_level()
    with engine.connect() as connection:
        found: Any = connection.execute(text("SELECT name, retention_days FROM scenario")).one()
    assert tuple(found) == ("luwu", 30)


def damaged(file: Path, how: str) -> None:
    content = bytearray(file.read_bytes())
    if how == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif how == "flipped":
        content[len(content) // 2] ^= 0xFF
        file.write_bytes(content)
    elif how == "another":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("manifest.json", '{"form": "something else"}')
    elif how == "list":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("manifest.json", "[]")
    elif how == "password":
        flagged = bytes(content).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
        assert flagged != bytes(content)
        file.write_bytes(flagged)
    elif how == "exchanged":
        with zipfile.ZipFile(file) as archive:
            manifest = archive.read("manifest.json")
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("manifest.json", manifest)
            archive.writestr("giliran.db", b"another database")
    else:
        file.write_bytes(b"no zip at all")


@pytest.mark.parametrize("how", ["cut", "flipped", "another", "list", "password", "exchanged", "none"])
def test_a_damaged_backup_is_refused_and_changes_nothing(server: Server, tmp_path: Path, how: str) -> None:
    filled(server)
    file = tmp_path / "giliran.backup"
    back_up(url_of(server), file)
    damaged(file, how)
    with pytest.raises(InputError):
        restore(file, sqlite(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_the_commands_refuse_to_overwrite_and_say_what_they_did(server: Server, tmp_path: Path) -> None:
    filled(server)
    file, url = tmp_path / "x.backup", sqlite(tmp_path)
    assert giliran("backup", file, "--database", sqlite(tmp_path / "nowhere")).code == 2
    assert not (tmp_path / "nowhere").exists()
    done = giliran("backup", file, "--database", url, "--lang", "id")
    assert (done.code, "1 presensi, 2 revisi" in done.out) == (0, True), done.err
    assert sorted(p.name for p in tmp_path.iterdir() if "backup" in p.name) == ["x.backup"]
    again = giliran("backup", file, "--database", url, "--lang", "en")
    assert (again.code, "not overwritten" in again.err) == (2, True)
    assert giliran("backup", tmp_path / "none" / "x", "--database", url).code == 2
    into = sqlite(tmp_path / "new")
    assert giliran("restore", tmp_path / "missing", "--database", into).code == 3
    assert giliran("restore", file, "--database", url).code == 2
    back = giliran("restore", file, "--database", into, "--lang", "en")
    assert (back.code, "1 check-ins, 2 revisions" in back.out) == (0, True), back.err
