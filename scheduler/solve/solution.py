"""What a solver returns for a unit; known to those who never load it."""

from __future__ import annotations

from dataclasses import dataclass, field

from scheduler.roster import ObjectiveValue, UnitRoster


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A unit's roster, and what the passes reached and proved; `interrupted` where a stop cut them short.

    `objectives` may be empty: then the roster is lawful, but nobody has measured it.

    `seconds` of wall clock are for the terminal alone: they never reach a file.
    """

    roster: UnitRoster
    objectives: tuple[ObjectiveValue, ...]
    interrupted: bool = False
    seconds: float = field(default=0.0, compare=False)
