"""Published revisions: whole or not at all, former ones kept, governments apart; migrations build the tables."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from scheduler.errors import ExportError, UsageError
from scheduler.server.publishing import store
from scheduler.server.store.database import connect, level, newest_level, open_database, writing
from scheduler.server.store.tables import METADATA
from tests.server.published import BUDI, Server, publication, roster, sqlite


def test_the_migrations_build_the_tables_that_the_code_knows(any_server: Server) -> None:
    with any_server.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    assert level(any_server.engine) == newest_level()


def test_opening_again_changes_nothing_and_a_later_release_is_respected(tmp_path: Path) -> None:
    open_database(sqlite(tmp_path)).dispose()
    engine = open_database(sqlite(tmp_path))
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UsageError, match="later giliran"):
        open_database(sqlite(tmp_path))


def test_several_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    failures: list[Exception] = []

    def begin() -> None:
        try:
            open_database(sqlite(tmp_path)).dispose()
        except Exception as error:  # noqa: BLE001 - it is looked at below
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_sqlite_is_private_and_durable(tmp_path: Path) -> None:
    engine = open_database(sqlite(tmp_path))
    assert (tmp_path / "giliran.db").stat().st_mode & 0o077 == 0
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        connect(url)


def test_a_database_out_of_reach_is_said_without_its_password() -> None:
    with pytest.raises(ExportError) as caught:
        open_database("postgresql+psycopg://me:secret@127.0.0.1:1/none")
    assert "secret" not in caught.value.message.en
    assert "127.0.0.1" in caught.value.message.en


def test_a_later_revision_replaces_the_former_which_stays(any_server: Server) -> None:
    any_server.publish(publication(roster(1)))
    any_server.publish(publication(roster(2, swapped=True)), now=1_627_000_500)
    with any_server.engine.connect() as connection:
        found = store.revisions(connection)
        budi = connection.execute(text("SELECT id FROM subject WHERE key = :k"), {"k": BUDI}).scalar_one()
        row = store.day_of(connection, budi, "2021-07-28")
        kept = connection.execute(text("SELECT count(*) FROM calendar WHERE subject_id = :s"), {"s": budi})
        assert [(r["number"], bool(r["is_current"])) for r in found] == [(1, False), (2, True)]
        assert row is not None
        assert row["status"] == "office"
        assert kept.scalar() == 2


def test_publishing_the_same_again_changes_nothing(any_server: Server) -> None:
    any_server.publish(publication())
    any_server.publish(publication(), now=1_627_009_999)
    with any_server.engine.connect() as connection:
        assert [r["published_at"] for r in store.revisions(connection)] == [1_627_000_000]


def test_an_earlier_revision_is_refused_unless_forced(any_server: Server) -> None:
    later, earlier = publication(roster(2, swapped=True)), publication(roster(1))
    any_server.publish(later)
    with pytest.raises(UsageError, match="revision 2 is published"):
        any_server.publish(earlier)
    with any_server.engine.connect() as connection:
        assert [r["number"] for r in store.revisions(connection)] == [2]
    any_server.publish(earlier, force=True)
    with any_server.engine.connect() as connection:
        assert [(r["number"], bool(r["is_current"])) for r in store.revisions(connection)] == [
            (2, False),
            (1, True),
        ]


def test_two_governments_with_one_name_stay_apart(any_server: Server) -> None:
    any_server.publish(publication(), publication(key=b"another government's key"))
    with any_server.engine.connect() as connection:
        assert [bool(r["is_current"]) for r in store.revisions(connection)] == [True, True]
        people = connection.execute(text("SELECT count(*) FROM subject WHERE key = :k"), {"k": BUDI})
        assert people.scalar() == 2


def test_a_publication_that_fails_halfway_leaves_the_former(any_server: Server) -> None:
    any_server.publish(publication())
    broken = publication(roster(2, swapped=True))
    broken = type(broken)(
        **{f: getattr(broken, f) for f in broken.__slots__ if f != "days"},
        days=(*broken.days, broken.days[0]),
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        any_server.publish(broken)
    with any_server.engine.connect() as connection:
        assert [(r["number"], bool(r["is_current"])) for r in store.revisions(connection)] == [(1, True)]
