"""What executors take and give: tasks and answers, and how the time left is shared among the tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from scheduler.errors import NoRosterFoundError, SchedulerError
from scheduler.language import Bilingual
from scheduler.problem import Unit
from scheduler.roster import Replaced

if TYPE_CHECKING:
    from scheduler.solve.effort import Effort
    from scheduler.solve.solution import Solution

BASE_WEIGHT = 200
"""What a unit weighs besides its person-days, when time is shared: building a model takes a moment of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One unit to solve.

    Attributes
    ----------
    replaced : the roster to change as little as can be, when replanning.
    has_roster : a lawful roster is known already, so that nothing is to be begun once the time is up.
    least : seconds below which it would find no better one.
    """

    number: int
    unit: Unit
    replaced: Replaced | None = None
    has_roster: bool = False
    least: float = 0.0

    def may_begin(self, effort: Effort) -> bool:
        """Whether solving is worth while: without a roster also after the limit, which is better exceeded a little."""
        return not (effort.stopped.is_set() or (self.has_roster and effort.is_over))

    @property
    def weight(self) -> int:
        """How much work it is, roughly."""
        return BASE_WEIGHT + len(self.unit.people) * len(self.unit.horizon.workdays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a unit's solver gave no answer at all.

    Attributes
    ----------
    kind : it crashed, hung, ran out of memory, or its machine was lost.
    what : the same as a clause for people, with numbers.
    details : what the process printed last, for whoever repairs it.
    attempts : how often it was tried.
    """

    kind: Literal["crash", "hang", "memory", "lost"]
    what: Bilingual
    details: str = ""
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one task: exactly one of `solution`, `error` and `failure`.

    Attributes
    ----------
    retried : what went wrong with the usual settings where a solution came with plain ones, or was made before.
    is_begun : False where nothing was tried.
    """

    number: int
    solution: Solution | None = None
    error: SchedulerError | None = None
    failure: Failure | None = None
    retried: Failure | None = None
    is_begun: bool = True


class Executor(Protocol):
    """Solves units and yields answers as they come; `warnings` are for whoever chose it."""

    warnings: tuple[Bilingual, ...]

    def prepare(self) -> None:
        """Start what takes a moment to start, while the input is still being read."""

    def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
        """Yield an answer for every task, in any order. Setting `effort.stopped` ends the searches early."""

    def close(self) -> None:
        """Let go of everything, at once; searches under way are lost."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Closing:
    """An executor as a context that closes it."""

    warnings: tuple[Bilingual, ...] = ()

    def prepare(self) -> None:
        """Nothing takes a moment to start."""

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Queue:
    """Tasks waiting to be solved, the largest first, so that none is left running alone at the end.

    With a deadline each task gets its share of the time left, by weight, but no less than it needs (`Task.least`); what
    one leaves over is the others'. Then small tasks go first, for they leave over most; before them only those that are
    so large that a worker is theirs all the time. `weight` is that of the tasks still waiting.
    """

    def __init__(self, tasks: Sequence[Task], workers: int, effort: Effort) -> None:
        self.weight = sum(task.weight for task in tasks)
        self._workers = max(1, workers)
        self._effort = effort
        self._lock = threading.Lock()
        is_shared = effort.deadline is not None and not effort.is_first
        small = [t for t in tasks if is_shared and self._workers * t.weight < self.weight]
        large = sorted((t for t in tasks if t not in small), key=lambda task: (-task.weight, task.number))
        self._waiting = [*large, *sorted(small, key=lambda task: (task.weight, task.number))][::-1]

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self) -> tuple[Task, Effort] | None:
        """Return the next task and its effort, or None where none is left."""
        with self._lock:
            if not self._waiting:
                return None
            task = self._waiting.pop()
            share = min(1.0, self._workers * task.weight / self.weight)
            self.weight -= task.weight
        if self._effort.deadline is None or self._effort.is_first:
            return task, self._effort
        now = time.monotonic()
        left = max(0.0, self._effort.deadline - now)
        return task, replace(self._effort, deadline=now + min(left, max(left * share, task.least)))


def sent(effort: Effort) -> dict[str, Any]:
    """Return an effort as values that another process, or machine, understands: seconds left, no event."""
    here_only = ("stopped", "deadline", "found")
    values = {f.name: getattr(effort, f.name) for f in fields(effort) if f.name not in here_only}
    left = None if effort.deadline is None else effort.deadline - time.monotonic()
    return {**values, "seconds_left": left}


def received(
    values: dict[str, Any], stopped: threading.Event, found: Callable[[Solution], None] | None = None
) -> Effort:
    """Return the effort that `sent` took apart, stopped by an event of this process; `found` is told of a first roster."""
    from scheduler.solve.effort import Effort

    values = dict(values)
    left = values.pop("seconds_left")
    deadline = None if left is None else time.monotonic() + left
    return Effort(**values, stopped=stopped, deadline=deadline, found=found)


def never_begun(task: Task) -> Answer:
    """Return the answer for a task that an interrupt or the limit came before."""
    name = task.unit.name
    return Answer(
        number=task.number,
        is_begun=False,
        error=NoRosterFoundError(
            Bilingual(
                id=f"{name}: dihentikan sebelum ada jadwal.", en=f"{name}: stopped before there was a roster."
            )
        ),
    )
