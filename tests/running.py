"""Runs the program in this process, as a user would, and returns what came of it."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from scheduler.cli.main import main

ROSTERS = Path(__file__).parent.parent / "rosters"


class Ran(NamedTuple):
    """The exit code and everything printed."""

    code: int
    out: str
    err: str


def giliran(*words: object) -> Ran:
    """Run `giliran` with these words."""
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["giliran", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    finally:
        sys.argv = before
    return Ran(code, out.getvalue(), err.getvalue())
