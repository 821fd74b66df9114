"""The gate before every page of the board: session, form token, role and office are checked here and nowhere else.

A page is a `Route`; who may ask for it stands in the route, what it is about in its address: `{unit}` and
`{scenario}` and `{job}` are looked up here, and what the account does not see is not found.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from scheduler.errors import SchedulerError
from scheduler.language import Language
from scheduler.server.board import audit, errors, sessions
from scheduler.server.board.accounts import Role
from scheduler.server.board.visit import Stop, Upload, Visit
from scheduler.server.store.board_tables import JOB
from scheduler.server.store.database import writing
from scheduler.server.store.tables import SCENARIO, SUBJECT

LOG = logging.getLogger("giliran")
COOKIE = "__Host-giliran"
"""`__Host-`: only over TLS (or on this very machine), for this very host, for all its paths (RFC 6265bis)."""
LANGUAGE_COOKIE = "giliran-language"
MOST_BYTES = 64 * 1024
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # the gate asks forms where they come from
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Vary": "Cookie",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A page or act of the board.

    Attributes
    ----------
    roles : who may ask for it; empty where nobody needs to be signed in.
    act : what the audit log calls it; empty where it only shows a page.
    most_bytes : of what may be sent.
    """

    method: str
    path: str
    handler: Callable[[Visit], Response]
    roles: frozenset[Role]
    act: str = ""
    most_bytes: int = MOST_BYTES


class Gate:
    """Answers requests for routes.

    Parameters
    ----------
    tools : `routes.Tools`, with the database and the clock.
    """

    def __init__(self, tools: Any) -> None:
        self._tools = tools

    def endpoint(self, route: Route) -> Callable[[Request], Any]:
        """Return what answers requests for a route."""

        async def answer(request: Request) -> Response:
            visit = self._visit(request)
            try:
                await run_in_threadpool(self._admit, visit, route, request)
                if route.method == "POST":
                    await _read_form(request, visit, route.most_bytes)
                    self._check_form(visit, route, request)
                response = await run_in_threadpool(self._handle, visit, route)
            except Stop as stop:
                response = stop.response
            except SQLAlchemyError as error:
                LOG.error("database: %s", type(error).__name__, exc_info=error)
                response = errors.broken(visit, is_busy=True)
            except Exception:
                LOG.exception("board: %s %s", route.method, route.path)
                response = errors.broken(visit, is_busy=False)
            return _finish(response, visit, request)

        return answer

    def missing(self, request: Request) -> Response:
        """Return the page that says that there is none at an address."""
        visit = self._visit(request)
        return _finish(errors.not_found(visit), visit, request)

    def _visit(self, request: Request) -> Visit:
        return Visit(
            engine=self._tools.engine,
            tools=self._tools,
            now=self._tools.clock(),
            language=_language(request),
            address=request.client.host if request.client else "",
            path=request.url.path,
            query=dict(request.query_params),
            secret=request.cookies.get(COOKIE, ""),
        )

    # Who may come in ------------------------------------------------------------------------------------------------

    def _admit(self, visit: Visit, route: Route, request: Request) -> None:
        visit.account = sessions.holder(visit.engine, visit.secret, int(visit.now))
        visit.form_token = sessions.form_token(visit.secret) if visit.account else ""
        if not route.roles:
            return
        if visit.account is None:
            raise Stop(errors.to_sign_in(visit, route.method))
        with visit.engine.connect() as connection:
            found = _look_up(connection, visit, request.path_params)
        if not found:
            raise Stop(errors.not_found(visit))
        if visit.account.role not in route.roles:
            raise Stop(errors.forbidden(visit))

    def _check_form(self, visit: Visit, route: Route, request: Request) -> None:
        came_from = request.headers.get("sec-fetch-site", "same-origin")
        given = visit.form.get("form_token", "")
        secret = visit.secret if route.roles else request.cookies.get(errors.DOOR_COOKIE, "")
        if came_from not in ("same-origin", "none") or not sessions.is_form_token(secret, given):
            raise Stop(errors.stale_form(visit))

    # What is done ---------------------------------------------------------------------------------------------------

    def _handle(self, visit: Visit, route: Route) -> Response:
        try:
            response = route.handler(visit)
        except Stop as stop:
            response = stop.response
        except SchedulerError as error:
            response = errors.refused(visit, error)
        if route.act:
            told = visit.detail if response.status_code < 400 else f"{response.status_code} {visit.detail}"
            with writing(visit.engine) as connection:
                audit.write(connection, visit.note, route.act, visit.now, told.strip())
        return response


def _look_up(connection: Connection, visit: Visit, named: dict[str, Any]) -> bool:
    """Set what the address is about; return whether all of it is the account's to see."""
    who = visit.who
    if "unit" in named:
        visit.unit = _row(connection, SUBJECT, named["unit"])
        if visit.unit is None or visit.unit["kind"] != "unit":
            return False
        visit.scenario = _row(connection, SCENARIO, visit.unit["scenario_id"])
        return who.sees(visit.unit["scenario_id"], visit.unit["key"])
    if "job" in named:
        visit.job = _row(connection, JOB, named["job"])
        if visit.job is None:
            return False
        visit.scenario = _row(connection, SCENARIO, visit.job["scenario_id"])
        mine = visit.job["account_id"] == who.id or who.role == "admin"
        return mine and who.sees(visit.job["scenario_id"], visit.job["unit"])
    if "scenario" in named:
        visit.scenario = _row(connection, SCENARIO, named["scenario"])
        return visit.scenario is not None and who.sees_scenario(visit.scenario["id"])
    return True


def _row(connection: Connection, table: Any, key: Any) -> RowMapping | None:
    number = str(key)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return connection.execute(select(table).where(table.c.id == int(number))).mappings().first()


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return "en" if asked == "en" else "id"


async def _read_form(request: Request, visit: Visit, most: int) -> None:
    async def limited() -> AsyncGenerator[bytes, None]:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise Stop(errors.too_large(visit, most))
            yield part

    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            parser = MultiPartParser(request.headers, limited(), max_files=1, max_fields=40)
            fields = await parser.parse()
        elif kind == "application/x-www-form-urlencoded":
            fields = await FormParser(request.headers, limited()).parse()
        else:
            raise Stop(errors.stale_form(visit))
    except (MultiPartException, ValueError, KeyError):
        raise Stop(errors.stale_form(visit)) from None
    visit.form = {key: value for key, value in fields.items() if isinstance(value, str)}
    for value in fields.values():
        if isinstance(value, UploadFile) and value.filename:
            name = value.filename.replace("\\", "/").rsplit("/", 1)[-1][:120]
            visit.file = Upload(name, await value.read())
    await fields.close()


def _finish(response: Response, visit: Visit, request: Request) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.query_params.get("lang") in ("id", "en"):
        response.set_cookie(
            LANGUAGE_COOKIE, visit.language, max_age=365 * 86_400, secure=True, httponly=True, samesite="lax"
        )
    return response
