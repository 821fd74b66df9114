"""giliran: from a work-from-home letter to lawful, fair, verified rosters.

The names in `__all__` are the public ones; each is loaded when first used, so that importing costs nothing.

>>> from pathlib import Path
>>> from scheduler import Order, generate
>>> outcome = generate(Order(scenario=Path("rosters/luwu-utara")))  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.checking import check_output
    from scheduler.errors import SchedulerError
    from scheduler.pipeline import Order, generate, read_problem
    from scheduler.problem import Problem
    from scheduler.revise.partners import find_partners
    from scheduler.revise.replan import Request, replan
    from scheduler.roster import Roster
    from scheduler.verify import audit

__all__ = [
    "Order",
    "Problem",
    "Request",
    "Roster",
    "SchedulerError",
    "audit",
    "check_output",
    "find_partners",
    "generate",
    "read_problem",
    "replan",
]

_HOMES = {
    "Order": "scheduler.pipeline",
    "Problem": "scheduler.problem",
    "Request": "scheduler.revise.replan",
    "Roster": "scheduler.roster",
    "SchedulerError": "scheduler.errors",
    "audit": "scheduler.verify",
    "check_output": "scheduler.checking",
    "find_partners": "scheduler.revise.partners",
    "generate": "scheduler.pipeline",
    "read_problem": "scheduler.pipeline",
    "replan": "scheduler.revise.replan",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module (PEP 562)."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
