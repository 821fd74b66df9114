"""Each unit gets a lawful roster before any is made better, and keeps it whatever happens to its solver then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.pipeline import Order, read_problem
from scheduler.solve.effort import Effort
from scheduler.solve.executors import Answer, Executor, Task
from scheduler.solve.executors.here import HereExecutor
from scheduler.solve.executors.local import LocalExecutor
from scheduler.solve.executors.tasks import Closing, never_begun
from scheduler.solve.unit import solve_unit
from scheduler.solving import Solved, solve_units
from scheduler.time_limit import MOST_SET_ASIDE, search_until, to_write
from tests.running import giliran
from tests.scenarios import person, write_scenario
from tests.solve import misbehaving
from tests.solve.test_executors import OFFICES, TURNS, misbehave


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """Four offices of three, all at the office."""
    people = [person(3 * n + i, unit=name) for n, name in enumerate(OFFICES) for i in range(3)]
    return write_scenario(tmp_path / "offices", "", people)


def solved(scenario: Path, executor: Executor, **asked: object) -> Solved:
    order = replace(Order(scenario=scenario, workers=1), **asked)
    with executor:
        return solve_units(read_problem(order).problem, order, executor=executor)


class Recorded(HereExecutor):
    """Notes of each round what it was asked for."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked: list[tuple[bool, int]] = []

    def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
        self.asked.append((effort.is_first, len(tasks)))
        return super().solve(tasks, effort)


def test_a_limit_gives_every_unit_a_first_roster_before_any_is_made_better(tmp_path: Path) -> None:
    people = [person(8 * n + i, unit=name) for n, name in enumerate(OFFICES) for i in range(6)]
    scenario, executor = write_scenario(tmp_path / "turns", TURNS, people), Recorded()
    found = solved(scenario, executor, time_limit=3600.0)
    assert executor.asked[0] == (True, 4)
    assert all(not is_first for is_first, _ in executor.asked[1:])
    without = solved(scenario, HereExecutor(1))
    assert [r.objectives for r in found.results] == [r.objectives for r in without.results], (
        "and costs no quality"
    )


def test_a_unit_whose_share_was_too_short_is_given_again_from_what_others_left_over(tmp_path: Path) -> None:
    class TooShortAtFirst(Recorded):
        def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
            self.asked.append((effort.is_first, len(tasks)))
            for task in tasks:
                is_cut = task.unit.name == "Dinas B" and len(self.asked) < 4
                yield Answer(
                    number=task.number,
                    solution=solve_unit(task.unit, replace(effort, is_first=effort.is_first or is_cut)),
                )

    people = [person(8 * n + i, unit=name) for n, name in enumerate(OFFICES) for i in range(6)]
    scenario, executor = write_scenario(tmp_path / "turns", TURNS, people), TooShortAtFirst()
    found = solved(scenario, executor, time_limit=3600.0)
    assert executor.asked == [(True, 4), (False, 4), (False, 1), (False, 1)], "twice as long, and twice that"
    assert all(result.is_optimal and not result.interrupted for result in found.results)


def test_without_a_limit_or_with_a_worker_for_each_there_is_one_round(offices: Path) -> None:
    for asked in ({}, {"time_limit": 3600.0, "workers": 4}):
        executor = Recorded()
        solved(offices, executor, **asked)
        assert executor.asked == [(False, 4)]


@pytest.mark.parametrize("workers", [1, 4])
def test_a_limit_that_is_over_before_solving_still_gives_every_unit_a_roster(
    workers: int, tmp_path: Path
) -> None:
    people = [person(8 * n + i, unit=name) for n, name in enumerate(OFFICES) for i in range(6)]
    scenario = write_scenario(tmp_path / "turns", TURNS, people)
    late = time.monotonic() - 60
    found = solved(scenario, HereExecutor(workers), time_limit=1.0, started=late, workers=workers)
    assert [result.unit.name for result in found.results] == list(OFFICES)
    assert not found.unfinished
    assert all(result.audit.broken == () for result in found.results)


