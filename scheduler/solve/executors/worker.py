"""The solver's side of `SolverProcess`: reads questions, solves, answers."""

from __future__ import annotations

import faulthandler
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from queue import SimpleQueue
from typing import IO, Any

from scheduler.errors import SchedulerError
from scheduler.solve.executors.memory import held, limit_memory
from scheduler.solve.executors.process import FIRST
from scheduler.solve.executors.tasks import received

Question = tuple[Any, Any, dict[str, Any]]


def main() -> None:
    """Answer questions until the input ends."""
    faulthandler.enable()
    answers = _own_output()
    questions = sys.stdin.buffer
    name, memory = pickle.load(questions)
    if memory is not None:
        limit_memory(memory)
    stopped = threading.Event()
    waiting: SimpleQueue[Question] = SimpleQueue()
    threading.Thread(target=_listen, args=(questions, waiting, stopped), daemon=True).start()
    function = _find(name)
    fresh = held()

    def tell(kind: str, value: Any) -> None:
        pickle.dump((kind, value, held() - fresh), answers)
        answers.flush()

    while True:
        tell(*solve_one(function, waiting.get(), stopped, partial(tell, FIRST)))


def solve_one(
    function: Callable[..., Any],
    question: Question,
    stopped: threading.Event,
    found: Callable[[Any], None] | None = None,
) -> tuple[str, Any]:
    """Return what became of a question: ("solution", …), ("error", …), ("memory", …) or ("crash", …)."""
    unit, replaced, effort = question
    try:
        return "solution", function(unit, received(effort, stopped, found), replaced)
    except SchedulerError as error:
        return "error", error
    except MemoryError:
        return "memory", traceback.format_exc()
    except Exception:  # noqa: BLE001 - whatever it is, the other units go on
        return "crash", traceback.format_exc()


def _own_output() -> IO[bytes]:
    """Return the standard output for answers alone; whatever libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _listen(questions: IO[bytes], waiting: SimpleQueue[Question], stopped: threading.Event) -> None:
    """Hand on questions; None among them stops the search under way, and the end of the input ends all."""
    while True:
        try:
            question = pickle.load(questions)
        except (EOFError, OSError):
            os._exit(0)  # the parent is gone: a search under way is nobody's any more
        if question is None:
            stopped.set()
        else:
            waiting.put(question)


def _find(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), attribute)
    return function
