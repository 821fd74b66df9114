"""`giliran replan OUTPUT`: the next revision with the fewest changes."""

from __future__ import annotations

import textwrap
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import spoken
from scheduler.cli.options import DAY, FOLDER, Terminal, common_options
from scheduler.cli.search_options import solving_options, tweak_options
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.notice import Notice
    from scheduler.read.tweaks import Tweaks
    from scheduler.revise.replan import Replanned

MOST_SHOWN = 40


@spoken.command(
    "replan",
    indonesian="""Terbitkan revisi berikut dari OUTPUT dengan perubahan sesedikit mungkin.

Hari sebelum --as-of tidak berubah. Selebihnya sesedikit mungkin hari-orang yang berubah, dan itu dibuktikan; sesudah
itu giliran dibuat adil. Pemberitahuan menyebut siapa yang pindah, kapan dan mengapa.""",
)
@spoken.argument("output", type=FOLDER)
@spoken.option(
    "--as-of",
    type=DAY,
    help=Bilingual(
        id="Hari pertama yang boleh berubah; bawaannya besok.",
        en="First day that may change; by default tomorrow.",
    ),
)
@spoken.option(
    "--absent",
    multiple=True,
    metavar="P:FROM..TO=KIND",
    help=Bilingual(
        id="Seseorang berhalangan, misalnya Budi:3/8/2021..5/8/2021=cuti.",
        en="Somebody is away, as Budi:3/8/2021..5/8/2021=cuti.",
    ),
)
@spoken.option(
    "--pin",
    multiple=True,
    metavar="P:DATE=home|office",
    help=Bilingual(
        id="Tetapkan satu hari seseorang, misalnya Budi:3/8/2021=home.",
        en="Fix one day of somebody, as Budi:3/8/2021=home.",
    ),
)
@spoken.option(
    "--swap",
    multiple=True,
    metavar="P,Q:DATE",
    help=Bilingual(
        id="Dua orang bertukar tempat pada hari itu.", en="Two people take each other's place that day."
    ),
)
@spoken.option(
    "--recall",
    multiple=True,
    metavar="P:DATE",
    help=Bilingual(
        id="Panggil seseorang ke kantor, hari ini bila masih sempat.",
        en="Call somebody in, today if there is time.",
    ),
)
@spoken.option(
    "--lead",
    type=click.IntRange(0, 1440),
    help=Bilingual(
        id="Menit untuk tiba di kantor bila dipanggil; bawaannya 60.",
        en="Minutes to reach the office when called; default 60.",
    ),
)
@spoken.option(
    "--leaves",
    multiple=True,
    metavar="P:DATE",
    help=Bilingual(
        id="Hari terakhir seseorang yang pindah atau berhenti.", en="The last day of somebody who leaves."
    ),
)
@spoken.option(
    "--staff",
    type=FOLDER,
    metavar="FILE",
    help=Bilingual(
        id="Daftar pegawai baru: siapa yang masuk dan keluar sejak itu.",
        en="A new staff list: who came and who left since.",
    ),
)
@spoken.option(
    "--policy",
    type=FOLDER,
    metavar="FILE",
    help=Bilingual(id="policy.toml yang diubah.", en="The amended policy.toml."),
)
@spoken.option(
    "--from-xlsx",
    type=FOLDER,
    metavar="FILE",
    help=Bilingual(
        id="roster.xlsx yang diubah tangan: ubahannya dipertahankan, sisanya disesuaikan.",
        en="A hand-edited roster.xlsx: its changes are kept, the rest repaired.",
    ),
)
@spoken.option(
    "--to-revision",
    type=click.IntRange(1),
    metavar="N",
    help=Bilingual(
        id="Kembali ke revisi sebelumnya; hari sebelum --as-of tetap.",
        en="Go back to an earlier revision; days before --as-of stay.",
    ),
)
@spoken.option(
    "--scenario",
    type=FOLDER,
    metavar="DIR",
    help=Bilingual(
        id="Folder skenario, untuk hasil tanpa kunci kalender.",
        en="The scenario folder, for outputs without a calendar key.",
    ),
)
@tweak_options
@solving_options
@common_options
def command(
    output: Path,
    as_of: date | None,
    lead: int | None,
    staff: Path | None,
    policy: Path | None,
    from_xlsx: Path | None,
    to_revision: int | None,
    scenario: Path | None,
    tweaks: Tweaks,
    search: dict[str, Any],
    terminal: Terminal,
    **given: Any,
) -> None:
    """Publish the next revision of OUTPUT with the fewest changes.

    Days before --as-of stay as they are. Of the rest as few person-days as can be change, which is proven; then
    turns are made fair. A notice tells who moves, when and why.
    """
    from scheduler.cli.screen import progress
    from scheduler.read.requests import Words
    from scheduler.revise.replan import LEAD_MINUTES, Request, replan

    request = Request(
        output=output,
        words=Words(**given),
        as_of=as_of,
        staff=staff,
        policy=policy,
        from_xlsx=from_xlsx,
        to_revision=to_revision,
        scenario=scenario,
        tweaks=tweaks,
        lead_minutes=LEAD_MINUTES if lead is None else lead,
        language=terminal.asked,
        **search,
    )
    with progress(terminal) as report:
        done = replan(request, datetime.now(UTC), report, report.stage)
    show(done, terminal)
    if done.outcome.interrupted:
        raise KeyboardInterrupt


