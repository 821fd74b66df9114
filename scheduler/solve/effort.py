"""How hard to search; known to those who never load the solver."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace


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
    """

    limit: float = 20.0
    seed: int = 0
    deadline: float | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    plain: bool = False

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
