"""`giliran users`: who may sign in to the board, as what, and which units they see."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import spoken
from scheduler.cli.options import Terminal, common_options, database_option, units_option
from scheduler.errors import UsageError
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from sqlalchemy import Connection

ACTIONS = ["list", "add", "password", "disable"]


@spoken.command(
    "users",
    indonesian="""Daftar, tambah atau nonaktifkan akun papan, atau ganti kata sandinya.

Kata sandi ditanyakan dan tidak pernah ditampilkan. Menggantinya mengakhiri sesi akun itu dan membukanya kembali
setelah `disable`.""",
)
@spoken.argument("action", type=click.Choice(ACTIONS), default="list")
@spoken.argument("name", default="")
@database_option
@spoken.option(
    "--role",
    type=click.Choice(["admin", "head", "monitor"]),
    default="head",
    show_default=True,
    help=Bilingual(
        id="Wewenangnya: pemantau melihat, kepala mengubah unitnya, admin semuanya.",
        en="What it may do: monitors look, heads change their units, admins all.",
    ),
)
@units_option(Bilingual(id="Unit yang dilihatnya; boleh berulang.", en="The units it sees; repeatable."))
@spoken.option(
    "--scenario",
    metavar="NAME",
    help=Bilingual(
        id="Hanya dari skenario ini; admin pun lalu hanya melihat yang ini.",
        en="Of this scenario only; an admin then sees this one alone.",
    ),
)
@spoken.option(
    "--password-stdin",
    is_flag=True,
    help=Bilingual(
        id="Baca kata sandi dari masukan baku, untuk skrip.",
        en="Read the password from standard input, for scripts.",
    ),
)
@common_options
def command(
    action: str,
    name: str,
    database: str | None,
    role: str,
    units: tuple[str, ...],
    scenario: str | None,
    password_stdin: bool,
    terminal: Terminal,
) -> None:
    """List, add or disable accounts of the board, or replace a password.

    A password is asked for and never shown. Replacing it ends the account's sessions and opens it again after
    `disable`.
    """
    from scheduler.server.needs import require_server

    require_server()
    from sqlalchemy.exc import SQLAlchemyError

    from scheduler.server.store.database import database_url, open_database, unreachable, writing

    if action != "list" and not name:
        raise UsageError(
            Bilingual(id=f"users {action}: sebut nama akunnya.", en=f"users {action}: name the account.")
        )
    engine = open_database(database_url(database))
    try:
        with engine.connect() as connection:
            scopes = _scopes(connection, units, scenario) if action == "add" else ()
        password = _password(password_stdin) if action in ("add", "password") else ""
        with writing(engine) as connection:
            _act(connection, action, name, role, scopes, password, terminal)
    except SQLAlchemyError as error:
        raise unreachable(str(engine.url), error) from error
    finally:
        engine.dispose()


def _act(
    connection: Connection,
    action: str,
    name: str,
    role: Any,
    scopes: tuple[tuple[int, str], ...],
    password: str,
    terminal: Terminal,
) -> None:
    from scheduler.server.board import accounts

    now = int(time.time())
    if action == "list":
        _list(accounts.accounts(connection), terminal)
        return
    if action == "add":
        accounts.add(connection, name, role, password, scopes, now)
        said = Bilingual(
            id=f"Akun {name} dibuat; masuk di /board.", en=f"Account {name} made; sign in at /board."
        )
    elif action == "password":
        row = accounts.find(connection, name)
        accounts.set_password(connection, row["id"], row["name"], password)
        said = Bilingual(id=f"Sandi {name} diganti.", en=f"The password of {name} was replaced.")
    else:
        accounts.disable(connection, accounts.find(connection, name)["id"], now)
        said = Bilingual(id=f"Akun {name} ditutup.", en=f"Account {name} is disabled.")
    terminal.answer({"account": name, "action": action})
    terminal.say(said)


def _list(rows: list[dict[str, Any]], terminal: Terminal) -> None:
    from scheduler.cli.screen import table

    terminal.answer(
        [{k: row[k] for k in ("name", "role", "units", "sees_everything", "disabled_at")} for row in rows]
    )
    heads = (
        ("Akun", "Peran", "Unit", "Ditutup")
        if terminal.language == "id"
        else ("Account", "Role", "Units", "Disabled")
    )
    everything = Bilingual(id="semua", en="all").in_language(terminal.language)
    body = [
        (
            row["name"],
            row["role"],
            everything if row["sees_everything"] else _some(row["units"]),
            "✓" if row["disabled_at"] else "",
        )
        for row in rows
    ]
    terminal.say(table([heads, *body], left=(0, 1, 2)))


def _some(units: list[str]) -> str:
    more = f" +{len(units) - 1}" if len(units) > 1 else ""
    return (units[0] if units else "–") + more


def _scopes(
    connection: Connection, patterns: tuple[str, ...], scenario: str | None
) -> tuple[tuple[int, str], ...]:
    """Return what the account shall see; a pattern that is `*` stands for units to come, too."""
    from sqlalchemy import select

    from scheduler.constraints.selection import matches
    from scheduler.server.board.accounts import EVERY_UNIT
    from scheduler.server.store.tables import SCENARIO, SUBJECT

    known = [
        (i, name)
        for i, name in connection.execute(select(SCENARIO.c.id, SCENARIO.c.name))
        if scenario in (None, name)
    ]
    if scenario is not None and not known:
        raise UsageError(
            Bilingual(
                id=f"--scenario {scenario}: belum ada jadwal terbit dengan nama itu.",
                en=f"--scenario {scenario}: no roster of that name is published.",
            )
        )
    if not patterns:
        return tuple((i, EVERY_UNIT) for i, _ in known) if scenario is not None else ()
    if patterns == (EVERY_UNIT,):
        return tuple((i, EVERY_UNIT) for i, _ in known)
    c = SUBJECT.c
    units = connection.execute(select(c.scenario_id, c.key).where(c.kind == "unit")).all()
    found = tuple((i, unit) for i, unit in units if i in dict(known) and matches(unit, patterns))
    if not found:
        names = ", ".join(sorted({unit for _, unit in units})[:12]) or "–"
        raise UsageError(
            Bilingual(
                id=f"--unit {', '.join(patterns)}: tidak ada unit yang cocok. Yang terbit: {names}.",
                en=f"--unit {', '.join(patterns)}: no unit matches. Published are: {names}.",
            )
        )
    return found


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    text = Bilingual(id="Sandi", en="Password")
    from scheduler.cli.spoken import terminal_language

    language = terminal_language()
    again = Bilingual(id="Sandi sekali lagi", en="Once more").in_language(language)
    return str(click.prompt(text.in_language(language), hide_input=True, confirmation_prompt=again))
