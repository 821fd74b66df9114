"""Units in rounds: a lawful roster for each before any is made better, and one for those whose solver failed.

Under a limit of time a few large units could otherwise leave small ones without any roster. Without a limit, or where
all units are solved at once, the first round is left out: whoever solves a unit begins with a lawful roster anyhow.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from scheduler.errors import InfeasibleError
from scheduler.language import Bilingual
from scheduler.roster import UnitResult

if TYPE_CHECKING:
    from scheduler.solve.effort import Effort
    from scheduler.solve.executors import Answer, Executor, Task
    from scheduler.solve.solution import Solution

Stage = Literal["first", "solving", "stopping", "completing", "writing"]
"""What is being done: first rosters, better ones, ending after an interrupt, first ones for units left without, files."""

COMPLETING = 10.0
"""Seconds in which units that an interrupt came before get their first roster; a further interrupt ends it."""

WORTH_WHILE = 2.0
"""How many times as long as its first roster took a unit is given at least: with less, no better one is found. So much
longer than before it is given again, where others leave time over."""


class Rounds:
    """The rounds of one run.

    Attributes
    ----------
    results : verified rosters, by the task's number.
    failed : the last answers of tasks without a roster.

    Parameters
    ----------
    verify : makes a result of a solution, or raises.
    report : called with a unit's name when it is done; `stage` when something else begins.
    """

    def __init__(
        self,
        executor: Executor,
        tasks: Sequence[Task],
        effort: Effort,
        verify: Callable[[Task, Solution], UnitResult],
        report: Callable[[str], None],
        stage: Callable[[Stage], None],
    ) -> None:
        self._executor, self._tasks, self._effort = executor, tasks, effort
        self._verify, self._report, self._stage = verify, report, stage
        self._of = {task.number: task for task in tasks}
        self.results: dict[int, UnitResult] = {}
        self.failed: dict[int, Answer] = {}
        self._had: dict[int, float] = {}  # seconds, at most so far

    def run(self, at_once: int) -> None:
        """Solve all units, of which `at_once` are solved side by side."""
        if self._effort.deadline is not None and len(self._tasks) > at_once:
            self._make_first()
        if not any(isinstance(answer.error, InfeasibleError) for answer in self.failed.values()):
            self._make_better(at_once)
            self._complete()

    def _make_first(self) -> None:
        """Give each unit a lawful roster, however long the limit is."""
        self._stage("first")
        for answer in self._executor.solve(self._tasks, replace(self._effort, is_first=True)):
            self._take(answer)
            self._report(self._of[answer.number].unit.name)

    def _make_better(self, at_once: int) -> None:
        """Look for better rosters within the time left; first for those whose first roster was not soon found."""
        self._stage("solving")
        self.failed, without = {}, [task for task in self._tasks if task.number not in self.results]
        with_first = [
            replace(task, has_roster=True, least=WORTH_WHILE * known.seconds)
            for task in self._tasks
            if (known := self.results.get(task.number)) and (known.interrupted or not known.is_optimal)
        ]
        for tasks in (without, with_first):
            self._improve(tasks)
        while again := self._cut_short(at_once):
            self._improve(again)

    def _improve(self, tasks: Sequence[Task]) -> None:
        for answer in self._executor.solve(tasks, self._effort) if tasks else ():
            self._take(answer)
            self._report(self._of[answer.number].unit.name)

    def _cut_short(self, at_once: int) -> list[Task]:
        """Return the units whose share of the time was too short, as many as what is left over gives enough longer."""
        deadline = self._effort.deadline
        if deadline is None or self._effort.is_over:
            return []
        left, found = at_once * (deadline - time.monotonic()), []
        for number, had in sorted(self._had.items(), key=lambda item: item[1]):
            known, least = self.results.get(number), WORTH_WHILE * had
            if known is None or known.is_optimal or known.retried is not None or not known.interrupted:
                continue
            if least <= left:
                left -= least
                self._had[number] = least  # twice as long each time, so that this comes to an end
                found.append(replace(self._of[number], has_roster=True, least=least))
        return found

    def _complete(self) -> None:
        """Give a first roster to those that an interrupt came before, or whose solver failed while it looked for better ones."""
        tasks = [self._of[n] for n, answer in self.failed.items() if answer.failure or not answer.is_begun]
        if not tasks:
            return
        self._stage("completing")
        deadline, stopped = time.monotonic() + COMPLETING, threading.Event()
        timer = threading.Timer(COMPLETING, stopped.set)
        timer.daemon = True
        timer.start()
        effort = replace(self._effort, deadline=deadline, stopped=stopped, is_first=True, plain=True)
        try:
            for answer in self._executor.solve(tasks, effort):
                if answer.solution is not None:
                    before = self.failed.pop(answer.number)
                    self._take(replace(answer, retried=before.failure), is_first=True)
        finally:
            timer.cancel()

    def _take(self, answer: Answer, *, is_first: bool = False) -> None:
        """Keep what an answer brings where it is better than what there is."""
        number, known = answer.number, self.results.get(answer.number)
        failure = answer.failure or answer.retried
        if answer.solution is None:
            if known is None:
                self.failed[number] = answer
            elif failure is not None:
                self.results[number] = replace(known, retried=_only_first(failure.what))
            return
        found = self._verify(self._of[number], answer.solution)
        self._had[number] = max(self._had.get(number, 0.0), found.seconds)
        if known is not None and _worth(known) < _worth(found):
            found = known
        is_late = found.interrupted or self._effort.stopped.is_set()
        why = None
        if failure is not None:
            # nobody has measured a first roster that was told before its solver failed
            is_first = is_first or not answer.solution.objectives
            why = _only_first(failure.what) if is_first else _again(failure.what)
        self.results[number] = replace(found, interrupted=is_late, retried=why)


def _worth(result: UnitResult) -> list[int]:
    return [objective.value for objective in result.objectives]


def _only_first(what: Bilingual) -> Bilingual:
    return Bilingual(
        id=f"{what.id}; jadwalnya yang pertama ditemukan: sah, tetapi belum diperbaiki",
        en=f"{what.en}; its roster is the first that was found: lawful, but not made better",
    )


def _again(what: Bilingual) -> Bilingual:
    return Bilingual(
        id=f"{what.id}; jadwalnya dari percobaan kedua dengan setelan sederhana",
        en=f"{what.en}; its roster is of a second attempt with plain settings",
    )
