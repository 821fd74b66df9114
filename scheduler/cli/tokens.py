"""`giliran tokens`: the links of people and units: which there are, new ones, others in their place, none."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import spoken
from scheduler.cli.options import (
    FOLDER,
    Terminal,
    common_options,
    database_option,
    people_option,
    published_option,
    units_option,
)
from scheduler.errors import UsageError
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from scheduler.server.links.sheets import Made

URL = "http://127.0.0.1:8000"
ACTIONS = ["list", "make", "rotate", "revoke"]


@spoken.command(
    "tokens",
    indonesian="""Daftar, buat, ganti atau cabut tautan kalender dan presensi serta kode Telegram.

Tautan hanya ditampilkan sekali, ketika dibuat: yang disimpan hanya hash-nya. `make` membuat yang belum ada, `rotate`
menggantinya, `revoke` mencabutnya.""",
)
@spoken.argument("action", type=click.Choice(ACTIONS), default="list")
@database_option
@published_option
@units_option(Bilingual(id="Hanya unit-unit ini dan pegawainya.", en="Only these units and their people."))
@people_option
@spoken.option(
    "--purpose",
    type=click.Choice(["feed", "checkin", "telegram"]),
    help=Bilingual(
        id="Hanya kalender, hanya presensi, atau hanya kode Telegram.",
        en="Only calendars, only check-in, or only Telegram codes.",
    ),
)
@spoken.option(
    "--bot",
    default="",
    metavar="NAME",
    help=Bilingual(
        id="Bot Telegram Anda: menambah kode sekali pakai yang menautkan akun pegawai.",
        en="Your Telegram bot: adds codes that link people's accounts, once.",
    ),
)
@spoken.option(
    "--all",
    "everybody",
    is_flag=True,
    help=Bilingual(id="Semua orang, bila tidak ada yang disebut.", en="Everybody, where nobody is named."),
)
@spoken.option(
    "--url",
    default=URL,
    show_default=True,
    help=Bilingual(id="Alamat peladen bagi pegawai.", en="Where people reach the server."),
)
@spoken.option(
    "--sheets",
    type=FOLDER,
    metavar="DIR",
    help=Bilingual(
        id="Tulis lembar cetak berkode QR untuk setiap unit.",
        en="Write a sheet to print for each unit, with QR codes.",
    ),
)
@common_options
def command(
    action: str,
    database: str | None,
    name: str | None,
    people: tuple[str, ...],
    units: tuple[str, ...],
    purpose: str | None,
    bot: str,
    everybody: bool,
    url: str,
    sheets: Path | None,
    terminal: Terminal,
) -> None:
    """List, make, rotate or revoke the links to calendars and check-in, and the codes for Telegram.

    A link is shown once, when it is made: only its hash is kept. `make` makes those that are missing, `rotate`
    replaces them, `revoke` ends them.
    """
    from scheduler.server.needs import require_server

    require_server()
    from sqlalchemy.exc import SQLAlchemyError

    from scheduler.server.links.sheets import check_base
    from scheduler.server.links.tokens import PURPOSES, TELEGRAM, subjects
    from scheduler.server.store.database import database_url, open_database, unreachable, writing

    check_base(url)
    if action in ("rotate", "revoke") and not (units or people or everybody):
        raise UsageError(
            Bilingual(
                id=f"tokens {action}: sebut --person, --unit atau --all; tautan lama tidak berlaku lagi sesudahnya.",
                en=f"tokens {action}: name --person, --unit or --all; the present links end with it.",
            )
        )
    engine = open_database(database_url(database))
    wants_codes = bool(bot) or action == "revoke"
    purposes = (purpose,) if purpose else (*PURPOSES, TELEGRAM) if wants_codes else PURPOSES
    try:
        with writing(engine) as connection:
            chosen = _choose(subjects(connection, name), units, people)
            if action == "list":
                _list(chosen, terminal)
            elif action == "revoke":
                _revoke(connection, chosen, purposes, terminal)
            else:
                where = (url, bot.removeprefix("@"))
                _make(connection, chosen, purposes, terminal, where, sheets, anew=action == "rotate")
    except SQLAlchemyError as error:
        raise unreachable(str(engine.url), error) from error
    finally:
        engine.dispose()


def _choose(rows: Sequence[RowMapping], units: tuple[str, ...], people: tuple[str, ...]) -> list[RowMapping]:
    from scheduler.constraints.selection import matches

    chosen = [
        row
        for row in rows
        if (not units or matches(row["unit"], units))
        and (not people or (row["kind"] != "unit" and (row["key"] in people or matches(row["name"], people))))
    ]
    if not chosen:
        raise UsageError(
            Bilingual(
                id="Tidak ada yang cocok di basis data ini. Terbitkan jadwal dengan `giliran publish`, lalu lihat `giliran tokens list`.",
                en="Nobody in this database matches. Publish a roster by `giliran publish`, then see `giliran tokens list`.",
            )
        )
    return chosen


def _list(chosen: Sequence[RowMapping], terminal: Terminal) -> None:
    from datetime import UTC, datetime

    from scheduler.cli.screen import table

    def since(seconds: int | None) -> str:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else "–"

    heads = (
        ("Nama", "Unit", "Kalender", "Presensi")
        if terminal.language == "id"
        else ("Name", "Unit", "Calendar", "Check-in")
    )

    def name(row: RowMapping) -> str:
        staff = Bilingual(id="bawahan", en="staff").in_language(terminal.language)
        return f"{row['name']} ({staff})" if row["kind"] == "supervisor" else str(row["name"])

    rows = [(name(row), row["unit"], since(row["feed"]), since(row["checkin"])) for row in chosen]
    keys = ("scenario", "kind", "key", "name", "unit", "feed", "checkin")
    terminal.answer([{key: row[key] for key in keys} for row in chosen])
    terminal.say(table([heads, *rows], left=(0, 1)))


def _revoke(
    connection: Connection, chosen: Sequence[RowMapping], purposes: Sequence[str], terminal: Terminal
) -> None:
    from scheduler.server.links.tokens import TELEGRAM, revoke
    from scheduler.server.telegram.accounts import unlink

    count = revoke(connection, [row["id"] for row in chosen], purposes, int(time.time()))
    if TELEGRAM in purposes:
        count += unlink(connection, [row["id"] for row in chosen], int(time.time()))
    terminal.answer({"revoked": count})
    terminal.say(Bilingual(id=f"{count} tautan dicabut.", en=f"{count} links revoked."))


def _make(
    connection: Connection,
    chosen: Sequence[RowMapping],
    purposes: Sequence[str],
    terminal: Terminal,
    where: tuple[str, str],
    sheets: Path | None,
    *,
    anew: bool,
) -> None:
    from scheduler.server.links.sheets import Made, address, is_secure, write_sheets
    from scheduler.server.links.tokens import TELEGRAM, make

    url, bot = where
    by_id = {row["id"]: row for row in chosen}
    links = []
    for purpose in purposes:  # a unit checks in nowhere; a code that nobody used gives way to a new one
        holders = [row["id"] for row in chosen if purpose == "feed" or row["kind"] == "person"]
        links += make(connection, holders, [purpose], int(time.time()), anew=anew or purpose == TELEGRAM)
    order = {subject: number for number, subject in enumerate(by_id)}
    links.sort(key=lambda link: order[link.subject_id])
    made = [
        Made(row["kind"], row["key"], row["name"], row["unit"], link.purpose, whole)
        for link in links
        for row in (by_id[link.subject_id],)
        for whole in (address(url, row["kind"], link.purpose, link.token, bot),)
    ]
    titles = {row["unit"]: (row["title"], terminal.asked or row["language"]) for row in chosen}
    written = write_sheets(made, sheets, titles) if sheets else []
    if any(one.purpose == "checkin" for one in made) and not is_secure(url):
        terminal.warn(
            Bilingual(
                id=f"{url}: peramban memberi lokasi hanya lewat HTTPS; presensi di alamat ini selalu tanpa lokasi.",
                en=f"{url}: browsers give a location over HTTPS only; check-ins at this address never have one.",
            )
        )
    terminal.answer(
        {
            "links": [{**one._asdict(), "webcal": one.webcal} for one in made],
            "sheets": [str(p) for p in written],
        }
    )
    if sheets and not made:
        terminal.say(
            Bilingual(
                id="Tidak ada lembar yang ditulis: semua sudah punya tautan, dan yang lama tidak tersimpan untuk dicetak. "
                f"Ganti dan cetak: giliran tokens rotate --sheets {sheets}; tautan lama lalu tidak berlaku.",
                en="No sheet was written: everybody has links already, and old ones are not kept to be printed. "
                f"Replace and print them: giliran tokens rotate --sheets {sheets}; old links then end.",
            )
        )
        return
    _say(made, written, terminal)


def _say(made: Sequence[Made], written: Sequence[Path], terminal: Terminal) -> None:
    if not made:
        terminal.say(
            Bilingual(
                id="Semua sudah punya tautan; yang lama tidak dapat ditampilkan lagi, hanya diganti (rotate).",
                en="Everybody has links already; those cannot be shown again, only replaced (rotate).",
            )
        )
    for path in written:
        terminal.say(Bilingual(id=f"ditulis: {path}", en=f"written: {path}"))
    rows: Sequence[Any] = () if written else made
    for one in rows:
        terminal.say(f"{one.unit} · {one.name} · {one.label.in_language(terminal.language)}")
        terminal.say(f"  {one.link}" + (f"\n  {one.webcal}" if one.webcal else ""))
    if written:
        terminal.say(
            Bilingual(
                id=f"{len(made)} tautan dibuat, dan hanya ada di lembar itu: cetak dan bagikan, lalu hapus berkasnya. "
                "Yang sudah punya tautan tidak tercantum.",
                en=f"{len(made)} links made, which stand on these sheets alone: print and hand them out, then delete the "
                "files. Who had a link already is not on them.",
            )
        )
    elif made:
        terminal.say(
            Bilingual(
                id=f"{len(made)} tautan dibuat; hanya ditampilkan sekali ini.",
                en=f"{len(made)} links made; they are shown this once.",
            )
        )
