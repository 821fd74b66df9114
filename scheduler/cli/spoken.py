"""Commands and options whose help stands in both languages where they are declared, and what click says itself.

The language is settled when help is printed, not when a module is imported. Click's own sentences ("Usage",
"No such option") come from the catalogue `locale/`, by gettext.
"""

from __future__ import annotations

import gettext
import inspect
import locale
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import click

from scheduler.language import Bilingual, Language

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "giliran"

Function = Callable[..., Any]
Decorator = Callable[[Function], Function]


class SpokenOption(click.Option):
    """An option whose help is a `Bilingual`."""

    def __init__(self, param_decls: Sequence[str] | None = None, *, help: Bilingual, **settings: Any) -> None:
        super().__init__(param_decls, help=help.en, **settings)
        self.spoken = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return names and help in the language asked for."""
        self.help = self.spoken.in_language(command_line_language())
        return super().get_help_record(ctx)


class SpokenCommand(click.Command):
    """A command whose help is the function's docstring in English, and `indonesian`."""

    def __init__(self, *args: Any, indonesian: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.spoken = Bilingual(id=inspect.cleandoc(indonesian), en=inspect.cleandoc(self.help or ""))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language asked for."""
        self.help = self.spoken.in_language(command_line_language())
        super().format_help_text(ctx, formatter)


def option(*declarations: str, help: Bilingual, **settings: Any) -> Decorator:
    """Declare an option as `click.option` does."""
    return click.option(*declarations, cls=SpokenOption, help=help, **settings)


def command(name: str, *, indonesian: str) -> Decorator:
    """Declare a command as `click.command` does; the docstring is the English help."""
    return click.command(name, cls=SpokenCommand, indonesian=indonesian)


def speak() -> None:
    """Let click speak the language asked for; for the program's own process, once at its start."""
    os.environ["LANGUAGE"] = command_line_language()
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    gettext.textdomain(DOMAIN)


def terminal_language() -> Language:
    """Return the environment's language: Indonesian, or else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "id" if value.casefold().startswith(("id", "in_")) else "en"
    if sys.platform == "win32":
        import ctypes

        # The lower ten bits are the primary language; 0x21 is Indonesian (MS-LCID).
        return "id" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 0x21 else "en"
    return "id" if (locale.getlocale()[0] or "").casefold().startswith("id") else "en"


def command_line_language() -> Language:
    """Return the language asked for by --lang, for help and for errors that arise before it is parsed."""
    words = sys.argv[1:]
    for number, word in enumerate(words):
        flag, equals, value = word.partition("=")
        asked = value if equals else "".join(words[number + 1 : number + 2])
        if flag == "--lang" and asked in ("id", "en"):
            return cast("Language", asked)
    return terminal_language()