def show(done: Replanned, terminal: Terminal) -> None:
    """Print who moves, when and why, and what is proven."""
    from scheduler.cli.screen import bullet
    from scheduler.write.changes import count_line

    notice, outcome, language = done.notice, done.outcome, terminal.language
    roster = outcome.roster
    terminal.answer(
        {
            "folder": outcome.folder.as_posix(),
            "revision": roster.number,
            "replaces": notice.replaces,
            "as_of": notice.as_of,
            "proven": _is_proven(done),
            "changes": [_plain(move) for move in notice.moves],
            "warnings": [warning.describe("en") for warning in done.warnings],
        }
    )
    for warning in done.warnings:
        terminal.warn(bullet(warning.describe(language)))
    said_first = f"{count_line(notice, language)} {_proof(done).in_language(language)}".strip()
    terminal.say(_filled(said_first))
    for line in _lines(notice, terminal):
        terminal.say(line)
    if outcome.unchanged:
        said = Bilingual(
            id=f"Tidak ada yang berubah: revisi {roster.number} di {outcome.folder} tetap berlaku.",
            en=f"Nothing changed: revision {roster.number} in {outcome.folder} stands.",
        )
    else:
        said = Bilingual(
            id=f"Revisi {roster.number} ditulis ke {outcome.folder}; pemberitahuannya changes.txt dan changes.xlsx.",
            en=f"Revision {roster.number} written to {outcome.folder}; the notice is changes.txt and changes.xlsx.",
        )
    terminal.say("\n" + bullet(said.in_language(language)).lstrip(" •-"))


def _filled(text: str) -> str:
    from scheduler.cli.screen import width

    return textwrap.fill(text, width(), break_on_hyphens=False)


def _lines(notice: Notice, terminal: Terminal) -> list[str]:
    from scheduler.cli.screen import bullet
    from scheduler.language import format_date
    from scheduler.write.changes import day_lines

    lines: list[str] = []
    shown = more = 0
    for unit, of_unit in groupby(notice.moves, key=lambda move: move.unit):
        if shown < MOST_SHOWN:
            lines.append("\n" + unit)
        for day, moves in groupby(of_unit, key=lambda move: move.day):
            said_of_day = day_lines(list(moves), terminal.language)
            room = said_of_day[: max(0, MOST_SHOWN - shown)]
            if room:
                lines.append(f"  {format_date(day, terminal.language, weekday=True)}")
                lines += [bullet(line) for line in room]
            shown, more = shown + len(room), more + len(said_of_day) - len(room)
    if more > 0:
        said = Bilingual(id=f"dan {more} lagi; lihat changes.xlsx.", en=f"and {more} more; see changes.xlsx.")
        lines.append(bullet(said.in_language(terminal.language)))
    if notice.moves:
        lines.append("\n" + _filled(_to_tell(notice).in_language(terminal.language)))
    return lines


def _to_tell(notice: Notice) -> Bilingual:
    """Return whose days change without their having been asked for: they do not know it yet."""
    days: dict[str, list[str]] = {}
    names = {}
    for move in notice.moves:
        if not move.asked:
            names[move.person.id] = move.person.name
            days.setdefault(move.person.id, []).append(f"{move.day.day}/{move.day.month}")
    if not days:
        return Bilingual(
            id="Selain yang bersangkutan, tidak ada yang perlu diberi tahu.",
            en="Nobody needs to be told but those it was asked for.",
        )
    known = "; ".join(f"{names[key]} ({', '.join(days[key])})" for key in list(days)[:MOST_SHOWN])
    known += "; …" if len(days) > MOST_SHOWN else "."
    whose = "1 person whose" if len(days) == 1 else f"{len(days)} people whose"
    return Bilingual(
        id=f"Beri tahu {len(days)} orang yang jadwalnya ikut berubah: {known}",
        en=f"Tell {whose} days change along: {known}",
    )


def _is_proven(done: Replanned) -> bool:
    return all(
        objective.is_optimal
        for result in done.outcome.roster.results
        for objective in result.objectives
        if objective.name in ("shortfall", "changes")
    )


def _proof(done: Replanned) -> Bilingual:
    if not done.notice.moves:
        return Bilingual(id="", en="")
    if _is_proven(done):
        return Bilingual(id="Terbukti: tidak bisa lebih sedikit.", en="Proven: it cannot be fewer.")
    return Bilingual(id="Belum terbukti paling sedikit.", en="Not proven to be the fewest.")


def _plain(move: Any) -> dict[str, Any]:
    return {
        "unit": move.unit,
        "person_id": move.person.id,
        "name": move.person.name,
        "date": move.day,
        "before": move.before,
        "after": move.after,
        "roles_before": move.roles_before,
        "roles_after": move.roles_after,
        "asked": move.asked,
        "why": {"id": move.why.id, "en": move.why.en},
    }
