"""Many warnings as few lines: what is to be said of many rows in the same words is said once, with all the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from scheduler.errors import Fault
from scheduler.language import Bilingual


def gathered(warnings: Iterable[Fault]) -> list[Fault]:
    """Return one warning for all that differ in row and value alone, in the order of the first of each."""
    alike: dict[tuple[object, ...], list[Fault]] = defaultdict(list)
    for warning in warnings:
        alike[warning.problem, warning.file, warning.sheet, warning.field, warning.remedy].append(warning)
    return [_as_one(group) for group in alike.values()]


def _as_one(group: Sequence[Fault]) -> Fault:
    first = group[0]
    if len(group) == 1:
        return first
    rows = ranges([warning.row for warning in group])
    problem = Bilingual(
        id=f"{first.problem.id} ({len(group)} baris: {rows})",
        en=f"{first.problem.en} ({len(group)} rows: {rows})",
    )
    return replace(first, row=0, problem=problem, value=_together([warning.value for warning in group]))


def ranges(rows: Iterable[int]) -> str:
    """Return rows in order, those that follow one another as a range.

    Examples
    --------
    >>> ranges([9, 2, 3, 4, 11, 12])
    '2–4, 9, 11–12'
    """
    runs: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def _together(values: Iterable[str], most: int = 56) -> str:
    """Return different values joined while they fit into a line, else the first with dots."""
    different = list(dict.fromkeys(value for value in values if value))
    joined = ", ".join(different)
    return joined if len(joined) <= most or len(different) < 2 else f"{different[0]}, …"
