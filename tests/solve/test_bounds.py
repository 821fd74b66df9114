"""What counting says of turns: brute force over every sharing out of few turns among few people agrees."""

from __future__ import annotations

import random
from itertools import product

import pytest

from scheduler.solve.bounds import Range, even_windows, fairest_windows


@pytest.mark.parametrize("seed", range(200))
def test_windows_hold_exactly_the_fairest_ways_to_share_turns_out(seed: int) -> None:
    draw = random.Random(seed)
    people = []
    for _ in range(draw.randint(1, 4)):
        least = draw.randint(0, 2)
        people.append(
            Range(draw.choice([0, 0, -500, draw.randint(-1500, 1500)]), least, least + draw.randint(0, 3))
        )
    total = draw.randint(0, sum(p.most for p in people) + 1)
    ways = [ways for ways in product(*(range(p.least, p.most + 1) for p in people)) if sum(ways) == total]
    found, even = fairest_windows(people, total), even_windows(people, total)
    if not ways:
        assert found is None and even is None
        return
    assert found is not None and even is not None

    def measures(turns: tuple[int, ...]) -> tuple[int, int]:
        balances = [p.offset + 1000 * n for p, n in zip(people, turns, strict=True)]
        return max(balances) - min(balances), sum(abs(balance) for balance in balances)

    def within(turns: tuple[int, ...], windows: object) -> bool:
        return any(
            all(low <= n <= high for low, n, high in zip(w.least, turns, w.most, strict=True))
            for w in windows  # type: ignore[attr-defined]
        )

    aim, windows = found
    assert (aim.spread, aim.cost) == min(measures(turns) for turns in ways)
    assert aim.cost == min(measures(turns)[1] for turns in ways), "and no wider spread has a smaller sum"
    for turns in ways:
        assert (measures(turns) == (aim.spread, aim.cost)) == within(turns, windows)
        assert (measures(turns)[0] == even[0]) == within(turns, even[1])
