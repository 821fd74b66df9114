"""Where an explanation's solving is done: in this process, or in one of its own, which may crash and leave this standing."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Protocol, Self

from scheduler.problem import Unit
from scheduler.roster import Replaced
from scheduler.solve.conflicts.change import WayOut
from scheduler.solve.conflicts.conflict import Conflict, find_conflicts
from scheduler.solve.conflicts.counting import can_all_hold
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.conflicts.ways_out import find_ways_out
from scheduler.solve.effort import Effort
from scheduler.solve.executors.local import GRACE, PATIENCE, PATIENCE_PER_EFFORT, default_memory, defect
from scheduler.solve.executors.process import SolverDiedError, SolverProcess, memory_failure
from scheduler.solve.executors.tasks import sent

ANSWER = "scheduler.solve.executors.finder:answer"


class Finder(Protocol):
    """Finds conflicts and ways out. Either may raise `SolverDiedError`."""

    def conflicts(self, unit: Unit, effort: Effort, replaced: Replaced | None) -> tuple[Conflict, ...] | None:
        """Return the conflicts of a unit, none where no cause is proven; None where the unit has a roster."""

    def ways_out(
        self,
        units: Sequence[Unit],
        conflicts: Sequence[Conflict],
        effort: Effort,
        replaced: Mapping[str, Replaced],
    ) -> tuple[WayOut, ...]:
        """Return the cheapest ways out of conflicts."""


class FinderHere:
    """Finds in this process; what was read off the rules for conflicts is there for the ways out."""

    def __init__(self) -> None:
        self._built: dict[str, Demands] = {}

    def conflicts(self, unit: Unit, effort: Effort, replaced: Replaced | None) -> tuple[Conflict, ...] | None:
        """Return the conflicts of a unit, none where no cause is proven; None where the unit has a roster."""
        demands = Demands(unit, replaced)
        if can_all_hold(demands, effort.limit) is True:
            return None
        self._built[unit.name] = demands
        return find_conflicts(unit, effort, replaced, demands=demands)

    def ways_out(
        self,
        units: Sequence[Unit],
        conflicts: Sequence[Conflict],
        effort: Effort,
        replaced: Mapping[str, Replaced],
    ) -> tuple[WayOut, ...]:
        """Return the cheapest ways out of conflicts."""
        return find_ways_out(units, conflicts, effort, replaced, self._built)


class FinderApart:
    """Finds the same in a process of its own, started anew where it died. Close it, or use it in a `with`.

    Parameters
    ----------
    function : what the process calls, as `package.module:name`, with the arguments of `answer`.
    patience : seconds for one answer; by default by the effort.
    """

    def __init__(self, function: str = ANSWER, patience: float | None = None) -> None:
        self._function = function
        self._patience = patience
        self._process: SolverProcess | None = None

    def __enter__(self) -> Self:
        self.prepare()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self) -> SolverProcess:
        """Return the process, which loads the solver while the caller has other work; start it where there is none."""
        if self._process is None:
            self._process = SolverProcess(self._function, default_memory(1))
        return self._process

    def close(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def conflicts(self, unit: Unit, effort: Effort, replaced: Replaced | None) -> tuple[Conflict, ...] | None:
        """Return the conflicts of a unit, none where no cause is proven; None where the unit has a roster."""
        found: tuple[Conflict, ...] | None = self._ask(("conflicts", unit), effort, replaced)
        return found

    def ways_out(
        self,
        units: Sequence[Unit],
        conflicts: Sequence[Conflict],
        effort: Effort,
        replaced: Mapping[str, Replaced],
    ) -> tuple[WayOut, ...]:
        """Return the cheapest ways out of conflicts."""
        found: tuple[WayOut, ...] = self._ask(
            ("ways_out", tuple(units), tuple(conflicts)), effort, dict(replaced)
        )
        return found

    def _ask(self, question: tuple[Any, ...], effort: Effort, replaced: Any) -> Any:
        """Return the process's answer; it is waited for in a thread, so that Ctrl-C is heard everywhere."""
        process = self.prepare()
        if effort.stopped.is_set():
            process.stop()
        answers: SimpleQueue[Any] = SimpleQueue()

        def wait() -> None:
            try:
                answers.put(process.ask((question, replaced, sent(effort)), self._patience_for(effort)))
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                answers.put(error)

        threading.Thread(target=wait, daemon=True).start()
        while True:
            try:
                answer = answers.get(timeout=0.1)
                break
            except Empty:
                continue
        if isinstance(answer, BaseException):
            self.close()
            raise answer
        kind, value = answer
        if kind == "solution":
            return value
        if kind == "error":
            raise value
        self.close()
        raise SolverDiedError(memory_failure(default_memory(1), value) if kind == "memory" else defect(value))

    def _patience_for(self, effort: Effort) -> float:
        patience = self._patience or PATIENCE + PATIENCE_PER_EFFORT * effort.limit
        if effort.deadline is None:
            return patience
        return min(patience, max(0.0, effort.deadline - time.monotonic()) + GRACE)


def answer(question: tuple[Any, ...], effort: Effort, replaced: Any) -> Any:
    """Answer `FinderApart` in its process."""
    finder = FinderHere()
    if question[0] == "conflicts":
        return finder.conflicts(question[1], effort, replaced)
    return finder.ways_out(question[1], question[2], effort, replaced)
