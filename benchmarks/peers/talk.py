"""How a peer is spoken to: facts as JSON on standard input, an answer as JSON on the last line of standard output."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any, TypedDict


class Answer(TypedDict, total=False):
    """What a peer found.

    home : rows of 0 and 1, one a person; absent where nothing was found.
    roles : (person, day, role).
    bound : of the weighted sum in points, where the peer proves one.
    """

    home: list[list[int]]
    roles: list[list[Any]]
    bound: float
    note: str
    seconds: float


def run(solve: Callable[[dict[str, Any], float], Answer]) -> None:
    """Read facts, solve within the limit (imports apart, building the model included), and write the answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=float, default=30.0, help="seconds")
    limit = parser.parse_args().limit
    facts = json.load(sys.stdin)
    started = time.monotonic()
    answer = solve(facts, limit)
    answer["seconds"] = time.monotonic() - started
    print(json.dumps(answer), flush=True)
