"""Requests of schemathesis over the board's routes, by somebody who is signed in as an admin."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from scheduler.server.board import sessions
from scheduler.server.web.openapi import describe
from tests.server.board.boards import Board

EXAMPLES = 3
FAILED = 500


def test_no_request_of_an_admin_makes_the_board_fail(board: Board) -> None:
    board.as_("admin")
    schema = describe(board.client.app)  # type: ignore[arg-type]
    real = {"unit": board.unit(), "scenario": board.scenario(), "job": 1, "revision": 1}
    seen: set[int] = set()
    for path, operations in schema["paths"].items():
        for operation in operations.values() if path.startswith("/board/") else ():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in real and parameter["in"] == "path":
                    parameter["schema"] = {"enum": [real[parameter["name"]], 99, -1]}
    for found in schemathesis.openapi.from_dict(schema).get_all_operations():
        operation = found.ok()
        if (
            not operation.path.startswith("/board/")
            or "sign" in operation.path
            or operation.path.endswith("events")
        ):
            continue

        def send(case: Any) -> None:
            words = case.as_transport_kwargs(base_url="https://testserver")
            words.pop("cookies", None)
            if words["method"] == "POST" and not words.get("json"):
                words["data"] = {
                    **(words.get("data") or {}),
                    "form_token": sessions.form_token(board.secrets["admin"]),
                }
            answer = board.client.request(**words)
            assert answer.status_code < FAILED, (case.operation.label, answer.status_code)
            seen.add(answer.status_code)

        settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))(send))()
    assert {200, 404} <= seen
