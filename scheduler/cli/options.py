"""Options that every command takes, and those of `generate` that others share."""

from __future__ import annotations

import functools
import json
import locale
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import click

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


def common_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --lang, --json, -q, -v and --debug; the command gets them as `terminal`."""

    @click.option("--lang", type=click.Choice(["id", "en"]), help="Language of messages and outputs.")
    @click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for machines.")
    @click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more.")
    @click.option("--debug", is_flag=True, help="Show the traceback of an error.")
    @functools.wraps(function)
    def wrapped(
        *args: Any, lang: str | None, as_json: bool, quiet: bool, verbose: bool, debug: bool, **kwargs: Any
    ) -> Any:
        asked = cast("Language | None", lang)
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
                {
                    "id": f"“{value}” bukan tanggal; tulis 2021-08-03 atau 3/8/2021.",
                    "en": f"“{value}” is no date; write 2021-08-03 or 3/8/2021.",
                }[command_line_language()],
                param,
                ctx,
            )
        return found


DAY = Day()
FOLDER = click.Path(path_type=Path)


def tweak_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the tweaks of `generate`; the command gets them as `tweaks` (`scheduler.read.tweaks.Tweaks`)."""

    @click.option("--phase", help="The phase of the policy to make; by default the first.")
    @click.option("--from", "first", type=DAY, help="First day of the period.")
    @click.option("--to", "last", type=DAY, help="Last day of the period.")
    @click.option(
        "--quota", multiple=True, metavar="RANK=SHARE", help="Share of a rank at home, as pelaksana=50%."
    )
    @click.option(
        "--rounding", type=click.Choice(["carry", "floor", "nearest", "ceil"]), help="Rounding of quotas."
    )
    @click.option(
        "--stint", type=click.Choice(["1", "2", "1-2", "week"]), help="Working days in a row at home."
    )
    @click.option(
        "--min-on-site", multiple=True, metavar="ECHELON=N", help="People of an echelon on site each day."
    )
    @click.option("--exempt", multiple=True, metavar="PATTERN", help="Units that are always at the office.")
    @click.option(
        "--service-post", multiple=True, metavar="NAME=N", help="Officers of a post on site each day."
    )
    @click.option("--capacity", type=click.IntRange(min=0), help="Most people on site per unit.")
    @click.option("--weekday", multiple=True, metavar="DAY=home|office", help="A fixed weekday, as fri=home.")
    @click.option(
        "--max-home-per-week", type=click.IntRange(0, 7), help="Most home days per person and week."
    )
    @click.option(
        "--set", "settings", multiple=True, metavar="RULE[NAME].FIELD=VALUE", help="Any other setting."
    )
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from scheduler.read.tweaks import Tweaks

        names = Tweaks.__dataclass_fields__
        given = {name: kwargs.pop(name) for name in names}
        given.update({name: given[name] or "" for name in ("rounding", "stint", "phase")})
        return function(*args, tweaks=Tweaks(**given), **kwargs)

    return wrapped


def solving_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add how hard, how long and where to solve; the command gets them as `search`, keywords of `pipeline.Order`."""

    @click.option("--effort", type=click.FloatRange(min=0.01), help="How hard to search; deterministic.")
    @click.option(
        "--time-limit",
        type=click.FloatRange(min=0.1),
        help="Seconds of wall clock in all; a rerun may differ.",
    )
    @click.option(
        "--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Seed of the search."
    )
    @click.option(
        "--workers", type=click.IntRange(1, 256), help="Units solved at once; never changes the result."
    )
    @click.option(
        "--executor",
        metavar="local|dask[=ADDRESS]|here",
        default="local",
        show_default=True,
        envvar="GILIRAN_EXECUTOR",
        help="Where units are solved: processes of their own, a Dask cluster, or this process.",
    )
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from scheduler.pipeline import DEFAULT_EFFORT

        search = {
            "effort": kwargs.pop("effort") or DEFAULT_EFFORT,
            "time_limit": kwargs.pop("time_limit"),
            "seed": kwargs.pop("seed"),
            "workers": kwargs.pop("workers") or os.cpu_count() or 1,
            "executor": kwargs.pop("executor"),
            "started": time.monotonic(),
        }
        return function(*args, search=search, **kwargs)

    return wrapped


def search_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add which units, how to solve and where to write; the command gets them all as `search`."""

    @click.option("--unit", "units", multiple=True, metavar="PATTERN", help="Only these units.")
    @click.option("--out", type=FOLDER, help="Output folder instead of output/<scenario>/<from>_<to>.")
    @solving_options
    @functools.wraps(function)
    def wrapped(*args: Any, search: dict[str, Any], **kwargs: Any) -> Any:
        chosen = {"units": tuple(kwargs.pop("units")), "out": kwargs.pop("out")}
        return function(*args, search={**search, **chosen}, **kwargs)

    return wrapped
