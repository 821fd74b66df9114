"""`giliran purge [OUTPUT [EVIDENCE...]] [--database URL]`: deletes raw evidence past its retention."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import spoken
from scheduler.cli.options import DAY, FOLDER, Terminal, common_options, moved_option
from scheduler.errors import ExportError, UsageError
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.server.upkeep.retention import Purged


@spoken.command(
    "purge",
    indonesian="""Hapus berkas bukti yang sudah dibaca `checkins` dan lewat masa simpannya, beserta daftar pengirim masa itu.

Hanya berkas yang isinya dikenal laporan OUTPUT yang dihapus; penilaian, waktu, hash dan baris tetap ada. Dengan
--database juga presensi, kegiatan, permintaan dan pesan Telegram simpanan peladen, serta catatan audit papan bila
sudah jauh lebih lama (penghapusannya dicatat di situ); peladen sendiri melakukannya setiap hari.""",
)
@spoken.argument("output", type=FOLDER, required=False)
@spoken.argument("evidence", nargs=-1, type=click.Path(path_type=Path, exists=True))
@spoken.option(
    "--days",
    type=click.IntRange(1, 3650),
    help=Bilingual(
        id="Masa simpan dalam hari; bawaannya menurut kebijakan.",
        en="Retention in days; default the policy's.",
    ),
)
@spoken.option(
    "--audit-days",
    type=click.IntRange(30, 36_500),
    help=Bilingual(
        id="Masa simpan catatan audit papan; bawaannya $GILIRAN_AUDIT_DAYS atau 730.",
        en="Retention of the board's audit log; default $GILIRAN_AUDIT_DAYS or 730.",
    ),
)
@spoken.option(
    "--today",
    type=DAY,
    help=Bilingual(
        id="Hari lain, bukan hari ini menurut zona waktu kebijakan.",
        en="Another day than today in the policy's time zone.",
    ),
)
@spoken.option(
    "--dry-run",
    is_flag=True,
    help=Bilingual(id="Hanya sebut yang akan dihapus.", en="Only say what would be deleted."),
)
@spoken.option(
    "--database",
    metavar="URL",
    help=Bilingual(
        id="Hapus juga simpanan peladen, tiap skenario menurut kebijakannya.",
        en="Also delete what the server stores, each scenario by its policy.",
    ),
)
@moved_option
@common_options
def command(
    output: Path | None, evidence: tuple[Path, ...], *, days: int | None, audit_days: int | None,
    today: date | None, dry_run: bool, database: str | None, scenario: Path | None, terminal: Terminal,
) -> None:  # fmt: skip
    """Delete evidence files that `checkins` has read and whose retention is over, and the list of senders of that time.

    Only files whose content a report of OUTPUT knows are deleted; verdicts, times, hashes and lines stay. With
    --database, check-ins, activities, requests and Telegram messages that the server stores, and the board's audit log
    once it is much older (which leaves an entry in it); the server does so daily itself.
    """
    if output is None and database is None:
        raise UsageError(_NOTHING)
    answer: dict[str, Any] = {"dry_run": dry_run}
    if output is not None:
        answer |= _purge_files(output, evidence, days, today, dry_run, scenario, terminal)
    if database is not None:
        answer["database"] = _purge_database(database, days, audit_days, today, dry_run, terminal)
    terminal.answer(answer)


_NOTHING = Bilingual(
    id="Sebut folder keluaran, atau basis data peladen dengan --database.",
    en="Name an output folder, or the server's database by --database.",
)


def _purge_database(
    given: str,
    days: int | None,
    audit_days: int | None,
    today: date | None,
    dry_run: bool,
    terminal: Terminal,
) -> list[dict[str, Any]]:
    from datetime import UTC, time
    from time import time as clock

    from scheduler.server.needs import require_server

    require_server()
    from sqlalchemy.exc import SQLAlchemyError

    from scheduler.server.board.audit_retention import read_audit_days
    from scheduler.server.store.database import database_url, open_database, unreachable
    from scheduler.server.upkeep.retention import purge

    audit_days = audit_days or read_audit_days(os.environ)

    now = datetime.combine(today, time(12), UTC).timestamp() if today else clock()
    url = database_url(given)
    engine = open_database(url)
    try:
        found = purge(engine, now, days=days, audit_days=audit_days, dry_run=dry_run)
    except SQLAlchemyError as error:
        raise unreachable(url, error) from error
    finally:
        engine.dispose()
    for one in found:
        terminal.say(_told(one, dry_run))
    if not found:
        terminal.say(
            Bilingual(
                id="Tidak ada yang lewat masa simpan di basis data.",
                en="Nothing in the database is past its retention.",
            )
        )
    return [one._asdict() for one in found]


def _told(one: Purged, dry_run: bool) -> Bilingual:
    place = Bilingual(
        id=one.scenario or "tanpa skenario (masuk papan)", en=one.scenario or "no scenario (signing in)"
    )
    is_log = one.what == "audit"
    what = Bilingual(id="catatan tindakan" if is_log else "kiriman", en="audit rows" if is_log else "rows")
    return Bilingual(
        id=f"{place.id}: {one.rows} {what.id} sebelum {one.before} {'akan dihapus' if dry_run else 'dihapus'} dari basis data",
        en=f"{place.en}: {'would delete' if dry_run else 'deleted'} {one.rows} {what.en} before {one.before} from the database",
    )


def _purge_files(
    output: Path,
    evidence: tuple[Path, ...],
    days: int | None,
    today: date | None,
    dry_run: bool,
    scenario: Path | None,
    terminal: Terminal,
) -> dict[str, Any]:
    from zoneinfo import ZoneInfo

    from scheduler.checkins.privacy import Stored, expired
    from scheduler.checkins.purge import plan_purge, read_sources
    from scheduler.checkins.settings import Privacy
    from scheduler.read.outputs.output_folder import read_certificate, resolve_output

    folder = resolve_output(output)
    day = today or datetime.now(ZoneInfo(read_certificate(folder)["timezone"])).date()
    privacy = Privacy(retention_days=days) if days else _privacy(folder, scenario)
    sources = folder / "checkins" / "sources.csv"
    known = read_sources(sources.read_text("utf-8").splitlines()) if sources.is_file() else {}
    plan = plan_purge(_files([*evidence, folder / "evidence"]), known, day, privacy)
    delete = list(plan.delete)
    senders = folder / "checkins" / "unmatched.csv"
    if known and senders.is_file() and expired([Stored("", max(known.values()))], day, privacy):
        delete.append(senders)
    for path in [] if dry_run else delete:
        _delete(path)
    for path in delete:
        terminal.say(
            Bilingual(id=f"akan dihapus: {path}", en=f"would delete: {path}")
            if dry_run
            else Bilingual(id=f"dihapus: {path}", en=f"deleted: {path}")
        )
    for path in plan.unknown:
        terminal.warn(
            Bilingual(
                id=f"dibiarkan, tidak ada di laporan: {path}", en=f"left alone, no report knows it: {path}"
            )
        )
    if not delete:
        terminal.say(
            Bilingual(
                id=f"Tidak ada yang lewat masa simpan {privacy.retention_days} hari.",
                en=f"Nothing is past the retention of {privacy.retention_days} days.",
            )
        )
    return {
        "retention_days": privacy.retention_days,
        "deleted": [str(p) for p in delete],
        "kept": [str(p) for p in plan.keep],
        "unknown": [str(p) for p in plan.unknown],
    }


def _privacy(folder: Path, scenario: Path | None) -> Any:
    from scheduler.checkins.policy import parse_settings
    from scheduler.read.outputs.order import read_order
    from scheduler.read.policy import load_tables

    path = (scenario or read_order(folder).scenario) / "policy.toml"
    tables, _ = load_tables(path)
    return parse_settings(tables.get("checkins", {}), str(path)).privacy


def _files(paths: Sequence[Path]) -> list[Path]:
    found = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
        elif path.is_file():
            found.append(path)
    return found


def _delete(path: Path) -> None:
    try:
        path.unlink()
    except OSError as e:
        raise ExportError(
            Bilingual(
                id=f"{path} tidak dapat dihapus ({e.strerror}).",
                en=f"{path} cannot be deleted ({e.strerror}).",
            )
        ) from e
