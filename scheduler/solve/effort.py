"""How hard to search; known to those who never load the solver."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

OVERTIME = 10.0
"""Seconds that a unit's first roster is given at least, however little of a limit of time is left: a lawful roster a
little late is worth more than none in time."""


@dataclass(kw_only=True)
class Effort:
    """How hard to search, and what may end a search early.

    Attributes
    ----------
    limit : deterministic seconds of CP-SAT for each pass: the same on any machine, at any load.
    seed : of the search.
    deadline : `time.monotonic` after which to stop, or None; a rerun may then differ.
    stopped : set to end all searches with the best roster so far.
    plain : one subsolver alone, the settings least likely to crash: for a unit whose solver did.
    is_first : the first lawful roster is enough; it is looked for without heed of the deadline.
    found : told of the first lawful roster (a `Solution` without objectives), before it is made better.
    """

    limit: float = 20.0
    seed: int = 0
    deadline: float | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    plain: bool = False
    is_first: bool = False
    found: Callable[[Any], None] | None = None

    def opening(self) -> Effort:
        """Return the effort for the first lawful roster: with more time where little or none is left."""
        if self.deadline is None:
            return self
        if self.is_first:
            return replace(self, deadline=None)
        return replace(self, deadline=max(self.deadline, time.monotonic() + OVERTIME))

    def ended(self) -> Effort:
        """Return this effort as one that is over."""
        stopped = threading.Event()
        stopped.set()
        return replace(self, deadline=None, stopped=stopped)

    def share(self, part: float) -> Effort:
        """Return this effort with a part of its limit, stopped by the same event."""
        return replace(self, limit=self.limit * part)

    def until(self, part: float) -> Effort:
        """Return this effort with a part of the time left, if that is bounded."""
        if self.deadline is None:
            return self
        now = time.monotonic()
        return replace(self, deadline=now + part * max(0.0, self.deadline - now))

    def sooner(self, seconds: float) -> Effort:
        """Return this effort with so many seconds less, yet at least half of what is left, if time is bounded."""
        if self.deadline is None:
            return self
        now = time.monotonic()
        left = max(0.0, self.deadline - now)
        return replace(self, deadline=self.deadline - min(seconds, left / 2))

    @property
    def is_over(self) -> bool:
        """Whether nothing more may be searched."""
        return self.stopped.is_set() or (self.deadline is not None and time.monotonic() >= self.deadline)
