"""Every route, asked for by everybody: from no account, from each role, from the wrong office, without its token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.server.board import accounts, jobs, sessions
from scheduler.server.board.gate import Route
from scheduler.server.board.routes import board_routes
from scheduler.server.board.runner import Runner
from scheduler.server.store.database import writing
from tests.server.board.boards import Board, board_on, copy_of
from tests.server.published import sqlite

OPEN = {("GET", "/assets/{name}"), ("GET", "/sign-in"), ("POST", "/sign-in")}
EVERYBODY = {
    ("POST", "/sign-out"), ("GET", "/password"), ("POST", "/password"), ("GET", ""), ("GET", "/units/{unit}"),
    ("GET", "/units/{unit}/week"), ("GET", "/units/{unit}/pictures"), ("GET", "/units/{unit}/downloads"),
    ("GET", "/units/{unit}/files/{name}"),
}  # fmt: skip
CHANGERS = {
    ("GET", "/units/{unit}/change"), ("POST", "/units/{unit}/swap"), ("POST", "/units/{unit}/recall"),
    ("POST", "/units/{unit}/absence"), ("POST", "/units/{unit}/pin"), ("POST", "/units/{unit}/leaver"), ("POST", "/units/{unit}/requests"), ("GET", "/units/{unit}/uploads"), ("POST", "/units/{unit}/uploads/absences"),
    ("POST", "/units/{unit}/uploads/workbook"), ("GET", "/jobs/{job}"), ("GET", "/jobs/{job}/events"),
    ("POST", "/jobs/{job}/confirm"),
}  # fmt: skip
ADMINS = {
    ("GET", "/audit"), ("GET", "/scenarios/{scenario}"), ("POST", "/scenarios/{scenario}/generate"),
    ("POST", "/scenarios/{scenario}/publish"), ("POST", "/scenarios/{scenario}/staff"),
    ("POST", "/scenarios/{scenario}/policy"), ("POST", "/scenarios/{scenario}/back"),
    ("GET", "/scenarios/{scenario}/files/{revision}/{name}"),
}  # fmt: skip
"""Who may ask for what, written down a second time: a route that stands in none of these fails here."""
ROUTES = board_routes()
CLOSED = [route for route in ROUTES if (route.method, route.path) not in OPEN]


def name_of(route: Route) -> str:
    return f"{route.method} {route.path or '/'}"


@pytest.fixture(scope="module")
def many(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """One board for all of these; a finished preview of Dinas Satu is its job 1. Nothing is carried out."""
    folder = copy_of(template, tmp_path_factory.mktemp("permissions"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runner, "put", lambda self, job: None)
        with board_on(sqlite(folder), folder) as board:
            board.as_("kepala")
            home, partner = board.opposite()
            job, _ = board.swap(home, partner)
            found = {"base": 1, "mark": "", "proven": True, "people": 0, "moves": []}
            with writing(board.engine) as connection:
                jobs.finish(connection, job, board.now, jobs.DONE, found)
            yield board


def path_of(board: Board, route: Route) -> str:
    name = (
        "roster.csv" if "{scenario}" in route.path else "today.txt" if "{unit}" in route.path else "board.css"
    )
    return route.path.format(unit=board.unit(), scenario=board.scenario(), job=1, name=name, revision=1)


def ask(board: Board, route: Route) -> int:
    path = path_of(board, route)
    answer = board.get(path) if route.method == "GET" else board.post(path)
    return int(answer.status_code)


def count(board: Board, table: str) -> int:
    return int(board.one(f"SELECT count(*) AS n FROM {table}"))


def test_every_route_is_listed_here() -> None:
    assert {(route.method, route.path) for route in ROUTES} == OPEN | EVERYBODY | CHANGERS | ADMINS
    assert len(ROUTES) == len({(route.method, route.path) for route in ROUTES})


def test_the_application_serves_nothing_below_board_but_these_routes(many: Board) -> None:
    def paths(routes: list[object]) -> Iterator[tuple[str, str]]:
        for route in routes:
            inner = getattr(route, "routes", None) or getattr(
                getattr(route, "original_router", None), "routes", None
            )
            if inner:
                yield from paths(inner)
            elif getattr(route, "path", "").startswith("/board"):
                for method in route.methods - {"HEAD"}:  # type: ignore[attr-defined]
                    yield method, route.path.removeprefix("/board")  # type: ignore[attr-defined]

    assert set(paths(many.client.app.routes)) == {(route.method, route.path) for route in ROUTES}  # type: ignore[attr-defined]


@pytest.mark.parametrize("route", CLOSED, ids=name_of)
def test_without_an_account_every_page_leads_to_the_sign_in(many: Board, route: Route) -> None:
    many.client.cookies.clear()
    answer = many.client.request(route.method, f"/board{path_of(many, route)}")
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/board/sign-in")


@pytest.mark.parametrize("route", CLOSED, ids=name_of)
def test_each_role_gets_what_is_its_own_and_nothing_else(many: Board, route: Route) -> None:
    key = (route.method, route.path)
    many.secrets.clear()  # signing out is one of the routes
    about_all = "{scenario}" in route.path
    for who, allowed in (
        ("admin", True),
        ("kepala", key in EVERYBODY | CHANGERS),
        ("pantau", key in EVERYBODY),
    ):
        status = ask(many.as_(who), route)
        if allowed:
            assert status in (200, 303, 422), (who, status)
        else:
            # A scenario is not the head's at all, and a job not the monitor's: they learn nothing of either.
            assert status == (404 if about_all or "{job}" in route.path else 403), (who, status)


@pytest.mark.parametrize("route", [r for r in CLOSED if "{" in r.path], ids=name_of)
def test_from_the_wrong_office_nothing_is_found_and_nothing_is_done(many: Board, route: Route) -> None:
    before = count(many, "board_job")
    for who in ("lain", "tetangga"):
        assert ask(many.as_(who), route) == 404, who
    assert count(many, "board_job") == before


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "POST"], ids=name_of)
def test_a_form_without_its_token_does_nothing(many: Board, route: Route) -> None:
    many.as_("lain").as_("admin")
    before = count(many, "board_job"), count(many, "board_session"), count(many, "board_attempt")
    path = f"/board{path_of(many, route)}"
    foreign = {"form_token": sessions.form_token(many.secrets["lain"])}
    for fields in ({}, {"form_token": ""}, {"form_token": "ä"}, foreign):
        assert many.client.post(path, data=fields).status_code == 403
    good = {"form_token": sessions.form_token(many.secrets["admin"])}
    assert many.client.post(path, data=good, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert (
        many.client.post(path, content=b"{}", headers={"Content-Type": "application/json"}).status_code == 403
    )
    assert before == (count(many, "board_job"), count(many, "board_session"), count(many, "board_attempt"))


def test_who_is_ill_is_told_to_heads_and_not_to_monitors(board: Board) -> None:
    with writing(board.engine) as connection:
        connection.exec_driver_sql(
            "UPDATE person_day SET status = 'sick' WHERE day = '2021-08-04' AND status = 'home'"
        )
    for path in ("?day=2021-08-04", "/week?day=2021-08-04"):
        assert "Sakit" in board.as_("kepala").get(f"/units/{board.unit()}{path}").text
        shown = board.as_("pantau").get(f"/units/{board.unit()}{path}").text
        assert "Tidak masuk" in shown
        assert "Sakit" not in shown
        assert "s-sick" not in shown


@pytest.mark.parametrize(
    "name", ["roster.xlsx", "roster.csv", "attendance.xlsx", "../../inputs/calendar.key", "certificate.json"]
)
def test_files_that_tell_more_than_a_monitor_may_know_are_not_found(many: Board, name: str) -> None:
    assert many.as_("pantau").get(f"/units/{many.unit()}/files/{name}").status_code == 404


def test_a_disabled_account_is_out_at_once(board: Board) -> None:
    assert board.as_("lain").get("").status_code == 303
    with writing(board.engine) as connection:
        accounts.disable(connection, accounts.find(connection, "lain")["id"], int(board.now))
    assert board.get("").headers["location"].startswith("/board/sign-in")


def test_pages_carry_a_policy_without_inline_styles_or_scripts(many: Board) -> None:
    many.secrets.clear()
    page = many.as_("kepala").get(f"/units/{many.unit()}")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "style-src 'self'" in policy
    assert (page.headers["x-frame-options"], page.headers["cache-control"]) == ("DENY", "no-store")
    assert " style=" not in page.text
    assert "<style" not in page.text
