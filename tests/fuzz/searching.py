"""The loop that every search over seeds shares: what is wrong is printed with its seed, the counts at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

MOST_SHOWN = 4
"""Faults of one seed that are printed."""


def numbers(words: Sequence[str], *usual: int) -> list[int]:
    """Return FIRST and LAST of a command line and what may follow them, else what is usual."""
    given = [int(word) for word in words]
    return [*given, *usual[len(given) - 2 :]]


def search(seeds: range, faults_of: Callable[[int], Iterable[str]], count: Counter[str]) -> int:
    """Look at every seed; return 1 where something was wrong, as a program's exit code."""
    for seed in seeds:
        found = list(faults_of(seed))
        count["wrong" if found else "right"] += 1
        for fault in found[:MOST_SHOWN]:
            print(f"seed {seed}: {fault}", flush=True)
        if seed % 100 == 99:
            print(seed + 1, dict(count), flush=True)
    print(dict(sorted(count.items())))
    return int(count["wrong"] > 0)
