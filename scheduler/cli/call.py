"""`giliran call`: asks people who must be reachable to show that they are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from getpass import getuser
from typing import TYPE_CHECKING, Any

from scheduler.cli import spoken
from scheduler.cli.options import (
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
    from sqlalchemy import Connection

NOBODY = Bilingual(
    id="Saat ini tidak ada yang wajib dapat dihubungi: lihat `reachability` pada kebijakan, jamnya, dan siapa yang WFH hari ini.",
    en="Nobody need be reachable now: see the policy's `reachability`, its hours, and who is at home today.",
)


@spoken.command(
    "call",
    indonesian="""Panggil mereka yang sekarang harus dapat dihubungi; mereka menjawab di halaman presensi atau kepada bot Telegram.

Yang dikenal bot diberi tahu olehnya bila GILIRAN_TELEGRAM_TOKEN terisi; yang lain hubungilah sendiri.""",
)
@database_option
@published_option
@units_option(Bilingual(id="Hanya pegawai unit-unit ini.", en="Only people of these units."))
@people_option
@spoken.option(
    "--by",
    default="",
    metavar="NAME",
    help=Bilingual(
        id="Siapa yang memanggil; bawaannya pengguna komputer ini.",
        en="Who calls; default the user of this computer.",
    ),
)
@common_options
def command(
    database: str | None,
    name: str | None,
    units: tuple[str, ...],
    people: tuple[str, ...],
    by: str,
    terminal: Terminal,
) -> None:
    """Call those who must be reachable now by the policy; they answer on their check-in page or to the Telegram bot.

    Whom the bot knows is told by it, where GILIRAN_TELEGRAM_TOKEN is set; tell the others yourself.
    """
    from scheduler.server.needs import require_server

    require_server()
    from sqlalchemy.exc import SQLAlchemyError

    from scheduler.server.phone.calls import ask
    from scheduler.server.store.database import database_url, open_database, unreachable, writing

    engine = open_database(database_url(database))
    now = time.time_ns() // 1_000_000
    try:
        with writing(engine) as connection:
            called = _reachable(connection, name, units, people, now)
            if not called:
                raise UsageError(NOBODY)
            ask(connection, [(one["id"], one["minutes"]) for one in called], by or getuser(), now)
    except SQLAlchemyError as error:
        raise unreachable(str(engine.url), error) from error
    finally:
        engine.dispose()
    told = _tell(called)
    keys = ("scenario", "unit", "key", "name", "minutes", "until")
    terminal.answer([{key: one[key] for key in keys} | {"told": one["id"] in told} for one in called])
    for one in called:
        by_bot = " · Telegram ✓" if one["id"] in told else ""
        until = one["until"].replace(":", ".") if terminal.language == "id" else one["until"]
        shown = Bilingual(id=f"jawab sebelum {until}", en=f"answer by {until}").in_language(terminal.language)
        terminal.say(f"{one['unit']} · {one['name']} · {shown}{by_bot}")


def _reachable(
    connection: Connection, name: str | None, units: Sequence[str], people: Sequence[str], now: int
) -> list[dict[str, Any]]:
    """Return the people chosen of whom an answer may be asked now, with the minutes in which."""
    from zoneinfo import ZoneInfo

    from scheduler.constraints.selection import matches
    from scheduler.server.links.tokens import subjects
    from scheduler.server.phone.calls import minutes_asked
    from scheduler.server.telegram.accounts import accounts_of

    found = []
    for row in subjects(connection, name):
        wanted = not people or row["key"] in people or matches(row["name"], people)
        if row["kind"] != "person" or not wanted or (units and not matches(row["unit"], units)):
            continue
        zone = ZoneInfo(row["timezone"])
        minutes = minutes_asked(
            connection, row["id"], f"{datetime.fromtimestamp(now / 1000, zone):%Y-%m-%d}", now
        )
        if minutes:
            until = datetime.fromtimestamp(now / 1000 + minutes * 60, zone)
            accounts = accounts_of(connection, row["id"])
            found.append({**row, "minutes": minutes, "until": f"{until:%H:%M}", "accounts": accounts})
    return found


def _tell(called: Sequence[dict[str, Any]]) -> set[int]:
    """Have the bot tell whom it knows; return who was told. A message that cannot be sent is let go."""
    import os

    from scheduler.server.telegram.client import ApiError, BotApi, NoAnswerError
    from scheduler.server.telegram.settings import read_settings

    settings = read_settings(os.environ)
    if not settings.token:
        return set()
    api, told = (
        BotApi(settings.token, os.environ.get("GILIRAN_TELEGRAM_API", "https://api.telegram.org")),
        set(),
    )
    for one in called:
        said = Bilingual(
            id=f"Anda dipanggil. Jawab sebelum {one['until'].replace(':', '.')}: balas pesan ini, atau buka halaman presensi Anda.",
            en=f"You are called. Answer by {one['until']}: reply to this message, or open your check-in page.",
        )
        for account in one["accounts"]:
            try:
                api.call(
                    "sendMessage",
                    chat_id=account,
                    text=said.in_language("en" if one["language"] == "en" else "id"),
                )
            except (ApiError, NoAnswerError):
                continue
            told.add(one["id"])
    return told
