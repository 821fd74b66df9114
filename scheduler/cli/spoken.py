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
from typing import TYPE_CHECKING, Any, cast

import click

from scheduler.cli.examples import EXAMPLES
from scheduler.cli.help_words import EVERYWHERE, OWN, SECTIONS, in_words
from scheduler.language import Bilingual, Language

if TYPE_CHECKING:
    from click.types import OptionHelpExtra

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "giliran"

Function = Callable[..., Any]
Decorator = Callable[[Function], Function]


class SpokenOption(click.Option):
    """An option whose help is a `Bilingual`; `section` is the part of the help under which it stands."""

    def __init__(
        self,
        param_decls: Sequence[str] | None = None,
        *,
        help: Bilingual,
        section: Bilingual = OWN,
        **settings: Any,
    ) -> None:
        super().__init__(param_decls, help=help.en, **settings)
        self.spoken = help
        self.section = section

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return names and help in the language asked for."""
        self.help = self.spoken.in_language(command_line_language())
        return super().get_help_record(ctx)

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        """Return default and bounds, bounds as people write them: “1..256”, “>= 0.1”."""
        extra = super().get_help_extra(ctx)
        if "range" in extra:
            low, high = getattr(self.type, "min", None), getattr(self.type, "max", None)
            extra["range"] = f">= {low}" if high is None else f"{low}..{high}"
        return extra

    def make_metavar(self, ctx: click.Context) -> str:
        """Return what stands for the value, in the language asked for."""
        said = super().make_metavar(ctx).replace("INTEGER RANGE", "N").replace("FLOAT RANGE", "N")
        return in_words(said, command_line_language())


class SpokenArgument(click.Argument):
    """An argument named in the language asked for: SCENARIO, SKENARIO."""

    def make_metavar(self, ctx: click.Context) -> str:
        """Return its name in capitals, in the language asked for."""
        return in_words(super().make_metavar(ctx), command_line_language())


class SpokenCommand(click.Command):
    """A command whose help is the function's docstring in English, and `indonesian`; examples stand at its end."""

    def __init__(self, *args: Any, indonesian: str, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.spoken = Bilingual(
            id=in_words(inspect.cleandoc(indonesian), "id"), en=inspect.cleandoc(self.help or "")
        )

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words of the line “Usage”, in the language asked for."""
        return [in_words(piece, command_line_language()) for piece in super().collect_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language asked for."""
        self.help = self.spoken.in_language(command_line_language())
        super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options by sections: the command's own first, those of every command last."""
        records: dict[Bilingual, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                records.setdefault(getattr(parameter, "section", EVERYWHERE), []).append(record)
        for section in sorted(records, key=SECTIONS.index):
            with formatter.section(section.in_language(command_line_language())):
                formatter.write_dl(records[section])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, each a line to type beneath what it is for."""
        language = command_line_language()
        examples = EXAMPLES.get(self.name or "", ())
        if not examples:
            return
        with formatter.section("Contoh" if language == "id" else "Examples"):
            for said, line in examples:
                indent = " " * formatter.current_indent
                formatter.write(f"{indent}# {said.in_language(language)}\n")
                formatter.write(f"{indent}{line.in_language(language)}\n")


def argument(*declarations: str, **settings: Any) -> Decorator:
    """Declare an argument as `click.argument` does."""
    return click.argument(*declarations, cls=SpokenArgument, **settings)


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
