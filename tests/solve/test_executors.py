"""Units in processes of their own: what one solver does to itself never reaches the other units."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.errors import InfeasibleError, UnfinishedError, UsageError, VerificationError
from scheduler.pipeline import Order, generate, read_problem
from scheduler.solve.effort import Effort
from scheduler.solve.executors import Answer, Executor, Task, open_executor
from scheduler.solve.executors.dask import DaskExecutor, is_exposed
from scheduler.solve.executors.local import LocalExecutor
from scheduler.solve.executors.process import SolverProcess
from scheduler.solve.executors.tasks import Closing, Queue, received, sent
from scheduler.solving import solve_units
from tests.running import giliran
from tests.scenarios import person, write_scenario
from tests.solve import misbehaving

OFFICES = ("Dinas A", "Dinas B", "Dinas C", "Dinas D")
TURNS = """
[[rules.home_quota]]
name = "pelaksana"
for = { rank = "pelaksana" }
share = "50%"

[[rules.stint]]
home = [1, 2]
"""


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """Four offices of three, all at the office."""
    people = [person(3 * n + i, unit=name) for n, name in enumerate(OFFICES) for i in range(3)]
    return write_scenario(tmp_path / "offices", "", people)


def tasks_of(scenario: Path, copies: int = 1) -> list[Task]:
    units = read_problem(Order(scenario=scenario)).problem.units * copies
    return [Task(number=number, unit=unit) for number, unit in enumerate(units)]


def misbehave(how: str) -> str:
    return f"{misbehaving.__name__}:{how}"


def answers_of(executor: Executor, tasks: Sequence[Task], effort: Effort | None = None) -> dict[str, Answer]:
    with executor:
        found = {tasks[a.number].unit.name: a for a in executor.solve(tasks, effort or Effort(limit=1.0))}
    assert len(found) == len({task.unit.name for task in tasks})
    return found


def only_b_failed(found: dict[str, Answer]) -> Answer:
    assert [name for name, answer in found.items() if answer.solution is None] == ["Dinas B"]
    assert {a.solution.roster.unit for a in found.values() if a.solution} == {"Dinas A", "Dinas C", "Dinas D"}
    return found["Dinas B"]


# One solver that fails -------------------------------------------------------------------------------------------


def test_a_solver_that_crashes_twice_leaves_the_others_done_and_says_how(offices: Path) -> None:
    failure = only_b_failed(answers_of(LocalExecutor(2, misbehave("crashes")), tasks_of(offices))).failure
    assert failure is not None
    assert (failure.kind, failure.attempts) == ("crash", 2)
    assert "crashed" in failure.what.en and "berhenti mendadak" in failure.what.id
    assert "heuristics.fixed_search" in failure.details


def test_a_crash_is_tried_again_with_plain_settings_and_the_roster_says_so(offices: Path) -> None:
    found = answers_of(LocalExecutor(1, misbehave("crashes_unless_plain")), tasks_of(offices))
    assert all(answer.solution is not None for answer in found.values())
    assert [name for name, answer in found.items() if answer.retried] == ["Dinas B"]


def test_a_solver_that_hangs_is_ended_and_leaves_the_others_done(offices: Path) -> None:
    executor = LocalExecutor(2, misbehave("hangs"), patience=5.0)
    failure = only_b_failed(answers_of(executor, tasks_of(offices))).failure
    assert failure is not None
    assert (failure.kind, failure.attempts) == ("hang", 2)
    assert "did not answer within 5 seconds" in failure.what.en


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's memory")
def test_a_solver_that_eats_all_memory_leaves_the_others_done(offices: Path) -> None:
    executor = LocalExecutor(2, misbehave("eats_memory"), memory=400 << 20)
    failure = only_b_failed(answers_of(executor, tasks_of(offices))).failure
    assert failure is not None
    assert failure.kind == "memory"
    assert "0.4 GB" in failure.what.en


def test_an_exception_in_one_unit_leaves_the_others_done(offices: Path) -> None:
    failure = only_b_failed(
        answers_of(LocalExecutor(2, misbehave("is_defective")), tasks_of(offices))
    ).failure
    assert failure is not None
    assert failure.kind == "crash"
    assert "ZeroDivisionError: division by zero" in failure.what.en


def test_a_solver_that_keeps_memory_is_given_no_further_unit_and_one_that_does_not_is(offices: Path) -> None:
    found = answers_of(LocalExecutor(1, misbehave("keeps_memory")), tasks_of(offices))
    by = [answer.solution.objectives[0].value for answer in found.values() if answer.solution]
    assert list(found) == ["Dinas A", "Dinas B", "Dinas C", "Dinas D"]
    assert len(by) == 4
    assert len({*by[:3]}) == 3
    assert by[2] == by[3]


def test_what_a_solver_prints_does_not_disturb_its_answers(offices: Path) -> None:
    found = answers_of(LocalExecutor(2, misbehave("prints")), tasks_of(offices))
    assert all(answer.solution is not None for answer in found.values())


def test_a_conflict_reaches_the_caller_whole_from_another_process(offices: Path) -> None:
    policy = offices / "policy.toml"
    policy.write_text(
        policy.read_text(encoding="utf-8") + "[[rules.capacity]]\nat_most = 1\n", encoding="utf-8"
    )
    order = Order(scenario=offices, units=("Dinas A", "Dinas B"), executor="local", workers=1)
    with pytest.raises(InfeasibleError) as caught:
        solve_units(read_problem(order).problem, order)
    assert len(caught.value.found) >= 2
    assert "2 units have no roster" in caught.value.message.en


# Stops -----------------------------------------------------------------------------------------------------------


def test_a_stop_ends_searches_in_all_processes_with_what_they_have(offices: Path) -> None:
    effort, tasks = Effort(limit=1.0), tasks_of(offices)
    found = {}
    with LocalExecutor(2, misbehave("searches_until_stopped")) as executor:
        for answer in executor.solve(tasks, effort):
            found[tasks[answer.number].unit.name] = answer
            effort.stopped.set()
    assert found["Dinas A"].solution is not None and not found["Dinas A"].solution.interrupted
    late = [answer for name, answer in found.items() if name != "Dinas A"]
    assert len(late) == 3
    assert any(answer.solution and answer.solution.interrupted for answer in late)
    assert all(answer.solution or "stopped before" in str(answer.error) for answer in late)


def test_a_stopped_search_leaves_the_next_one_alone(offices: Path) -> None:
    tasks, effort = tasks_of(offices), Effort(limit=1.0)
    with LocalExecutor(1, misbehave("searches_until_stopped")) as executor:
        executor.solve_one(tasks[0], Effort(limit=1.0))  # so that the process has started
        threading.Timer(0.3, effort.stopped.set).start()
        stopped = next(executor.solve(tasks[1:2], effort))
        assert stopped.solution is not None and stopped.solution.interrupted
        other = executor.solve_one(tasks[0], Effort(limit=1.0))
        assert other.solution is not None and not other.solution.interrupted


def test_a_hanging_solver_does_not_hold_up_a_stop(offices: Path) -> None:
    effort, tasks = Effort(limit=1.0), tasks_of(offices)
    with LocalExecutor(2, misbehave("hangs"), grace=0.5) as executor:
        found = {}
        for answer in executor.solve(tasks, effort):
            found[tasks[answer.number].unit.name] = answer
            effort.stopped.set()
    assert len(found) == 4
    assert "stopped before there was a roster" in str(found["Dinas B"].error)


def test_time_left_is_shared_by_weight_and_never_more_than_there_is(offices: Path) -> None:
    tasks, now = tasks_of(offices), time.monotonic()
    queue = Queue(tasks, 2, Effort(deadline=now + 1000))
    ends = [taken[1].deadline for _ in tasks if (taken := queue.take())]
    assert [round(end - now, -1) for end in ends if end] == [500, 670, 1000, 1000]
    assert queue.take() is None


def test_small_units_go_first_under_a_limit_and_leave_what_they_do_not_need_to_the_large(
    offices: Path,
) -> None:
    units = tasks_of(offices)
    people = units[0].unit.people
    large = replace(units[2], unit=replace(units[2].unit, people=people * 40))
    effort = Effort(deadline=time.monotonic() + 1000)
    tasks = [units[0], units[1], large, units[3]]
    order = [taken[0].number for queue in [Queue(tasks, 1, effort)] for _ in tasks if (taken := queue.take())]
    assert order == [0, 1, 3, 2]
    saturating = Queue(tasks, 4, effort).take()
    assert saturating is not None and saturating[0].number == 2, "a worker is its own all the time"


def test_a_unit_gets_no_less_time_than_it_needs_for_a_better_roster(offices: Path) -> None:
    tasks, now = [replace(task, least=600.0) for task in tasks_of(offices)], time.monotonic()
    taken = Queue(tasks, 1, Effort(deadline=now + 1000)).take()
    assert taken is not None and taken[1].deadline is not None
    assert round(taken[1].deadline - now, -1) == 600


def test_nothing_is_begun_after_the_limit_where_there_is_a_roster(offices: Path) -> None:
    tasks = [replace(task, has_roster=True) for task in tasks_of(offices)]
    found = answers_of(
        LocalExecutor(1, misbehave("at_the_office")), tasks, Effort(deadline=time.monotonic() - 1)
    )
    assert not any(answer.is_begun for answer in found.values())


def test_an_effort_crosses_to_another_machine_as_seconds_left() -> None:
    stopped = threading.Event()
    there = received(sent(Effort(limit=3.0, seed=7, deadline=time.monotonic() + 100, plain=True)), stopped)
    assert (there.limit, there.seed, there.plain, there.stopped) == (3.0, 7, True, stopped)
    assert there.deadline is not None and 90 < there.deadline - time.monotonic() <= 100


def test_a_solver_ends_when_its_parent_is_gone() -> None:
    process = SolverProcess(misbehave("at_the_office"), None)
    assert process._popen.stdin is not None
    process._popen.stdin.close()
    assert process._popen.wait(20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot press Ctrl-C in another console")
def test_ctrl_c_in_the_terminal_writes_what_is_done_and_exits_with_130(offices: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom scheduler.solve import executors\n"
        "from scheduler.solve.executors.local import LocalExecutor\n"
        f"executors.open_executor = lambda name, n: LocalExecutor(n, {misbehave('searches_until_stopped')!r})\n"
        f"sys.argv = ['giliran', 'generate', {str(offices)!r}, '--out', {str(tmp_path / 'out')!r}, '--workers', '2', '--lang', 'en']\n"
        "from scheduler.cli import screen\nfrom contextlib import contextmanager\n"
        "class Told(screen.Progress):\n    def __call__(self, unit):\n        print('done', unit, flush=True)\n"
        "@contextmanager\ndef progress(terminal, units):\n    yield Told()\n"
        "screen.progress = progress\n"
        "from scheduler.cli.main import main\nmain()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).parents[2],
    ) as ran:
        assert ran.stdout is not None
        assert ran.stdout.readline() == "done Dinas A\n"
        os.killpg(ran.pid, signal.SIGINT)  # as a terminal does: to the solvers too
        _, said = ran.communicate(timeout=60)
    assert ran.returncode == 130
    assert "Traceback" not in said
    document = json.loads((tmp_path / "out" / "certificate.json").read_text(encoding="utf-8"))
    made = {unit["unit"]: unit["interrupted"] for unit in document["units"]}
    assert made["Dinas A"] is False and True in made.values()
    assert (set(made), document["unfinished"]) == (set(OFFICES), []), "those not begun got a first roster"
    assert (document["interrupted"], document["optimal"]) == (True, False)


# What is written of the others -----------------------------------------------------------------------------------


def test_the_others_are_written_and_the_certificate_names_the_unit_that_failed(
    offices: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler.solve import executors

    monkeypatch.setattr(executors, "open_executor", lambda *_: LocalExecutor(2, misbehave("crashes")))
    out = tmp_path / "out"
    ran = giliran("generate", offices, "--out", out, "--lang", "en")
    assert ran.code == 6
    assert "1 unit has no roster" in ran.err and "Dinas B: the solver's process crashed" in " ".join(
        ran.err.split()
    )
    document = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    assert [unit["unit"] for unit in document["units"]] == ["Dinas A", "Dinas C", "Dinas D"]
    assert [unit["unit"] for unit in document["unfinished"]] == ["Dinas B"]
    assert document["optimal"] is False and document["rerun_may_differ"] is True
    assert giliran("verify", out).code == 0
    assert "heuristics.fixed_search" in giliran("generate", offices, "--out", tmp_path / "two", "-v").err

    monkeypatch.undo()
    monkeypatch.setenv("GILIRAN_EXECUTOR", "here")
    assert giliran("generate", offices, "--unit", "Dinas B", "--out", out, "-q").code == 0
    document = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    assert [unit["unit"] for unit in document["units"]] == list(OFFICES)
    assert document["unfinished"] == []


def test_a_revision_that_holds_the_unit_stands_when_its_solver_fails(offices: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    order = Order(scenario=offices, out=out)
    generate(order)
    before = (out / "certificate.json").read_bytes()
    with (
        LocalExecutor(2, misbehave("is_defective")) as executor,
        pytest.raises(UnfinishedError, match="has rosters for them and stands") as caught,
    ):
        generate(replace(order, seed=1), executor=executor)
    assert list(caught.value.units) == ["Dinas B"]
    assert (out / "certificate.json").read_bytes() == before


def test_what_another_process_answers_is_verified_here_and_refused_where_it_is_wrong(
    offices: Path, tmp_path: Path
) -> None:
    with (
        LocalExecutor(2, misbehave("lies")) as executor,
        pytest.raises(VerificationError, match="no rule sends them home"),
    ):
        generate(Order(scenario=offices, out=tmp_path / "out"), executor=executor)
    assert not (tmp_path / "out").exists()


def test_each_unit_is_verified_and_reported_as_its_answer_arrives(offices: Path) -> None:
    reported: list[str] = []
    seen = []

    class OneByOne(Closing):
        def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
            for task in tasks:
                solution = misbehaving.at_the_office(task.unit, effort, None)
                yield Answer(number=task.number, solution=solution)
                seen.append(list(reported))

    solved = solve_units(
        read_problem(Order(scenario=offices)).problem,
        Order(scenario=offices),
        reported.append,
        executor=OneByOne(),
    )
    assert seen == [list(OFFICES[:n]) for n in range(1, 5)]
    assert all(result.audit.broken == () for result in solved.results)


# The same everywhere ---------------------------------------------------------------------------------------------


def test_rosters_are_the_same_for_any_executor_and_number_of_workers(tmp_path: Path) -> None:
    people = [person(8 * n + i, unit=name) for n, name in enumerate(OFFICES) for i in range(6 + n)]
    scenario = write_scenario(tmp_path / "turns", TURNS, people)
    order = Order(scenario=scenario, effort=1.0)
    problem = read_problem(order).problem
    found = [
        [(r.roster, r.objectives) for r in solve_units(problem, replace(order, **how)).results]
        for how in (
            {"executor": "here", "workers": 1},
            {"executor": "here", "workers": 4},
            {"executor": "local", "workers": 1},
            {"executor": "local", "workers": 2},
            {"executor": "local", "workers": 4},
            {"executor": "dask", "workers": 1},
        )
    ]
    assert len(found[0]) == 4
    assert all(other == found[0] for other in found)


def test_an_unknown_executor_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="there are local, here, dask"):
        open_executor("cloud", 2)
    assert giliran("generate", "x", "--executor", "local=2", "--lang", "en").code == 2


# Dask ------------------------------------------------------------------------------------------------------------


def test_a_dask_worker_killed_midway_loses_no_unit(offices: Path) -> None:
    """Two workers started by the commands of docs/scale-out.md; one is killed while it works."""
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    begin = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], stderr=subprocess.PIPE, text=True
    )
    running = [begin]
    try:
        assert begin.stderr is not None
        address = next(
            word for line in begin.stderr for word in line.split() if word.startswith("tcp://127.0.0.1:")
        )
        worker = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            address,
            "--no-nanny",
            "--nthreads",
            "1",
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        for _ in range(2):
            running.append(subprocess.Popen([*worker, "--no-dashboard"], **quiet))  # type: ignore[call-overload]
        tasks = tasks_of(offices, copies=4)
        with DaskExecutor(address, 2, misbehave("takes_a_moment")) as executor:
            executor.prepare()
            executor._client.wait_for_workers(2, timeout=60)
            found = []
            for answer in executor.solve(tasks, Effort(limit=1.0)):
                found.append(answer)
                if len(found) == 3:
                    running[-1].kill()
        assert sorted(answer.number for answer in found) == list(range(16))
        assert all(answer.solution is not None for answer in found)
        assert running[-1].poll() is not None and running[1].poll() is None
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()
        begin.stderr.close()  # type: ignore[union-attr]


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r'pip install "giliran\[dask\]"'):
        open_executor("dask", 2)


@pytest.mark.parametrize(
    ("address", "exposed"),
    [
        ("", False), ("tcp://127.0.0.1:8786", False), ("localhost:8786", False), ("tcp://[::1]:8786", False),
        ("tcp://10.0.0.5:8786", True), ("10.0.0.5:8786", True), ("tcp://penjadwal:8786", True), ("tls://10.0.0.5:8786", False),
    ],
)  # fmt: skip
def test_an_address_without_tls_is_warned_of_but_on_this_machine(address: str, exposed: bool) -> None:
    assert is_exposed(address) is exposed
