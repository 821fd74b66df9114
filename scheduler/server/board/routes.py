"""Every page of the board: who may ask for it, and what answers. Nothing is served that does not stand here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from scheduler.server.board import grid, signing, today
from scheduler.server.board.accounts import ROLES, Role
from scheduler.server.board.folders import Offices
from scheduler.server.board.gate import Gate, Route
from scheduler.server.board.render import asset
from scheduler.server.board.sign_in import Door
from scheduler.server.board.visit import Visit

if TYPE_CHECKING:
    from sqlalchemy import Engine

ANYBODY: frozenset[Role] = frozenset()
EVERYBODY: frozenset[Role] = frozenset(ROLES)
CHANGERS: frozenset[Role] = frozenset({"admin", "head"})
ADMINS: frozenset[Role] = frozenset({"admin"})
UNIT, SCENARIO, JOB = "/units/{unit}", "/scenarios/{scenario}", "/jobs/{job}"
MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
YEAR = 31_536_000


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What the pages run on.

    Attributes
    ----------
    clock : seconds since 1970.
    """

    engine: Engine
    clock: Callable[[], float]
    door: Door
    offices: Offices


def board_routes() -> tuple[Route, ...]:
    """Return every route below `/board`."""
    return (
        Route(method="GET", path="/assets/{name}", roles=ANYBODY, handler=_asset),
        Route(method="GET", path="/sign-in", roles=ANYBODY, handler=signing.show),
        Route(method="POST", path="/sign-in", roles=ANYBODY, handler=signing.enter),
        Route(method="POST", path="/sign-out", roles=EVERYBODY, handler=signing.leave, act="sign-out"),
        Route(method="GET", path="/password", roles=EVERYBODY, handler=signing.password_page),
        Route(
            method="POST", path="/password", roles=EVERYBODY, handler=signing.change_password, act="password"
        ),
        Route(method="GET", path="/audit", roles=ADMINS, handler=signing.log),
        Route(method="GET", path="", roles=EVERYBODY, handler=today.overview),
        Route(method="GET", path=UNIT, roles=EVERYBODY, handler=today.unit_today),
        Route(method="GET", path=f"{UNIT}/week", roles=EVERYBODY, handler=grid.week),
    )


def _asset(visit: Visit) -> Response:
    name = visit.path.rsplit("/", 1)[-1]
    if name not in ("board.css", "board.js"):
        from scheduler.server.board.errors import not_found

        return not_found(visit)
    cached = {"Cache-Control": f"public, max-age={YEAR}, immutable", "Vary": "Accept-Encoding"}
    return Response(asset(name), 200, cached, MEDIA[name.rsplit(".", 1)[-1]])


def make_router(engine: Engine, clock: Callable[[], float] = time.time) -> APIRouter:
    """Return the board for an application on an open database."""
    tools = Tools(engine=engine, clock=clock, door=Door(engine), offices=Offices(engine))
    gate, router = Gate(tools), APIRouter(prefix="/board")
    for route in board_routes():
        router.add_api_route(
            route.path, gate.endpoint(route), methods=[route.method], response_model=None, name=route.path
        )
    return router
