"""Options that every command takes, and those that several share."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import click

from scheduler.cli import spoken
from scheduler.cli.help_words import EVERYWHERE
from scheduler.cli.spoken import command_line_language, terminal_language
from scheduler.language import Bilingual, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where and how a command speaks.

    Attributes
    ----------
    language : of what the terminal says. `asked` is the language typed by --lang, or None.
    as_json : results are printed as JSON for machines.
    quiet, verbose : less or more than usual.
    """

    language: Language
    asked: Language | None = None
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False

    def say(self, text: Bilingual | str) -> None:
        """Print a result for people, unless quiet or JSON is asked for."""
        if not self.quiet and not self.as_json:
            click.echo(text if isinstance(text, str) else text.in_language(self.language))

    def warn(self, text: Bilingual | str) -> None:
        """Print on standard error, unless quiet."""
        if not self.quiet:
            click.echo(text if isinstance(text, str) else text.in_language(self.language), err=True)

    def answer(self, value: Any) -> None:
        """Print a result for machines where JSON is asked for."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))

    @property
    def shows_progress(self) -> bool:
        """Whether a progress bar is wanted: only on a terminal, on standard error."""
        return sys.stderr.isatty() and not self.quiet and not self.as_json


LANGUAGE_HELP = Bilingual(
    id="Bahasa pesan dan hasil; bawaannya menurut komputer ini (LANG).",
    en="Language of messages and outputs; by default this computer's (LANG).",
)


everywhere = functools.partial(spoken.option, section=EVERYWHERE)


def common_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --lang, --json, -q, -v and --debug; the command gets them as `terminal`."""

    @everywhere("--lang", type=click.Choice(["id", "en"]), help=LANGUAGE_HELP)
    @everywhere(
        "--json",
        "as_json",
        is_flag=True,
        help=Bilingual(
            id="Cetak hasil sebagai JSON, untuk program.", en="Print the result as JSON, for machines."
        ),
    )
    @everywhere(
        "-q",
        "--quiet",
        is_flag=True,
        help=Bilingual(id="Hanya sebut yang keliru.", en="Say only what went wrong."),
    )
    @everywhere("-v", "--verbose", is_flag=True, help=Bilingual(id="Jelaskan lebih banyak.", en="Say more."))
    @everywhere(
        "--debug",
        is_flag=True,
        help=Bilingual(
            id="Tampilkan jejak kesalahan program (traceback).", en="Show the traceback of an error."
        ),
    )
    @functools.wraps(function)
    def wrapped(
        *args: Any, lang: str | None, as_json: bool, quiet: bool, verbose: bool, debug: bool, **kwargs: Any
    ) -> Any:
        # `giliran --lang en today …` is as good as `giliran today … --lang en`
        asked = cast("Language | None", lang or click.get_current_context().find_root().params.get("lang"))
        terminal = Terminal(
            language=asked or terminal_language(), asked=asked, as_json=as_json, quiet=quiet, verbose=verbose
        )
        return function(*args, terminal=terminal, **kwargs)

    return wrapped


class Day(click.ParamType):  # type: ignore[type-arg]  # generic in its stubs only
    """A date as 2021-08-03, 3/8/2021 (day first) or “3 Agustus 2021”."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or fail with what is allowed."""
        from scheduler.read.dates import date_of

        found = date_of(value.strip() if isinstance(value, str) else value)
        if found is None:
            self.fail(
                Bilingual(
                    id=f"“{value}” bukan tanggal; tulis 2021-08-03 atau 3/8/2021.",
                    en=f"“{value}” is no date; write 2021-08-03 or 3/8/2021.",
                ).in_language(command_line_language()),
                param,
                ctx,
            )
        return found


DAY = Day()
FOLDER = click.Path(path_type=Path)

database_option = spoken.option(
    "--database",
    metavar="URL",
    help=Bilingual(
        id="Basis data; bawaannya $GILIRAN_DATABASE atau sqlite:///output/giliran.db.",
        en="By default $GILIRAN_DATABASE or sqlite:///output/giliran.db.",
    ),
)
"""Add --database, where the server keeps all; `database` is None where it is not given."""

published_option = spoken.option(
    "--scenario",
    "name",
    metavar="NAME",
    help=Bilingual(id="Hanya dari skenario ini.", en="Only of this scenario."),
)
"""Add --scenario by the name under which it was published; the command gets `name`."""

moved_option = spoken.option(
    "--scenario",
    type=FOLDER,
    metavar="DIR",
    help=Bilingual(
        id="Folder skenario, bila sudah dipindahkan.", en="The scenario folder, where it has moved."
    ),
)
"""Add --scenario by its folder; the command gets `scenario`."""

history_option = spoken.option(
    "--history",
    multiple=True,
    type=FOLDER,
    metavar="DIR",
    help=Bilingual(
        id="Folder hasil periode sebelumnya; boleh berulang.",
        en="Output folder of an earlier period; repeatable.",
    ),
)
"""Add --history, repeatable; the command gets `history`."""

people_option = spoken.option(
    "--person",
    "people",
    multiple=True,
    metavar="P",
    help=Bilingual(id="Hanya orang-orang ini, dengan id atau nama.", en="Only these people, by id or name."),
)
"""Add --person, repeatable; the command gets `people`."""


def units_option(told: Bilingual) -> spoken.Decorator:
    """Return what adds --unit, repeatable, told as it is meant there; the command gets `units`."""
    return spoken.option("--unit", "units", multiple=True, metavar="PATTERN", help=told)


ONLY_UNITS = Bilingual(
    id="Hanya unit-unit ini, misalnya “Dinas *”; boleh berulang.",
    en="Only these units, as “Dinas *”; repeatable.",
)