def test_the_terminal_says_by_how_much_a_limit_was_exceeded_and_what_to_allow(tmp_path: Path) -> None:
    people = [person(i, unit="Dinas A") for i in range(6)]
    scenario = write_scenario(tmp_path / "turns", TURNS, people)
    words = ("generate", scenario, "--out", tmp_path / "out", "--executor", "here", "--time-limit", "0.1")
    ran = giliran(*words, "--lang", "id")
    assert ran.code == 0
    said = " ".join(ran.err.split())
    assert "Batas waktu 0,1 detik terlampaui" in said and "misalnya --time-limit" in said
    assert "0 dari 1 unit terbukti mendapat jadwal terbaik" in " ".join(ran.out.split())
    assert max(len(line) for line in ran.err.splitlines()) <= 80


def test_a_better_roster_that_comes_too_late_leaves_the_first(offices: Path) -> None:
    began = time.monotonic()
    found = solved(offices, LocalExecutor(1, misbehave("takes_all_the_time")), time_limit=4.0, started=began)
    assert [result.unit.name for result in found.results] == list(OFFICES)
    assert all(result.interrupted for result in found.results)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("tells_and_dies", "the first that was found"),
        ("dies_but_for_the_first", "the first that was found"),
    ],
)
def test_a_unit_whose_process_is_killed_keeps_its_first_roster_and_says_so(
    how: str, says: str, offices: Path
) -> None:
    found = solved(offices, LocalExecutor(1, misbehave(how)))
    assert not found.unfinished
    victim = next(result for result in found.results if result.unit.name == "Dinas B")
    assert (
        victim.retried is not None and says in victim.retried.en and "belum diperbaiki" in victim.retried.id
    )
    assert victim.interrupted and not victim.audit.broken
    assert [r.unit.name for r in found.results if r.retried] == ["Dinas B"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows suspends no process by a signal")
def test_a_suspended_solver_costs_no_more_than_the_limit_and_its_first_roster_stands(offices: Path) -> None:
    found = solved(offices, LocalExecutor(4, misbehave("stops_dead")), time_limit=2.0, workers=4)
    assert not found.unfinished
    assert [r.unit.name for r in found.results if r.retried] == ["Dinas B"]


def test_the_terminal_says_whose_solver_failed_though_all_is_written(
    offices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler.solve import executors

    monkeypatch.setattr(executors, "open_executor", lambda *_: LocalExecutor(1, misbehave("tells_and_dies")))
    ran = giliran("generate", offices, "--out", tmp_path / "out", "--lang", "id")
    assert ran.code == 0
    assert "Dinas B: " in ran.err and "belum diperbaiki" in " ".join(ran.err.split())
    assert max(len(line) for line in ran.err.splitlines()) <= 80


def test_an_interrupt_before_a_unit_is_begun_leaves_it_a_first_roster(offices: Path) -> None:
    class StoppedAfterOne(Closing):
        def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
            for task in tasks:
                if effort.stopped.is_set():
                    yield never_begun(task)
                    continue
                yield Answer(number=task.number, solution=misbehaving.at_the_office(task.unit, effort, None))
                if not effort.is_first:
                    effort.stopped.set()

    found = solved(offices, StoppedAfterOne())
    assert found.interrupted
    assert [result.unit.name for result in found.results] == list(OFFICES)


def test_what_is_set_aside_for_writing_leaves_part_of_the_time_to_first_rosters(offices: Path) -> None:
    units = read_problem(Order(scenario=offices)).problem.units
    assert search_until(units, None, None) is None
    assert search_until(units, 100.0, None, now=1000.0) == pytest.approx(1100.0 - to_write(units))
    assert search_until(units, 0.2, None, now=1000.0) == pytest.approx(1000.0 + 0.2 * (1 - MOST_SET_ASIDE))
    assert search_until(units, 10.0, 900.0, now=1000.0) == 1000.0
    year = [replace(unit, people=unit.people * 100) for unit in units]
    assert to_write(units) < to_write(year) < 10
