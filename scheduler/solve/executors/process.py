"""One solver in a process of its own, and what is said of it when it dies.

It is started as a plain command, not forked: the same on Windows and elsewhere, without importing the caller's
main module again. Questions and answers travel through its standard input and output; the end of its input, as
when the parent is killed, ends it at once.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any

from scheduler.language import Bilingual, format_number
from scheduler.solve.executors.tasks import Failure

START = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); import pickle, sys; "
    "sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from scheduler.solve.executors.worker import main; main()"
)
"""Ctrl-C reaches the whole group of a terminal: the worker leaves it to its parent from its first line on."""

SAYS_MEMORY = re.compile(r"bad_alloc|MemoryError|out of memory|Cannot allocate memory", re.IGNORECASE)
MOST_DETAILS = 4000
FIRST = "first"
"""What a process says of a first roster, before its answer."""

DYING = 10.0
"""Seconds that a process has for ending by itself after its output ended: a core dump may take some."""


class SolverDiedError(Exception):
    """The process ended, or was ended, without an answer; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.what.en)
        self.failure = failure


class SolverProcess:
    """A process that solves one unit at a time.

    Attributes
    ----------
    is_stopped : whether it ends every search at once.
    grown : bytes that it held more with its last answer than before its first question.

    Parameters
    ----------
    function : what it calls, as `package.module:name`.
    memory : bytes that it may hold, where the system can limit them; None for no limit.
    """

    def __init__(self, function: str, memory: int | None) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._patience: float | None = None
        self.is_stopped = False
        self.grown = 0
        self._messages = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
            subprocess, "CREATE_NO_WINDOW", 0
        )
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-c", START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._messages,
            creationflags=flags,
        )
        with contextlib.suppress(OSError):  # it is dead already; the first question will tell
            self._send([entry or os.getcwd() for entry in sys.path])  # noqa: PTH109
            self._send((function, memory))

    def ask(self, question: Any, patience: float, first: Callable[[Any], float] | None = None) -> Any:
        """Return the answer to a question; wait `patience` seconds for it.

        Parameters
        ----------
        first : told of a first roster as it comes; returns the seconds to wait for the answer from then on.

        Raises
        ------
        SolverDiedError
            Where the process ends without one, by itself or because patience ended.
        """
        timer = self._timer(patience)
        try:
            self._send(question)
            while True:
                kind, value, self.grown = pickle.load(self._popen.stdout)  # type: ignore[arg-type]  # it is a pipe
                if kind != FIRST:
                    return kind, value
                if first is not None:
                    timer.cancel()
                    timer = self._timer(first(value))
        except (OSError, EOFError, pickle.UnpicklingError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(DYING)  # killing it while it dies would hide why
            self.kill()
            raise SolverDiedError(self._why()) from None
        finally:
            timer.cancel()

    def stop(self) -> None:
        """Have the search under way, and any after it, end with the best that it has."""
        self.is_stopped = True
        with contextlib.suppress(OSError):
            self._send(None)

    def kill(self) -> None:
        """End the process at once."""
        self._popen.kill()
        self._popen.wait()

    def close(self) -> None:
        """End the process and let go of its pipes."""
        self.kill()
        for stream in (self._popen.stdin, self._popen.stdout, self._messages):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr]  # they are pipes

    def _send(self, message: Any) -> None:
        data, stream = pickle.dumps(message), self._popen.stdin
        with self._lock:
            stream.write(data)  # type: ignore[union-attr]  # it is a pipe
            stream.flush()  # type: ignore[union-attr]

    def _timer(self, patience: float) -> threading.Timer:
        timer = threading.Timer(max(0.0, patience), self._lose_patience, (patience,))
        timer.daemon = True
        timer.start()
        return timer

    def _lose_patience(self, patience: float) -> None:
        self._patience = patience
        self._popen.kill()

    def _why(self) -> Failure:
        """Return why the process ended: by our patience, the system, memory, or itself."""
        code = self._popen.returncode
        self._messages.seek(0)
        said = self._messages.read().decode("utf-8", "replace")[-MOST_DETAILS:]
        if self._patience is not None:
            seconds = round(self._patience)
            return Failure(
                kind="hang",
                what=Bilingual(
                    id=f"penyusun tidak menjawab dalam {seconds} detik dan dihentikan",
                    en=f"the solver did not answer within {seconds} seconds and was ended",
                ),
                details=said,
            )
        if SAYS_MEMORY.search(said):
            return memory_failure(self._memory, said)
        how = _how_it_ended(code)
        if code == -getattr(signal, "SIGKILL", 9):
            what = Bilingual(
                id=f"proses penyusun dihentikan sistem ({how}), biasanya karena memori habis",
                en=f"the system ended the solver's process ({how}), usually for want of memory",
            )
            return Failure(kind="memory", what=what, details=said)
        what = Bilingual(
            id=f"proses penyusun berhenti mendadak ({how})", en=f"the solver's process crashed ({how})"
        )
        return Failure(kind="crash", what=what, details=said)


def memory_failure(limit: int | None, details: str) -> Failure:
    """Return the failure of a solver that got no more memory."""
    allowed_id = allowed_en = ""
    if limit is not None:
        allowed_id = f" (batas {format_number(limit / 1e9, 'id', 1)} GB)"
        allowed_en = f" (limit {format_number(limit / 1e9, 'en', 1)} GB)"
    return Failure(
        kind="memory",
        what=Bilingual(
            id=f"penyusun kehabisan memori{allowed_id}", en=f"the solver ran out of memory{allowed_en}"
        ),
        details=details,
    )


def _how_it_ended(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code & 0xFFFFFFFF:#010x}" if code > 255 else f"exit {code}"
