"""What is said of a unit in one line: its people, target, shortfall, spread, and how far it is proven."""

from __future__ import annotations

from typing import NamedTuple

from scheduler.language import Bilingual, Language, format_number
from scheduler.roster import UnitResult
from scheduler.weighing import IN_THOUSANDTHS, WEIGHTED_SUM
from scheduler.write.board import Board

OBJECTIVE_LABELS = {
    "shortfall": Bilingual(id="kekurangan", en="shortfall"),
    "changes": Bilingual(id="perubahan", en="changes"),
    WEIGHTED_SUM: Bilingual(id="jumlah berbobot", en="weighted sum"),
    "fairness_spread": Bilingual(id="selisih saldo", en="spread of balances"),
    "fairness_total": Bilingual(id="jumlah saldo", en="sum of balances"),
    "role_spread": Bilingual(id="selisih saldo piket", en="spread of role balances"),
    "role_total": Bilingual(id="jumlah saldo piket", en="sum of role balances"),
    "monday_friday": Bilingual(id="Senin dan Jumat", en="Mondays and Fridays"),
    "preferences": Bilingual(id="keinginan", en="preferences"),
    "stints": Bilingual(id="panjang giliran", en="lengths of stints"),
}


class UnitSummary(NamedTuple):
    """What the summary says of one unit; `spread` in thousandths of a day is the largest among its quotas."""

    name: str
    people: int
    rotating: int
    target: int
    home: int
    shortfall: int
    spread: int | None
    proof: str

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """People, those who take turns, target, home and shortfall."""
        return self.people, self.rotating, self.target, self.home, self.shortfall


def summarise(result: UnitResult, board: Board, language: Language) -> UnitSummary:
    """Return what the summary says of one unit."""
    days = [day for quota in board.quotas for day in quota.report.days]
    spreads = [sheet.spread for sheet in result.audit.balances if sheet.kind == "home"]
    return UnitSummary(
        name=board.unit.name,
        people=len(board.rows),
        rotating=len({person for quota in board.quotas for person in quota.report.people}),
        target=sum(day.target for day in days),
        home=sum(day.home for day in days) if days else sum(row.home_days for row in board.rows),
        shortfall=sum(day.shortfall for day in days),
        spread=max(spreads, default=None),
        proof=describe_proof(result, language),
    )


def describe_proof(result: UnitResult, language: Language) -> str:
    """Return whether the roster is proven optimal, or within what of it."""
    id_ = language == "id"
    open_ = [objective for objective in result.objectives if not objective.is_optimal]
    if not result.objectives:
        return "–"
    if not open_ and not result.interrupted:
        return "terbukti optimal" if id_ else "proven optimal"
    parts = []
    for objective in open_:
        label = OBJECTIVE_LABELS.get(objective.name)
        gap = objective.value - objective.bound
        amount = (
            format_number(gap / 1000, language, 2) + (" hari" if id_ else " days")
            if objective.name in IN_THOUSANDTHS
            else format_number(gap / 1000, language, 2)
            if objective.name == WEIGHTED_SUM
            else str(gap)
        )
        parts.append(f"{label.in_language(language) if label else objective.name} {amount}")
    text = ("dalam " if id_ else "within ") + "; ".join(parts) if parts else ""
    if result.interrupted:
        text = "; ".join(filter(None, (text, "dihentikan sebelum selesai" if id_ else "interrupted")))
    return text
