"""Units solved in processes on this machine: one that crashes, hangs or eats all memory leaves the others alone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from scheduler.language import Bilingual
from scheduler.solve.executors.process import SolverDiedError, SolverProcess, memory_failure
from scheduler.solve.executors.tasks import Answer, Closing, Failure, Queue, Task, never_begun, sent

if TYPE_CHECKING:
    from scheduler.solve.effort import Effort
    from scheduler.solve.solution import Solution

SOLVE_UNIT = "scheduler.solve.unit:solve_unit"
LEAST_MEMORY = 1 << 30
SHARE_OF_MEMORY = 0.8
"""How much of the machine's memory all workers together may hold."""

MOST_GROWN = 64 << 20
"""Bytes more than when it was fresh that a process may hold between units: what a large or hard unit took is not all
given back to the system, and hundreds of units later the hardest of them would still be paid for. A new process takes
most of a second, such a unit several."""

PATIENCE = 120.0
PATIENCE_PER_EFFORT = 60.0
"""Seconds of wall clock for a unit: so many, and so many more for each deterministic second of a pass's limit. A
search that keeps to its effort needs a tenth on a busy machine."""

SMALL_JOB, HEAD_START = 20_000, 1.0
"""Below this weight (`Queue.weight`: roughly person-days) the other processes start so many seconds after the first,
where tasks still wait then: each takes most of a second to load the solver, in which one alone is done."""

GRACE = 20.0
"""Seconds that a search has to come back after its time limit or an interrupt."""

LATE, LATE_PART = 1.0, 0.05
"""Where a first roster is known, it has so many seconds after the limit, and such a part of the time it was given."""


