"""What `giliran explain --prices` shows."""

from __future__ import annotations

from scheduler.cli.options import Terminal
from scheduler.language import Language, format_number
from scheduler.prices import Price, find_prices
from scheduler.problem import Problem
from scheduler.solve.search import Effort


def show_prices(problem: Problem, effort: Effort, terminal: Terminal) -> None:
    """Print for each unit what one more of each demand costs in home days, shortfall and spread."""
    from scheduler.cli.screen import table

    language = terminal.language
    prices = list(find_prices(problem, effort))
    terminal.answer([_plain(price) for price in prices])
    if not prices:
        terminal.say(
            {
                "id": "Tidak ada tuntutan yang dapat dinaikkan.",
                "en": "There is no demand to raise.",
            }[language]
        )
        return
    heading = (
        ("Unit", "Bila ditambah", "Hari WFH", "Kurang", "Selisih saldo")
        if language == "id"
        else ("Unit", "If raised", "Home days", "Short", "Spread")
    )
    rows: list[tuple[str, ...]] = [heading]
    unit = ""
    for price in prices:
        rows.append(("" if price.unit == unit else price.unit, *_cells(price, language)))
        unit = price.unit
    terminal.say(table(rows, left=(0, 1)))


def _cells(price: Price, language: Language) -> tuple[str, str, str, str]:
    label = price.label.in_language(language)
    if price.after is None:
        return label, "tidak mungkin" if language == "id" else "no roster", "", ""
    mark = "" if price.proven else " ±"
    spread = price.after.spread - price.before.spread
    return (
        label,
        f"{price.after.home - price.before.home:+d}",
        f"{price.after.shortfall - price.before.shortfall:+d}",
        ("+" if spread >= 0 else "-") + format_number(abs(spread) / 1000, language, 2) + mark,
    )


def _plain(price: Price) -> dict[str, object]:
    return {
        "unit": price.unit,
        "rule": price.change.rule,
        "field": price.change.field,
        "value": str(price.change.value),
        "feasible": price.after is not None,
        "home_days": None if price.after is None else price.after.home - price.before.home,
        "shortfall": None if price.after is None else price.after.shortfall - price.before.shortfall,
        "spread": None if price.after is None else price.after.spread - price.before.spread,
        "proven": price.proven,
    }
