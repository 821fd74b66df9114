"""Automata and graphs hold exactly the rows that the lines allow, at the price the lines say."""

from __future__ import annotations

import random
from itertools import product

import numpy as np
import pytest

from scheduler.solve.rows import graph
from scheduler.solve.rows.automaton import Builder, Own

DAYS = 6


def _cost(row: tuple[int, ...], lines: list[Own]) -> int | None:
    """What a row costs in broken soft lines, or None where it breaks a hard one."""
    cost = 0
    for terms, low, high, weight in lines:
        if not low <= sum(c * row[k] for k, c in terms) <= high:
            if not weight:
                return None
            cost += weight
    return cost


def _lines(draw: random.Random) -> list[Own]:
    lines: list[Own] = []
    for _ in range(draw.randint(0, 5)):
        days = sorted(draw.sample(range(DAYS), draw.randint(1, 4)))
        terms = tuple((k, draw.choice([-1, 1, 1, 2])) for k in days)
        low = draw.randint(-2, 1)
        lines.append((terms, low, low + draw.randint(0, 3), draw.choice([0, 0, 3])))
    return lines


@pytest.mark.parametrize("seed", range(120))
def test_paths_are_the_lawful_rows_with_the_turns_asked_for(seed: int) -> None:
    draw = random.Random(seed)
    lines, free = _lines(draw), [draw.random() < 0.9 for _ in range(DAYS)]
    least = draw.randint(0, 3)
    most = least + draw.randint(0, 3)
    lawful = {
        row: cost
        for row in product((0, 1), repeat=DAYS)
        if all(f or not home for f, home in zip(free, row, strict=True))
        and (cost := _cost(row, lines)) is not None
    }
    automata = [Builder().build(free, lines)]
    counted = np.array([free])
    fewest, farthest = graph.turns_possible(automata, counted)
    if not lawful:
        assert fewest[0] > farthest[0]
        return
    assert (fewest[0], farthest[0]) == (min(map(sum, lawful)), max(map(sum, lawful)))
    wanted = {row: cost for row, cost in lawful.items() if least <= sum(row) <= most}
    border = np.array([[k in (0, 4) for k in range(DAYS)]])
    found = graph.build(
        [0],
        automata,
        graph.Counted(turns=counted, border=border, least=np.array([least]), most=np.array([most])),
    )
    price = np.array([[draw.randint(-5, 5) for _ in range(DAYS)]])
    values = found.potentials(price, np.zeros(len(found.end_person), dtype=np.int64))
    costs = {
        row: cost + sum(p * h for p, h in zip(price[0].tolist(), row, strict=True))
        for row, cost in wanted.items()
    }
    if not costs:
        assert values[0][0] >= graph.INFINITE // 2
        return
    assert values[0][0] == min(costs.values())
    within = found.rows_within(price, values, np.array([2]), 1000)
    assert within is not None
    rows = {tuple(int(home) for home in row) for row in within[1]}
    assert rows == {row for row, cost in costs.items() if cost <= min(costs.values()) + 2}


def test_people_made_together_have_the_automata_that_each_has_alone() -> None:
    draw, builder = random.Random(3), Builder()
    shared = [_lines(draw) for _ in range(6)]
    for _ in range(40):
        free = [draw.random() < 0.9 for _ in range(DAYS)]
        lines = [line for part in draw.sample(shared, 2) for line in part]
        assert builder.build(free, lines) == Builder().build(free, lines)


def test_a_clause_is_one_bit_whichever_side_of_a_sum_says_it() -> None:
    window = tuple((k, 1) for k in range(4))
    free = [True] * DAYS
    at_office = Builder().build(free, [(window, 0, 3, 0)])
    assert at_office == Builder().build(free, [(tuple((k, -1) for k, _ in window), -3, 0, 0)])
    assert at_office.width == 2
