"""Stand-ins for what finds conflicts and ways out that crash or hang; apart from `misbehaving`, for they load the solver."""

from __future__ import annotations

import os
import time
from typing import Any

from scheduler.solve.effort import Effort
from scheduler.solve.executors.finder import answer

VICTIM = "Dinas B"


def crashes_at_ways_out(question: tuple[Any, ...], effort: Effort, replaced: Any) -> Any:
    """Name conflicts, then end the process where ways out are asked for; as OR-Tools may in an explanation."""
    if question[0] == "ways_out":
        os.abort()
    return answer(question, effort, replaced)


def hangs_at_ways_out(question: tuple[Any, ...], effort: Effort, replaced: Any) -> Any:
    """The same, without an end."""
    if question[0] == "ways_out":
        time.sleep(600)
    return answer(question, effort, replaced)


def crashes_at_a_unit(question: tuple[Any, ...], effort: Effort, replaced: Any) -> Any:
    """End the process where the conflicts of one unit are asked for."""
    if question[0] == "conflicts" and question[1].name == VICTIM:
        os.abort()
    return answer(question, effort, replaced)
