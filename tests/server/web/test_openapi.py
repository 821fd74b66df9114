"""Requests that schemathesis makes of the description of all routes, allowed ones and others, always the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from scheduler.server.telegram.settings import TelegramSettings
from scheduler.server.web.app import make_app
from scheduler.server.web.openapi import describe
from scheduler.server.web.rates import Rates
from tests.server.phones import EVERYTHING
from tests.server.published import BUDI, MORNING, UNIT, publication, roster, server_on, sqlite
from tests.server.telegram.test_telegram import SECRET

EXAMPLES = {True: 15, False: 2}
"""Of the routes that people's phones and programs use, and of the board's, whose forms all need a session."""
OWN = ("/checkin/{token}", "/telegram/{secret}", "/feeds/{place}/{token}.ics")
FOUND = (200, 303, 304, 307, 400, 401, 403, 404, 405, 413, 415, 422)
NO_BOUND = Rates(checkin=0, feeds=0, telegram=0, address=0, unknown=0)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, dict[str, Any]]]:
    """An application with one published roster, and its description with tokens that open something."""
    with server_on(sqlite(tmp_path_factory.mktemp("openapi"))) as server:
        server.publish(publication(roster(checkins=EVERYTHING)))
        checkin = server.link(BUDI, "checkin").rpartition("/")[2]
        feeds = [server.link(key).rpartition("/")[2].removesuffix(".ics") for key in (BUDI, UNIT)]
        app = make_app(server.engine, lambda: MORNING, TelegramSettings(secret=SECRET), NO_BOUND)
        schema = copy.deepcopy(describe(app))
        known = {
            "/checkin/{token}": [checkin],
            "/telegram/{secret}": [SECRET],
            "/feeds/{place}/{token}.ics": feeds,
        }
        for path, tokens in known.items():
            for operation in schema["paths"][path].values():
                for parameter in operation["parameters"]:
                    if parameter["name"] in ("token", "secret"):
                        parameter["schema"] = {"enum": [*tokens, "wrong"]}
        with TestClient(app, follow_redirects=False) as client:
            yield client, schema


def test_the_description_names_every_route(described: tuple[TestClient, dict[str, Any]]) -> None:
    client, schema = described
    routes = {path for route in client.app.routes if (path := getattr(route, "path", ""))}  # type: ignore[attr-defined]
    assert {path for path in routes if not path.startswith("/board")} <= schema["paths"].keys()
    assert {"/feeds/{place}/{token}.ics", "/telegram/{secret}", "/checkin/{token}", "/board"} <= schema[
        "paths"
    ].keys()


def statuses(client: TestClient, operation: Any, mode: GenerationMode) -> set[int]:
    """Send what schemathesis makes for one operation; return the statuses that came back."""
    seen: set[int] = set()

    def send(case: Any) -> None:
        words = case.as_transport_kwargs(base_url="http://testserver")
        words.pop("cookies", None)
        answer = client.request(**words)
        assert answer.status_code in FOUND, (operation.label, answer.status_code)
        assert answer.headers["x-content-type-options"] == "nosniff"
        seen.add(answer.status_code)

    bounds = settings(
        max_examples=EXAMPLES[operation.path in OWN], derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    bounds(given(case=operation.as_strategy(generation_mode=mode))(send))()
    return seen


def test_no_request_that_the_description_allows_makes_the_server_fail(
    described: tuple[TestClient, dict[str, Any]],
) -> None:
    client, schema = described
    seen: dict[str, set[int]] = {}
    for found in schemathesis.openapi.from_dict(schema).get_all_operations():
        operation = found.ok()
        seen[operation.label] = statuses(client, operation, GenerationMode.POSITIVE)
    assert {200, 404} <= seen["GET /feeds/{place}/{token}.ics"]
    assert {200, 404} <= seen["GET /checkin/{token}"]
    assert {200, 404} <= seen["POST /telegram/{secret}"]
    assert {200, 404} <= seen["POST /checkin/{token}"]
    assert len(seen) >= 30


def test_no_request_that_it_does_not_allow_does_either(described: tuple[TestClient, dict[str, Any]]) -> None:
    client, schema = described
    own = {**schema, "paths": {"/checkin/{token}": schema["paths"]["/checkin/{token}"]}}
    for found in schemathesis.openapi.from_dict(own).get_all_operations():
        if found.ok().method == "post":
            assert statuses(client, found.ok(), GenerationMode.NEGATIVE) & {404, 422}
