"""`giliran checkins OUTPUT EVIDENCE...`: judges check-ins of the scheduled days against the policy."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import spoken
from scheduler.cli.options import DAY, FOLDER, Terminal, common_options, moved_option, units_option
from scheduler.errors import Fault, InputError, UsageError
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.checkins.pipeline import Outcome, Request

_Outings = Mapping[str, Sequence[tuple[date, date]]]
STRICT_EXIT = 5
"""With --strict, where a verdict is against someone (CONTRACT, "Exit codes")."""
MOST_FAULTS = 20


@spoken.command(
    "checkins",
    indonesian="""Nilai bukti kehadiran (WhatsApp, Telegram, aplikasi, telepon) terhadap jadwal di OUTPUT.""",
)
@spoken.argument("output", type=FOLDER)
@spoken.argument("evidence", nargs=-1, type=click.Path(path_type=Path))
@spoken.option(
    "--database",
    metavar="URL",
    help=Bilingual(
        id="Nilai juga presensi yang disimpan `giliran serve` di situ.",
        en="Also judge the check-ins that `giliran serve` stored there.",
    ),
)
@spoken.option("--since", type=DAY, help=Bilingual(id="Hari pertama yang dinilai.", en="First day to judge."))
@spoken.option("--until", type=DAY, help=Bilingual(id="Hari terakhir yang dinilai.", en="Last day to judge."))
@units_option(Bilingual(id="Laporkan unit-unit ini saja.", en="Report on these units, on nobody else."))
@spoken.option(
    "--strict",
    is_flag=True,
    help=Bilingual(
        id="Keluar dengan kode 5 bila ada yang dinilai tidak memenuhi.",
        en="Exit with 5 where a verdict is against someone.",
    ),
)
@spoken.option(
    "--exporter-zone",
    metavar="ZONE",
    help=Bilingual(
        id="Zona waktu ponsel yang mengekspor; bawaannya zona kebijakan.",
        en="Time zone of the phone that exported; default the policy's.",
    ),
)
@spoken.option(
    "--date-order",
    type=click.Choice(["dmy", "mdy", "ymd"]),
    help=Bilingual(
        id="Cara tanggal ditulis bila berkas tidak memastikannya.",
        en="How dates are written, where files do not tell.",
    ),
)
@spoken.option(
    "--aliases",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=Bilingual(
        id="Tabel pengirim (sender, person_id) yang lain.", en="Another table of sender, person_id."
    ),
)
@moved_option
@spoken.option(
    "--watch",
    is_flag=True,
    help=Bilingual(
        id="Nilai ulang setiap kali berkas bertambah, sampai dihentikan.",
        en="Judge again whenever the files grow, until interrupted.",
    ),
)
@common_options
def command(
    output: Path,
    evidence: tuple[Path, ...],
    *,
    database: str | None,
    strict: bool,
    watch: bool,
    terminal: Terminal,
    **given: Any,
) -> None:
    """Judge check-in evidence (WhatsApp, Telegram, apps, calls) against the roster in OUTPUT."""
    from scheduler.checkins.watch import changes

    if watch and database is not None:
        raise UsageError(_NO_WATCH)
    missing = [Fault(file=str(p), problem=_NOT_FOUND) for p in evidence if not p.exists()]
    if missing:
        raise InputError(missing)
    outcome = None
    for _ in changes(evidence, time.sleep) if watch else [None]:
        with _stored(output, database, given["scenario"]) as (stored, outings):
            outcome, request = _judge(
                output, (*evidence, *stored), given, terminal, outings, is_stored=database is not None
            )
        if database is not None:
            _forget(database, output, request, given["scenario"])
    if strict and outcome is not None and outcome.tally.against:
        raise click.exceptions.Exit(STRICT_EXIT)


_NOT_FOUND = Bilingual(id="berkas tidak ditemukan", en="the file does not exist")
_NOTHING_ASKED = Bilingual(
    id="policy.toml tidak memuat tabel [checkins], jadi tidak ada presensi yang diminta. "
    'Tambahkan, misalnya, [[checkins.point]] dengan at = ["08:00", "16:00"].',
    en="policy.toml has no [checkins] table, so no check-in is asked for. "
    'Add one, such as [[checkins.point]] with at = ["08:00", "16:00"].',
)
_NOTHING = Bilingual(
    id="Sebut berkas bukti, atau basis data peladen dengan --database; skenario ini juga tidak memuat tabel activities.",
    en="Name evidence files, or the server's database by --database; nor has this scenario a table activities.",
)
_NO_WATCH = Bilingual(
    id="--watch mengikuti berkas saja; jalankan lagi tanpa --watch untuk basis data.",
    en="--watch follows files only; for a database run the command again without it.",
)


@contextmanager
def _stored(
    output: Path, database: str | None, scenario: Path | None
) -> Iterator[tuple[tuple[Path, ...], _Outings]]:
    """Yield files of what the server stored, for as long as they are read, and who may leave the area when."""
    if database is None:
        yield (), {}
        return
    from tempfile import TemporaryDirectory

    from scheduler.server.needs import require_server

    require_server()
    from scheduler.server.judging.export import export_checkins, export_log

    with TemporaryDirectory() as folder:
        path, log = Path(folder) / "giliran-checkins.jsonl", Path(folder) / "giliran-log.jsonl"
        count = export_checkins(database, output, path, scenario)
        kept = export_log(database, output, log, scenario)
        yield (*([path] if count else []), *([log] if kept.lines else [])), kept.outings


def _forget(database: str, output: Path, request: Request, scenario: Path | None) -> None:
    """Have the server forget where people were, now that it is judged; only how far from home stays."""
    from scheduler.checkins.place import home_of
    from scheduler.server.judging.export import forget_judged

    homes = {
        p.id: home for p in request.roster.people if (home := home_of(p.latitude, p.longitude)) is not None
    }
    forget_judged(database, output, homes, request.region, scenario)


def _judge(
    output: Path,
    evidence: Sequence[Path],
    given: dict[str, Any],
    terminal: Terminal,
    outings: _Outings,
    *,
    is_stored: bool,
) -> tuple[Outcome, Request]:
    from scheduler.checkin_request import make_request
    from scheduler.checkins.pipeline import check
    from scheduler.read.outputs.output_folder import resolve_output
    from scheduler.write.publish import publish_checkins

    folder = resolve_output(output)
    request = make_request(folder, as_of=int(time.time()), language=terminal.asked, **given)
    if not evidence and not request.entries and not is_stored:
        raise UsageError(_NOTHING)
    if outings:
        people = {*request.permits, *outings}
        permits = {p: [*request.permits.get(p, ()), *outings.get(p, ())] for p in people}
        request = replace(request, permits=permits)
    terminal.warn(
        Bilingual(
            id=f"Jam tanpa selisih UTC dalam ekspor percakapan dibaca sebagai {request.exporter_zone.key}.",
            en=f"Clock times without an offset in exported chats are read as {request.exporter_zone.key}.",
        )
    )
    if not (request.settings.tables or request.settings.membership):
        terminal.warn(_NOTHING_ASKED)
    found: list[Outcome] = []

    def write(draft: Path) -> None:
        found.append(check(request, evidence, draft, began))
        sources = found[0].findings.sources
        if sources and all(source.is_refused for source in sources):
            raise InputError([fault for source in sources for fault in source.faults])

    def began(name: str, title: Bilingual) -> None:
        if terminal.verbose or terminal.shows_progress:
            terminal.warn(Bilingual(id=f"membaca {name} ({title.id})", en=f"reading {name} ({title.en})"))

    publish_checkins(folder, write)
    _say(found[0], folder, terminal)
    return found[0], request


def _say(outcome: Outcome, folder: Path, terminal: Terminal) -> None:
    from scheduler.checkins.report.summary import answer, lines
    from scheduler.cli.screen import bullet

    faults = [fault for source in outcome.findings.sources for fault in source.faults]
    for fault in faults[:MOST_FAULTS]:
        terminal.warn(fault.describe(terminal.language))
    if len(faults) > MOST_FAULTS:
        more = len(faults) - MOST_FAULTS
        terminal.warn(
            Bilingual(
                id=f"… dan {more} lagi, di lembar Berkas bukti.",
                en=f"… and {more} more, on the sheet of files.",
            )
        )
    for unknown in outcome.unknown_aliases:
        terminal.warn(
            Bilingual(
                id=f"aliases: tidak ada orang “{unknown}”.", en=f"aliases: there is nobody “{unknown}”."
            )
        )
    terminal.answer(answer(outcome, folder / "checkins"))
    for line in lines(outcome, folder / "checkins"):
        terminal.say(bullet(line.in_language(terminal.language)))
