"""Options of `generate` that other commands share: tweaks of the policy, how hard and where to search."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from typing import Any

import click

from scheduler.cli import spoken
from scheduler.cli.help_words import SEARCH, TWEAKS
from scheduler.cli.options import DAY, FOLDER, ONLY_UNITS, units_option
from scheduler.language import Bilingual

tweak = functools.partial(spoken.option, section=TWEAKS)
searching = functools.partial(spoken.option, section=SEARCH)

MOST_LOADING = 1.0
"""Seconds at most that a process takes to come to its command; one that does more did something else before."""


def tweak_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the tweaks of `generate`; the command gets them as `tweaks` (`scheduler.read.tweaks.Tweaks`)."""

    @tweak(
        "--phase",
        help=Bilingual(
            id="Tahap kebijakan yang disusun; bawaannya yang pertama.",
            en="The phase of the policy to make; by default the first.",
        ),
    )
    @tweak(
        "--from", "first", type=DAY, help=Bilingual(id="Hari pertama periode.", en="First day of the period.")
    )
    @tweak(
        "--to", "last", type=DAY, help=Bilingual(id="Hari terakhir periode.", en="Last day of the period.")
    )
    @tweak(
        "--quota",
        multiple=True,
        metavar="RANK=SHARE",
        help=Bilingual(
            id="Bagian suatu jenjang yang WFH, misalnya pelaksana=50%.",
            en="Share of a rank at home, as pelaksana=50%.",
        ),
    )
    @tweak(
        "--rounding",
        type=click.Choice(["carry", "floor", "nearest", "ceil"]),
        help=Bilingual(
            id="Pembulatan kuota: dibawa ke hari berikut (carry), ke bawah, terdekat, ke atas.",
            en="Rounding of quotas: carried to the next day, down, nearest, up.",
        ),
    )
    @tweak(
        "--stint",
        type=click.Choice(["1", "2", "1-2", "week"]),
        help=Bilingual(id="Hari kerja berturut-turut di rumah.", en="Working days in a row at home."),
    )
    @tweak(
        "--min-on-site",
        multiple=True,
        metavar="ECHELON=N",
        help=Bilingual(
            id="Jumlah pejabat suatu eselon yang hadir setiap hari, misalnya III=1.",
            en="People of an echelon on site each day, as III=1.",
        ),
    )
    @tweak(
        "--exempt",
        multiple=True,
        metavar="PATTERN",
        help=Bilingual(
            id="Unit yang selalu bekerja di kantor, misalnya “UPTD *”.",
            en="Units that are always at the office, as “UPTD *”.",
        ),
    )
    @tweak(
        "--service-post",
        multiple=True,
        metavar="NAME=N",
        help=Bilingual(
            id="Jumlah petugas suatu loket atau piket setiap hari, misalnya loket=2.",
            en="Officers of a post on site each day, as loket=2.",
        ),
    )
    @tweak(
        "--capacity",
        type=click.IntRange(min=0),
        help=Bilingual(id="Paling banyak orang di kantor setiap unit.", en="Most people on site per unit."),
    )
    @tweak(
        "--weekday",
        multiple=True,
        metavar="DAY=home|office",
        help=Bilingual(id="Hari tetap, misalnya jumat=home.", en="A fixed weekday, as fri=home."),
    )
    @tweak(
        "--max-home-per-week",
        type=click.IntRange(0, 7),
        help=Bilingual(
            id="Paling banyak hari WFH setiap orang dalam sepekan.", en="Most home days per person and week."
        ),
    )
    @tweak(
        "--holiday",
        multiple=True,
        type=DAY,
        help=Bilingual(
            id="Hari yang kemudian ditetapkan libur, misalnya 17/8/2021.",
            en="A day declared off later, as 17/8/2021.",
        ),
    )
    @tweak(
        "--set",
        "settings",
        multiple=True,
        metavar="RULE[NAME].FIELD=VALUE",
        help=Bilingual(
            id="Setelan lain, misalnya stint.office=any; semuanya: `giliran rules`.",
            en="Any other setting, as stint.office=any; all of them: `giliran rules`.",
        ),
    )
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from scheduler.read.tweaks import Tweaks

        names = Tweaks.__dataclass_fields__
        given = {name: kwargs.pop(name) for name in names}
        given.update({name: given[name] or "" for name in ("rounding", "stint", "phase")})
        given["holiday"] = tuple(day.isoformat() for day in given["holiday"])
        return function(*args, tweaks=Tweaks(**given), **kwargs)

    return wrapped


def solving_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add how hard, how long and where to solve; the command gets them as `search`, keywords of `pipeline.Order`."""

    @searching(
        "--effort",
        type=click.FloatRange(min=0.01),
        help=Bilingual(
            id="Seberapa keras mencari; bawaannya 20. Hasilnya selalu sama.",
            en="How hard to search; default 20. The result is always the same.",
        ),
    )
    @searching(
        "--time-limit",
        type=click.FloatRange(min=0.1),
        help=Bilingual(
            id="Batas waktu dalam detik, bawaannya tanpa batas; bila diulang, hasilnya dapat berbeda.",
            en="Seconds of wall clock in all, by default no limit; a rerun may differ.",
        ),
    )
    @searching(
        "--seed",
        type=click.IntRange(0, 2**31 - 1),
        default=0,
        show_default=True,
        help=Bilingual(id="Benih pengacakan pencarian.", en="Seed of the search."),
    )
    @searching(
        "--workers",
        type=click.IntRange(1, 256),
        help=Bilingual(
            id="Unit yang disusun sekaligus, bawaannya sebanyak inti prosesor; tidak mengubah hasil.",
            en="Units solved at once, by default one a processor core; never changes the result.",
        ),
    )
    @searching(
        "--executor",
        metavar="local|dask[=ADDRESS]|here",
        default="local",
        show_default=True,
        envvar="GILIRAN_EXECUTOR",
        help=Bilingual(
            id="Tempat unit disusun: proses tersendiri, gugus Dask, atau proses ini.",
            en="Where units are solved: processes of their own, a Dask cluster, or this process.",
        ),
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
            # a limit of time counts from when the command was typed
            "started": time.monotonic() - min(MOST_LOADING, time.process_time()),
        }
        return function(*args, search=search, **kwargs)

    return wrapped


def search_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add which units, how to solve and where to write; the command gets them all as `search`."""

    @units_option(ONLY_UNITS)
    @spoken.option(
        "--out",
        type=FOLDER,
        metavar="DIR",
        help=Bilingual(
            id="Folder hasil, sebagai ganti output/<skenario>/<dari>_<sampai>.",
            en="Output folder instead of output/<scenario>/<from>_<to>.",
        ),
    )
    @solving_options
    @functools.wraps(function)
    def wrapped(*args: Any, search: dict[str, Any], **kwargs: Any) -> Any:
        chosen = {"units": tuple(kwargs.pop("units")), "out": kwargs.pop("out")}
        return function(*args, search={**search, **chosen}, **kwargs)

    return wrapped
