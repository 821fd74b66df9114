"""What `giliran explain --prices` shows."""

from __future__ import annotations

from itertools import groupby

from scheduler.cli.options import Terminal
from scheduler.language import Bilingual
from scheduler.prices import Price, find_prices
from scheduler.problem import Problem
from scheduler.solve.search import Effort


def show_prices(problem: Problem, effort: Effort, terminal: Terminal) -> None:
    """Print for each unit, a sentence each, what one more of each demand costs."""
    from scheduler.cli.screen import bullet

    prices = list(find_prices(problem, effort))
    terminal.answer([_plain(price) for price in prices])
    if not prices:
        terminal.say(
            Bilingual(id="Tidak ada tuntutan yang dapat dinaikkan.", en="There is no demand to raise.")
        )
        return
    for unit, of_unit in groupby(prices, key=lambda price: price.unit):
        terminal.say(f"\n{unit}")
        for price in of_unit:
            terminal.say(bullet(price.sentence.in_language(terminal.language)))


def _plain(price: Price) -> dict[str, object]:
    after, before = price.after, price.before
    return {
        "unit": price.unit,
        "rule": price.change.rule,
        "field": price.change.field,
        "value": str(price.change.value),
        "flag": price.change.flag,
        "feasible": after is not None,
        "home_days": None if after is None else after.home - before.home,
        "shortfall": None if after is None else after.shortfall - before.shortfall,
        "spread": None if after is None else after.spread - before.spread,
        "proven": price.proven,
        "id": price.sentence.id,
        "en": price.sentence.en,
    }
