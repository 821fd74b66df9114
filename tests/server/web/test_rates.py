"""How often one link and one address may ask; an office behind one router is never refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from scheduler.errors import UsageError
from scheduler.server.store.database import open_database
from scheduler.server.web.counts import Counts, attached_counts, shared_counts
from scheduler.server.web.rates import Limiter, Rates, _network, read_rates
from tests.server.published import MORNING, sqlite
from tests.server.running_server import running

OFFICE = "203.0.113.7"


def asked(limiter: Limiter, paths: list[str], address: str = OFFICE) -> list[int]:
    """Send requests from one address; return the statuses, having looked at the headers of refusals."""
    statuses: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
            if message["status"] == 429:
                assert 1 <= int(dict(message["headers"])[b"retry-after"]) <= 60

    async def every() -> None:
        for path in paths:
            scope = {"type": "http", "path": path, "method": "GET", "client": (address, 1), "headers": []}
            await limiter(scope, None, send)  # type: ignore[arg-type]

    asyncio.run(every())
    return statuses


def limiter(**rates: int) -> Limiter:
    async def application(scope: Any, _: Any, send: Any) -> None:
        status = 404 if "guessed" in scope["path"] else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return Limiter(application, Rates(**rates))


def test_five_hundred_people_behind_one_address_check_in_within_a_minute() -> None:
    morning = [path for n in range(500) for path in (f"/checkin/t{n}",) * 4 + (f"/feeds/people/t{n}.ics",)]
    assert set(asked(limiter(), morning)) == {200}


def test_a_whole_government_behind_one_address_does_too() -> None:
    assert set(asked(limiter(), [f"/checkin/t{n % 5_000}" for n in range(20_000)])) == {200}


def test_one_link_gone_wild_is_refused_and_its_neighbours_are_not() -> None:
    bounded = limiter(checkin=5, feeds=3)
    assert asked(bounded, ["/checkin/wild"] * 7) == [200] * 5 + [429] * 2
    assert asked(bounded, ["/checkin/wild"], address="198.51.100.1") == [429]
    assert asked(bounded, ["/checkin/calm", "/feeds/people/wild.ics"]) == [200, 200]
    assert asked(bounded, ["/feeds/units/u.ics"] * 4) == [200] * 3 + [429]


def test_guessing_tokens_is_stopped_without_harm_to_the_valid_ones_of_the_address() -> None:
    bounded = limiter(unknown=10)
    assert asked(bounded, [f"/checkin/guessed{n}" for n in range(12)]) == [404] * 10 + [429] * 2
    assert asked(bounded, ["/checkin/valid", "/feeds/people/valid.ics"]) == [200, 200]
    assert asked(bounded, ["/checkin/guessed"], address="198.51.100.1") == [404]


def test_an_address_has_a_bound_and_this_computer_has_none() -> None:
    bounded = limiter(address=4, telegram=2)
    assert asked(bounded, ["/telegram/x"] * 3) == [200, 200, 429]
    assert asked(bounded, ["/checkin/a", "/checkin/b"]) == [200, 429]
    assert asked(bounded, ["/healthz", "/board"]) == [200, 200]
    assert set(asked(bounded, [f"/checkin/t{n}" for n in range(20)], address="127.0.0.1")) == {200}
    assert set(asked(limiter(address=0, checkin=0), ["/checkin/a"] * 200)) == {200}


def test_what_counts_as_one_address() -> None:
    assert _network("2001:db8:1:2:3::4") == _network("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert _network("::ffff:203.0.113.7") == OFFICE
    assert _network("::1") == _network("127.0.0.9") == ""


def test_counts_begin_anew_every_minute_and_say_how_long_it_still_is() -> None:
    now = 1_000.5
    counts = Counts(clock=lambda: now)
    assert [counts.hit("a"), counts.hit("a"), counts.hit("b")] == [(1, 60.0), (2, 60.0), (1, 60.0)]
    now += 59.0
    assert counts.hit("a") == (3, 1.0)
    now += 1.0
    assert counts.hit("a") == (1, 60.0)


def test_processes_count_together_and_keys_do_not_count_for_each_other() -> None:
    with shared_counts() as name:
        one, two = attached_counts(name), attached_counts(name)
        assert [counts.hit("link")[0] for counts in (one, two, two, one)] == [1, 2, 3, 4]
        others = [one.hit(f"other {n}")[0] for n in range(2_000)]
        assert sum(others) < 2_000 + 10, "two keys that meet twice are one chance in ten of all this"
        assert two.hit("link")[0] == 5
    assert Counts().hit("link")[0] == 1


def test_bounds_are_set_by_the_environment() -> None:
    assert read_rates({}) == Rates()
    assert read_rates({"GILIRAN_RATES": "address=50000, feeds=0"}) == Rates(address=50_000, feeds=0)
    for wrong in ("adress=1", "address=many", "address"):
        with pytest.raises(UsageError, match="GILIRAN_RATES"):
            read_rates({"GILIRAN_RATES": wrong})


@pytest.mark.parametrize(("trusted", "refused"), [("127.0.0.1", True), ("10.0.0.1", False)])
def test_whom_a_proxy_forwards_is_believed_of_trusted_proxies_only(
    trusted: str, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    engine = open_database(sqlite(tmp_path))
    with running(engine, lambda: MORNING, rates=Rates(unknown=1)) as address:
        ask = [httpx.get(f"{address}/checkin/guess", headers={"X-Forwarded-For": OFFICE}) for _ in range(2)]
        other = httpx.get(f"{address}/checkin/guess", headers={"X-Forwarded-For": "198.51.100.1"})
    engine.dispose()
    assert [answer.status_code for answer in ask] == [404, 429 if refused else 404]
    assert other.status_code == 404
