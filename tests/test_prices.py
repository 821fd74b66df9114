"""What one more of a demand costs: each price is what solving the changed scenario by itself gives."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scheduler.cli.main import group
from scheduler.pipeline import Order, read_problem
from scheduler.prices import Price, find_prices
from scheduler.problem import Policy, Problem, Unit
from scheduler.read.tweaks import Tweaks
from scheduler.roster import HOME, OBJECTIVES
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit
from tests.cli.test_ways_out import counter, scenario
from tests.constraints.problems import lawful_rosters, make_rule, make_unit

RULES = """
[[rules.home_quota]]
name = "pelaksana"
for = { rank = "pelaksana" }
share = "50%"
rounding = "nearest"

[[rules.service_post]]
name = "Loket"
at_least = 2

[[rules.min_on_site]]
for = { rank = "pengawas" }
at_least = 1
"""


def office(folder: Path) -> Path:
    """Twelve officials, four of a counter, three leaders with turns of their own."""
    people = {i: {"service_post": "Loket"} for i in range(4)} | {i: {"rank": "pengawas"} for i in (8, 9, 10)}
    leaders = '[[rules.home_quota]]\nname = "pengawas"\nfor = { rank = "pengawas" }\nshare = "2/3"\nmode = "exact"\n'
    return scenario(folder, RULES + leaders, people, last="2021-08-04")


def run(*words: str) -> Result:
    return CliRunner().invoke(group, list(words), standalone_mode=False)


def figures(folder: Path, *settings: str) -> tuple[int, int, int] | None:
    """Home days, shortfall and spread of the scenario with these settings typed, solved by itself; None where none is."""
    from scheduler.errors import InfeasibleError

    order = Order(scenario=folder, tweaks=Tweaks(settings=settings))
    (unit,) = read_problem(order).problem.units
    try:
        roster = solve_unit(unit, Effort(limit=2.0)).roster
    except InfeasibleError:
        return None
    found = audit(unit, roster)
    assert found.broken == ()
    home = sum(status == HOME for row in roster.statuses for status in row)
    return home, found.objectives["shortfall"], max(s.spread for s in found.balances if s.kind == "home")


def test_each_price_is_the_difference_to_the_changed_scenario_solved_by_itself(tmp_path: Path) -> None:
    folder = office(tmp_path / "dinas")
    prices = json.loads(run("explain", str(folder), "--prices", "--effort", "2", "--json").output)
    assert {price["rule"] for price in prices} == {
        "home_quota[pelaksana]", "home_quota[pengawas]", "service_post[Loket]", "min_on_site"
    }  # fmt: skip
    before = figures(folder)
    assert before is not None
    for price in prices:
        _, typed = shlex.split(price["flag"])
        after = figures(folder, typed)
        assert price["feasible"] is (after is not None)
        if after is not None:
            difference = tuple(b - a for a, b in zip(before, after, strict=True))
            assert (price["home_days"], price["shortfall"], price["spread"]) == difference
    assert [price["rule"] for price in prices if not price["feasible"]] == [
        "min_on_site"
    ]  # two leaders of three on site against two of three at home
    assert any(price["home_days"] or price["spread"] for price in prices)


def _small(seed: int) -> Unit:
    rules: list[Any] = [
        make_rule("home_quota", share=["1/2", "1/3", "2/3"][seed % 3], rounding="nearest"),
        make_rule("stint", home=[1, 2], office="any"),
        make_rule("service_post", name="Loket", at_least=1),
    ]
    staff: list[dict[str, Any]] = [{"service_posts": ("Loket",)}, {"service_posts": ("Loket",)}, {}]
    absences = {(seed % 3, seed % 2): "leave"} if seed % 4 else {}
    return make_unit(rules, staff, 2, absences=absences)


@pytest.mark.parametrize("seed", range(6))
def test_brute_force_over_all_rosters_agrees_with_every_price(seed: int) -> None:
    unit = _small(seed)
    policy = Policy(title="", timezone="Asia/Makassar", rules=unit.rules)
    problem = Problem(
        name="x", policy=policy, first=unit.horizon.first, last=unit.horizon.last, units=(unit,)
    )
    prices = list(find_prices(problem, Effort(limit=2.0)))
    assert len(prices) == 2
    for price in prices:
        assert price.proven
        _assert_best(unit, price.before)
        _assert_best(price.change.apply(unit), price.after)


def _assert_best(unit: Unit, outcome: Any) -> None:
    """The outcome is that of a best roster; None where there is no lawful one."""
    lawful = []
    for roster, found in lawful_rosters(unit):
        home = sum(status == HOME for row in roster.statuses for status in row)
        spread = max((s.spread for s in found.balances if s.kind == "home"), default=0)
        lawful.append((tuple(found.objectives[name] for name in OBJECTIVES), home, spread))
    if not lawful:
        assert outcome is None
        return
    best = min(values for values, _, _ in lawful)
    among = {(best[0], home, spread) for values, home, spread in lawful if values == best}
    assert (outcome.shortfall, outcome.home, outcome.spread) in among


@pytest.mark.parametrize("language", ["id", "en"])
def test_prices_are_sentences_within_80_columns(language: str, tmp_path: Path) -> None:
    said = run("explain", str(office(tmp_path / "dinas")), "--prices", "--effort", "2", "--lang", language)
    assert said.return_value == 0
    assert all(len(line) <= 80 for line in said.output.splitlines())
    flat = " ".join(said.output.split())
    for words in {
        "id": ("Kuota pelaksana satu poin lagi (51%):", "Satu petugas lagi di Loket (menjadi 3):", "tidak ada jadwal lagi."),
        "en": ("One point more of the quota pelaksana (51%):", "One more officer at Loket (making 3):", "no roster is left."),
    }[language]:  # fmt: skip
        assert words in flat


def test_where_no_roster_exists_the_conflict_is_told_instead_of_prices(tmp_path: Path) -> None:
    said = run("explain", str(counter(tmp_path / "dinas")), "--prices", "--lang", "en")
    assert said.return_value == 4
    assert "these cannot all hold" in said.output
    assert "What rules cost can be told only once there is a roster." in said.output


def test_a_floor_that_asks_for_everybody_and_a_quota_of_nobody_have_no_price() -> None:
    unit = make_unit(
        [
            make_rule("home_quota", share="50%"),
            make_rule("always_office"),
            make_rule("min_on_site", at_least=3),
        ],
        [{}] * 3,
        1,
    )
    policy = Policy(title="", timezone="Asia/Makassar", rules=unit.rules)
    problem = Problem(
        name="x", policy=policy, first=unit.horizon.first, last=unit.horizon.last, units=(unit,)
    )
    found: list[Price] = list(find_prices(problem, Effort(limit=2.0)))
    assert found == []