class LocalExecutor(Closing):
    """A few processes, each given one unit at a time by a thread of its own.

    A unit whose solver dies is tried once more in a new process with plain settings (`Effort.plain`); if it dies
    again its answer is a failure. A process that has grown by more than `MOST_GROWN` is given no further unit.

    Parameters
    ----------
    workers : processes at once.
    function : what they call for a unit, as `package.module:name`, with the arguments of `solve_unit`.
    memory : bytes that each may hold; by default its part of most of the machine's.
    patience : seconds for one unit; by default by the effort.
    """

    def __init__(
        self,
        workers: int,
        function: str = SOLVE_UNIT,
        *,
        memory: int | None = None,
        patience: float | None = None,
        grace: float = GRACE,
    ) -> None:
        self._workers = max(1, workers)
        self._function = function
        self._memory = memory if memory is not None else default_memory(self._workers)
        self._patience = patience
        self._grace = grace
        self._lock = threading.Lock()
        self._idle: list[SolverProcess] = []
        self._busy: dict[SolverProcess, threading.Event] = {}
        self._is_closed = False

    def prepare(self) -> None:
        """Start the first process."""
        process = SolverProcess(self._function, self._memory)
        with self._lock:
            self._idle.append(process)

    def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
        """Yield an answer for every task as it comes."""
        workers = min(self._workers, len(tasks))
        queue = Queue(tasks, workers, effort)
        answers: SimpleQueue[Answer | BaseException] = SimpleQueue()
        wait = HEAD_START if queue.weight < SMALL_JOB else 0.0
        threads = [
            threading.Thread(target=self._work, args=(queue, answers, wait if number else 0.0), daemon=True)
            for number in range(workers)
        ]
        for thread in threads:
            thread.start()
        left, was_told = len(tasks), False
        while left:
            if effort.stopped.is_set() and not was_told:
                was_told = True
                self.stop(effort.stopped)
            with suppress(Empty):
                answer = answers.get(timeout=0.1)
                if isinstance(answer, BaseException):
                    raise answer
                left -= 1
                yield answer

    def solve_one(self, task: Task, effort: Effort) -> Answer:
        """Return the answer for one task; tried again with plain settings where its solver dies.

        Where it dies again, or time is up, the first roster that it found before is the answer, if there was one.
        """
        found: list[Solution] = []
        died: Failure | None = None
        for attempt in (effort,) if effort.plain else (effort, replace(effort, plain=True)):
            if not task.may_begin(effort) or (died is not None and effort.is_over):
                break
            try:
                return replace(self._ask(task, attempt, found.append), retried=died)
            except SolverDiedError as error:
                if effort.stopped.is_set():
                    break
                died = replace(error.failure, attempts=2 if died else 1)
        if found:
            return Answer(number=task.number, solution=found[-1], retried=died)
        if died is not None and not effort.stopped.is_set():
            return Answer(number=task.number, failure=died)
        return never_begun(task)

    def close(self) -> None:
        """End all processes at once."""
        with self._lock:
            self._is_closed = True
            processes, self._idle, self._busy = [*self._idle, *self._busy], [], {}
        for process in processes:
            process.close()

    def _work(self, queue: Queue, answers: SimpleQueue[Answer | BaseException], wait: float) -> None:
        time.sleep(wait)
        try:
            while not self._is_closed and (taken := queue.take()) is not None:
                answers.put(self.solve_one(*taken))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            answers.put(error)  # where all is closed, nobody reads it

    def _ask(self, task: Task, effort: Effort, first: Callable[[Solution], None]) -> Answer:
        """Return a process's answer; one that died is not asked again."""

        def told(solution: Solution) -> float:
            first(solution)
            return self._patience_for(effort, has_roster=True)

        process = self._take(effort.stopped)
        if effort.stopped.is_set():  # `stop` may have come before the process was among the busy ones
            process.stop()
        try:
            patience = self._patience_for(effort, has_roster=task.has_roster)
            kind, value = process.ask((task.unit, task.replaced, sent(effort)), patience, told)
        except SolverDiedError:
            self._drop(process)
            raise
        if kind in ("memory", "crash"):
            self._drop(process)
            failure = memory_failure(self._memory, value) if kind == "memory" else defect(value)
            raise SolverDiedError(failure)
        self._give_back(process)
        if kind == "error":
            return Answer(number=task.number, error=value)
        return Answer(number=task.number, solution=value)

    def _take(self, stopped: threading.Event) -> SolverProcess:
        """Return an idle process, or a new one, busy with what `stopped` would stop."""
        with self._lock:
            process = self._idle.pop() if self._idle else None
            if process is not None:
                self._busy[process] = stopped
                return process
        process = SolverProcess(self._function, self._memory)
        with self._lock:
            self._busy[process] = stopped
        if self._is_closed:
            self._drop(process)
        return process

    def _give_back(self, process: SolverProcess) -> None:
        # Stopped, it would stop whatever it is asked next, too.
        if process.is_stopped or process.grown > MOST_GROWN:
            self._drop(process)
            return
        with self._lock:
            if self._busy.pop(process, None) is not None:
                self._idle.append(process)

    def _drop(self, process: SolverProcess) -> None:
        with self._lock:
            self._busy.pop(process, None)
        process.close()

    def _patience_for(self, effort: Effort, *, has_roster: bool = False) -> float:
        patience = self._patience or PATIENCE + PATIENCE_PER_EFFORT * effort.limit
        if effort.deadline is None:
            return patience
        left = max(0.0, effort.deadline - time.monotonic())
        late = min(self._grace, LATE + LATE_PART * left) if has_roster else self._grace
        return min(patience, left + late)

    def stop(self, stopped: threading.Event) -> None:
        """Have the searches that go with `stopped` end with what they have; end those that do not come back."""
        with self._lock:
            busy = [process for process, own in self._busy.items() if own is stopped]
        for process in busy:
            process.stop()

        def end_stragglers() -> None:
            with self._lock:
                left = [process for process in busy if process in self._busy]
            for process in left:
                process.kill()

        timer = threading.Timer(self._grace, end_stragglers)
        timer.daemon = True
        timer.start()


def default_memory(workers: int) -> int | None:
    """Return each worker's part of most of this machine's memory; None where the system does not tell."""
    if not hasattr(os, "sysconf"):
        return None
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None
    return max(LEAST_MEMORY, int(total * SHARE_OF_MEMORY / workers))


def defect(details: str) -> Failure:
    """Return the failure of a solver that raised what nobody expected."""
    what = details.strip().splitlines()[-1]
    return Failure(
        kind="crash",
        what=Bilingual(id=f"kesalahan di penyusun ({what})", en=f"a defect in the solver ({what})"),
        details=details,
    )
