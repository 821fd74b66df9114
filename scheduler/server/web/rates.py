"""How often one link, and one address, may ask: 429 with Retry-After beyond it.

What a link may do is bounded by itself, so one phone gone wild harms nobody. An address is bounded far above what a
government behind one router sends at 08.00, for there thousands of people have one address; what is not there (a token
guessed) counts against it much sooner, and is then answered by 429 instead of 404, which leaves valid links alone.
This very computer has no bound as an address: a proxy on it that tells no addresses stands for everybody.

All processes of a server count together (`counts.py`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.web.counts import Counts
from scheduler.server.web.guard import HEADERS, NO_PAGE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

VARIABLE = "GILIRAN_RATES"
PLACES = ("checkin", "feeds", "telegram")
TOO_OFTEN = b"Terlalu sering; coba lagi sebentar lagi. / Too often; try again in a moment.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How many requests in a minute; 0 for no bound.

    Attributes
    ----------
    checkin : by one check-in link: a week's queue of a phone is some 50.
    feeds : by one calendar link, all its readers together; answers of 304 count as well.
    telegram : by one address, of updates; Telegram brings those of all people from a few.
    address : by one address, of anything: 5,000 people who open the page and check in within a minute are 15,000.
    unknown : by one address, of what is not there.
    """

    checkin: int = 120
    feeds: int = 120
    telegram: int = 12_000
    address: int = 24_000
    unknown: int = 60


def read_rates(environment: Mapping[str, str]) -> Rates:
    """Return the bounds of GILIRAN_RATES, such as "address=50000 feeds=0"; what it does not name keeps its default.

    Raises
    ------
    UsageError
        Where it names something else, or no whole number.
    """
    found: dict[str, int] = {}
    for part in environment.get(VARIABLE, "").replace(",", " ").split():
        name, _, value = part.partition("=")
        if name not in Rates.__dataclass_fields__ or not value.isdecimal():
            known = ", ".join(Rates.__dataclass_fields__)
            raise UsageError(
                Bilingual(
                    id=f"{VARIABLE}: “{part}” tidak dikenal. Contoh: address=50000; yang ada: {known}.",
                    en=f"{VARIABLE}: “{part}” is not known. Example: address=50000; there are: {known}.",
                )
            )
        found[name] = int(value)
    return Rates(**found)


class Limiter:
    """The outermost middleware: counts requests and refuses those beyond the bounds.

    Parameters
    ----------
    counts : shared with other processes, or None for this one alone.
    """

    def __init__(self, app: ASGIApp, rates: Rates = Rates(), counts: Counts | None = None) -> None:
        self._app, self._counts = app, counts or Counts()
        self._most = {name: most for name in Rates.__dataclass_fields__ if (most := getattr(rates, name))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with 429, or pass the request on."""
        place, _, rest = scope.get("path", "/")[1:].partition("/")
        if scope["type"] != "http" or place not in PLACES:
            await self._app(scope, receive, send)
            return
        address = _address(scope)
        wait = self._wait(place, rest, address)
        if wait:
            await _refuse(send, wait)
            return
        if not address or "unknown" not in self._most:
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, self._watched(send, address))

    def _wait(self, place: str, rest: str, address: str) -> int:
        """Count a request; return for how many seconds to wait, 0 where it may pass."""
        if address and (wait := self._hit("address", address)):
            return wait
        if place == "telegram":
            return self._hit("telegram", address) if address else 0
        token = rest.rpartition("/")[2] if place == "feeds" else rest.partition("/")[0]
        return self._hit(place, token[:64])

    def _hit(self, name: str, key: str) -> int:
        """Count one in the present minute; return for how many seconds to wait, 0 where it is within the bound.

        The storage of the package `limits` began a thread a hundred times a second that looked through all keys, and
        so took half of the time of every check-in (measured).
        """
        most = self._most.get(name)
        if most is None:
            return 0
        count, left = self._counts.hit(f"{name} {key}")
        return 0 if count <= most else max(1, round(left))

    def _watched(self, send: Send, address: str) -> Send:
        refused = False

        async def watched(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == 404:
                wait = self._hit("unknown", address)
                if wait:
                    refused = True
                    await _refuse(send, wait)
            if not refused:
                await send(message)

        return watched


async def _refuse(send: Send, wait: int) -> None:
    headers = [
        (b"retry-after", b"%d" % wait),
        (b"cache-control", b"no-store"),
        (b"content-length", b"%d" % len(TOO_OFTEN)),
        (b"content-type", b"text/plain; charset=utf-8"),
    ]
    await send({"type": "http.response.start", "status": 429, "headers": [*headers, *HEADERS, NO_PAGE]})
    await send({"type": "http.response.body", "body": TOO_OFTEN})


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return _network(client[0]) if client else ""


@lru_cache(maxsize=65_536)
def _network(text: str) -> str:
    """Return what counts as one address: an IPv4 address, the /64 of an IPv6 one; nothing of this computer itself."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return text  # a socket's path, or what a proxy made of it
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return _network(str(found.ipv4_mapped))
        return "" if found.is_loopback else str(ipaddress.ip_network((found, 64), strict=False))
    return "" if found.is_loopback else text
