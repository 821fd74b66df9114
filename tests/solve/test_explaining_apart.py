"""An explanation's solver may crash or hang: what is confirmed is told, and what could not be looked for is said."""

from __future__ import annotations

import _thread
import signal
import threading
from dataclasses import replace

import pytest

from scheduler.errors import InfeasibleError
from scheduler.explain import Explanation, explain, with_ways_out
from scheduler.language import Bilingual
from scheduler.problem import Policy, Problem, Unit
from scheduler.solve.effort import Effort
from scheduler.solve.executors.finder import FinderApart
from tests.constraints.problems import make_rule, make_unit
from tests.solve import dying_finders

LOKET = {"service_posts": ("Loket",)}


def stuck() -> Unit:
    """A counter of two that needs both, one of whom a pin sends home."""
    return make_unit(
        [make_rule("home_quota", share="50%"), make_rule("service_post", name="Loket", at_least=2)],
        [LOKET, LOKET, {}],
        2,
        pins={(0, 0): "home"},
    )


def problem_of(*units: Unit) -> Problem:
    policy = Policy(title="", timezone="Asia/Makassar", rules=units[0].rules)
    horizon = units[0].horizon
    return Problem(name="x", policy=policy, first=horizon.first, last=horizon.last, units=units)


def told_by(how: str, problem: Problem, patience: float | None = None) -> Explanation:
    with FinderApart(f"{dying_finders.__name__}:{how}", patience) as finder:
        return explain(problem, Effort(), finder=finder)


def test_a_process_of_its_own_finds_the_same_conflicts_and_ways_out() -> None:
    problem = problem_of(stuck(), replace(stuck(), name="Dinas Lain"))
    with FinderApart() as finder:
        apart = explain(problem, Effort(), finder=finder)
    here = explain(problem, Effort())
    assert apart == here
    assert len(here.conflicts) == 2 and here.ways_out and not here.lost


@pytest.mark.parametrize(
    ("how", "patience", "why"),
    [("crashes_at_ways_out", None, "crashed"), ("hangs_at_ways_out", 2.0, "did not answer within 2 seconds")],
)
def test_conflicts_are_told_though_the_search_for_ways_out_dies(
    how: str, patience: float | None, why: str
) -> None:
    problem = problem_of(stuck())
    known = explain(problem, Effort()).conflicts
    with FinderApart(f"{dying_finders.__name__}:{how}", patience) as finder:
        error = InfeasibleError(Bilingual(id="tidak ada", en="none"), found=known)
        told = with_ways_out(error, problem, Effort(), finder=finder)
    assert told.found == known
    assert told.ways_out == ()
    assert "Loket" in told.describe("id")
    assert (
        told.conflict[-1].en.startswith("Ways out could not be looked for: the solver")
        and why in told.conflict[-1].en
    )


def test_a_crash_over_one_unit_leaves_the_conflicts_of_the_others() -> None:
    victim = replace(stuck(), name=dying_finders.VICTIM)
    told = told_by("crashes_at_a_unit", problem_of(victim, stuck()))
    assert told.unexplained == (dying_finders.VICTIM,)
    assert {conflict.unit.name for conflict in told.conflicts} == {"Kantor"}
    assert told.lost[0].en.startswith(f"{dying_finders.VICTIM}: the cause could not be looked for")


def test_ctrl_c_ends_an_explanation_at_once_and_its_process_too() -> None:
    problem = problem_of(stuck())
    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # ignored where the tests run in the background
    try:
        with FinderApart(f"{dying_finders.__name__}:hangs_at_ways_out") as finder:
            process = finder.prepare()
            known = explain(problem, Effort()).conflicts
            threading.Timer(0.3, _thread.interrupt_main).start()
            with pytest.raises(KeyboardInterrupt):
                explain(problem, Effort(), known=known, finder=finder)
    finally:
        signal.signal(signal.SIGINT, before)
    assert process._popen.poll() is not None
