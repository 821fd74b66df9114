"""`giliran explain SCENARIO`: why no roster exists, and the cheapest ways out."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, ONLY_UNITS, Terminal, common_options, history_option, units_option
from scheduler.cli.search_options import tweak_options
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.explain import Explanation
    from scheduler.read.tweaks import Tweaks
    from scheduler.solve.conflicts.change import Change

FEASIBLE = Bilingual(
    id="Jadwal dapat disusun: tidak ada pertentangan antaraturan.",
    en="A roster can be made: no rules are in conflict.",
)
NO_ROSTER = Bilingual(id="Tidak ada jadwal yang memenuhi semua aturan.", en="No roster meets every rule.")
WAYS = Bilingual(
    id="Jalan keluar, termurah dulu (masing-masing sudah diuji):",
    en="Ways out, cheapest first (each was tried):",
)
NO_WAY = Bilingual(
    id="Tidak ditemukan jalan keluar dengan mengubah satu setelan, penetapan atau ketidakhadiran.",
    en="No way out was found by changing settings, pins or absences.",
)
NO_PRICES = Bilingual(
    id="Harga aturan baru dapat dihitung setelah ada jadwal.",
    en="What rules cost can be told only once there is a roster.",
)


@spoken.command(
    "explain",
    indonesian="""Terangkan mengapa jadwal tidak mungkin: aturan yang bertabrakan, dan jalan keluar termurah, masing-masing sudah dicoba.""",
)
@spoken.argument("scenario", type=FOLDER)
@tweak_options
@units_option(ONLY_UNITS)
@history_option
@spoken.option(
    "--prices",
    is_flag=True,
    help=Bilingual(
        id="Bila jadwal ada: biaya setiap tuntutan bila ditambah satu.",
        en="Where a roster exists: what one more of each demand would cost.",
    ),
)
@spoken.option(
    "--effort",
    type=click.FloatRange(min=0.01),
    help=Bilingual(
        id="Seberapa keras mencari; bawaannya 20. Hasilnya selalu sama.",
        en="How hard to search; default 20. The result is always the same.",
    ),
)
@common_options
def command(
    scenario: Path,
    tweaks: Tweaks,
    units: tuple[str, ...],
    history: tuple[Path, ...],
    prices: bool,
    effort: float | None,
    terminal: Terminal,
) -> int:
    """Tell why no roster exists: the fewest rules in conflict, and the cheapest ways out, each tried."""
    from scheduler.explain import explain
    from scheduler.pipeline import DEFAULT_EFFORT, Order, read_problem
    from scheduler.solve.effort import Effort
    from scheduler.solve.executors.finder import FinderApart

    order = Order(
        scenario=scenario, tweaks=tweaks, units=units, history=history, effort=effort or DEFAULT_EFFORT
    )
    is_here = os.environ.get("GILIRAN_EXECUTOR") == "here"
    with nullcontext(None) if is_here else FinderApart() as finder:
        problem = read_problem(order).problem
        found = explain(problem, Effort(limit=order.effort), finder=finder)
    if found.is_feasible and prices:
        from scheduler.cli.prices import show_prices

        show_prices(problem, Effort(limit=order.effort), terminal)
        return 0
    show(found, terminal)
    if prices:
        terminal.say("\n" + _wrapped(NO_PRICES.in_language(terminal.language), ""))
    return 0 if found.is_feasible else 4


def show(found: Explanation, terminal: Terminal) -> None:
    """Print conflicts and ways out in at most 80 columns."""
    language = terminal.language
    terminal.answer(
        {
            "feasible": found.is_feasible,
            "conflicts": [
                {
                    "unit": conflict.unit.name,
                    "rules": sorted(conflict.rules),
                    "by_counting": conflict.by_counting,
                    "sentences": [{"id": s.id, "en": s.en} for s in conflict.sentences()],
                }
                for conflict in found.conflicts
            ],
            "ways_out": [
                {
                    "cost": way.cost,
                    "flags": way.flags,
                    "changes": [_plain(change) for change in way.changes],
                    "id": way.sentence.id,
                    "en": way.sentence.en,
                }
                for way in found.ways_out
            ],
            "unexplained": found.unexplained,
            "lost": [{"id": s.id, "en": s.en} for s in found.lost],
        }
    )
    if found.is_feasible:
        terminal.say(FEASIBLE)
        return
    terminal.say(NO_ROSTER)
    for heading, sentences in found.headed():
        terminal.say("\n" + _wrapped(heading.in_language(language), ""))
        for sentence in sentences:
            terminal.say(_wrapped(sentence.in_language(language), "  • "))
    for unit in found.unexplained:
        said = Bilingual(
            id=f"{unit}: tidak ada jadwal yang ditemukan, dan sebabnya belum terbukti; naikkan --effort.",
            en=f"{unit}: no roster was found, and no cause is proven; raise --effort.",
        )
        terminal.say("\n" + _wrapped(said.in_language(language), ""))
    for said_lost in found.lost:
        terminal.say("\n" + _wrapped(said_lost.in_language(language), ""))
    if found.lost:
        return
    if not found.ways_out:
        terminal.say("\n" + _wrapped(NO_WAY.in_language(language), ""))
        return
    terminal.say("\n" + WAYS.in_language(language))
    for number, way in enumerate(found.ways_out, start=1):
        terminal.say(_wrapped(way.sentence.in_language(language), f"  {number}. "))


def _plain(change: Change) -> dict[str, object]:
    """Return a change for machines: a setting with its value, or a line of a table to take back."""
    from scheduler.solve.conflicts.change import setting_text

    if change.kind == "setting":
        return {
            "kind": change.kind,
            "rule": change.rule,
            "field": change.field,
            "before": setting_text(change.before) if change.before is not None else None,
            "value": setting_text(change.value),
        }
    return {
        "kind": change.kind,
        "unit": change.unit,
        "person_id": change.person,
        "date": change.day,
        "in_policy": change.in_policy,
    }


def _wrapped(text: str, start: str) -> str:
    from scheduler.cli.screen import filled

    return filled(text, start)
