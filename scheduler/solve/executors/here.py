"""Units solved in threads of this process: nothing to start, nothing isolated."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from scheduler.errors import SchedulerError
from scheduler.solve.executors.tasks import Answer, Closing, Queue, Task, never_begun
from scheduler.solve.unit import solve_unit

if TYPE_CHECKING:
    from scheduler.solve.effort import Effort


class HereExecutor(Closing):
    """For tests, notebooks and callers who bring processes of their own: a solver's crash is the caller's.

    CP-SAT lets go of the interpreter while it searches, so threads are enough.
    """

    def __init__(self, workers: int) -> None:
        self._workers = max(1, workers)

    def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
        """Yield an answer for every task as it comes; any other exception than ours is raised."""
        workers = min(self._workers, len(tasks))
        queue = Queue(tasks, workers, effort)
        answers: SimpleQueue[Answer | BaseException] = SimpleQueue()
        ended = threading.Event()
        with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
            try:
                for _ in range(workers):
                    pool.submit(_work, queue, answers, ended)
                for _ in tasks:
                    answer = _next(answers)
                    if isinstance(answer, BaseException):
                        raise answer
                    yield answer
            except BaseException:
                ended.set()
                effort.stopped.set()
                raise


def _next(answers: SimpleQueue[Answer | BaseException]) -> Answer | BaseException:
    # A wait without end cannot be interrupted on Windows.
    while True:
        with suppress(Empty):
            return answers.get(timeout=0.2)


def _work(queue: Queue, answers: SimpleQueue[Answer | BaseException], ended: threading.Event) -> None:
    while not ended.is_set() and (taken := queue.take()) is not None:
        task, its_effort = taken
        if not task.may_begin(its_effort):
            answers.put(never_begun(task))
            continue
        try:
            solution = solve_unit(task.unit, its_effort, task.replaced)
            answers.put(Answer(number=task.number, solution=solution))
        except SchedulerError as error:
            answers.put(Answer(number=task.number, error=error))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            answers.put(error)
