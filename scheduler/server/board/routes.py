"""Every page of the board: who may ask for it, and what answers. Nothing is served that does not stand here."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from scheduler.server.board import (
    changing,
    deciding,
    downloading,
    grid,
    job_pages,
    managing,
    pictures,
    signing,
    today,
    uploading,
)
from scheduler.server.board.accounts import ROLES, Role
from scheduler.server.board.folders import Offices
from scheduler.server.board.gate import MOST_BYTES, Gate, Route
from scheduler.server.board.render import asset
from scheduler.server.board.runner import Runner
from scheduler.server.board.sign_in import Door
from scheduler.server.board.visit import Visit
from scheduler.server.board.warming import Warmer

if TYPE_CHECKING:
    from sqlalchemy import Engine

ANYBODY: frozenset[Role] = frozenset()
EVERYBODY: frozenset[Role] = frozenset(ROLES)
CHANGERS: frozenset[Role] = frozenset({"admin", "head"})
ADMINS: frozenset[Role] = frozenset({"admin"})
UNIT, SCENARIO, JOB = "/units/{unit}", "/scenarios/{scenario}", "/jobs/{job}"
MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
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
    runner: Runner


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
        Route(method="GET", path=f"{UNIT}/change", roles=CHANGERS, handler=changing.form),
        Route(method="POST", path=f"{UNIT}/swap", roles=CHANGERS, handler=changing.swap, act="swap"),
        Route(method="POST", path=f"{UNIT}/recall", roles=CHANGERS, handler=changing.recall, act="recall"),
        Route(method="POST", path=f"{UNIT}/absence", roles=CHANGERS, handler=changing.absence, act="absence"),
        Route(method="POST", path=f"{UNIT}/pin", roles=CHANGERS, handler=changing.pin, act="pin"),
        Route(method="POST", path=f"{UNIT}/leaver", roles=CHANGERS, handler=changing.leaver, act="leaver"),
        Route(method="POST", path=f"{UNIT}/requests", roles=CHANGERS, handler=deciding.answer, act="request"),
        Route(method="GET", path=f"{UNIT}/uploads", roles=CHANGERS, handler=uploading.form),
        _upload(f"{UNIT}/uploads/absences", CHANGERS, uploading.absences, "absences file"),
        _upload(f"{UNIT}/uploads/workbook", CHANGERS, uploading.workbook, "workbook"),
        Route(method="GET", path=f"{UNIT}/pictures", roles=EVERYBODY, handler=pictures.show),
        Route(method="GET", path=f"{UNIT}/downloads", roles=EVERYBODY, handler=downloading.form),
        Route(
            method="GET",
            path=f"{UNIT}/files/{{name}}",
            roles=EVERYBODY,
            handler=downloading.unit_file,
            act="download",
        ),
        Route(
            method="GET",
            path=f"{SCENARIO}/files/{{revision}}/{{name}}",
            roles=ADMINS,
            handler=downloading.whole_file,
            act="download",
        ),
        Route(method="GET", path=SCENARIO, roles=ADMINS, handler=managing.show),
        Route(
            method="POST",
            path=f"{SCENARIO}/generate",
            roles=ADMINS,
            handler=managing.generate,
            act="generate",
        ),
        Route(
            method="POST", path=f"{SCENARIO}/publish", roles=ADMINS, handler=managing.publish, act="confirm"
        ),
        _upload(f"{SCENARIO}/staff", ADMINS, uploading.staff, "staff list"),
        _upload(f"{SCENARIO}/policy", ADMINS, managing.policy, "policy"),
        Route(method="POST", path=f"{SCENARIO}/back", roles=ADMINS, handler=managing.back, act="back"),
        Route(method="GET", path=JOB, roles=CHANGERS, handler=job_pages.show),
        Route(method="GET", path=f"{JOB}/events", roles=CHANGERS, handler=job_pages.events),
        Route(method="POST", path=f"{JOB}/confirm", roles=CHANGERS, handler=job_pages.confirm, act="confirm"),
    )


def _upload(path: str, roles: frozenset[Role], handler: Callable[[Visit], Response], act: str) -> Route:
    most = uploading.MOST_BYTES + MOST_BYTES
    return Route(method="POST", path=path, roles=roles, handler=handler, act=act, most_bytes=most)


def _asset(visit: Visit) -> Response:
    name = visit.path.rsplit("/", 1)[-1]
    if name not in ("board.css", "board.js", "icon.svg"):
        from scheduler.server.board.errors import not_found

        return not_found(visit)
    cached = {"Cache-Control": f"public, max-age={YEAR}, immutable", "Vary": "Accept-Encoding"}
    return Response(asset(name), 200, cached, MEDIA[name.rsplit(".", 1)[-1]])


def make_router(
    engine: Engine, clock: Callable[[], float] = time.time
) -> tuple[APIRouter, Callable[[Request], Response]]:
    """Return the board for an application on an open database, and what answers where it has no page."""
    runner = Runner(engine, clock)
    offices = Offices(engine)
    tools = Tools(engine=engine, clock=clock, door=Door(engine), offices=offices, runner=runner)
    warmer = Warmer(engine, offices, clock)

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        warmer.start()
        yield
        await run_in_threadpool(runner.stop)
        await run_in_threadpool(warmer.stop)

    gate, router = Gate(tools), APIRouter(prefix="/board", lifespan=lifespan)
    for route in board_routes():
        router.add_api_route(
            route.path, gate.endpoint(route), methods=[route.method], response_model=None, name=route.path
        )
    return router, gate.missing
