"""What a phone is told about what it sent, as JSON or as the address to go to next."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.language import Bilingual, Language
from scheduler.server.phone.arrivals import ActivityEntry, Arrival, Checkin
from scheduler.server.phone.page_facts import Sign
from scheduler.server.phone.page_sections import clock, how
from scheduler.server.phone.page_words import TOLD
from scheduler.server.phone.writer import Answer, Outcome

BUSY = Bilingual(
    id="Peladen sedang penuh; dikirim lagi sebentar lagi.", en="The server is busy; it will be sent again."
)
FAILED = Bilingual(
    id="Peladen tidak dapat menyimpan sekarang; dikirim lagi sebentar lagi.",
    en="The server cannot store it now; it will be sent again.",
)
RETRY_SECONDS = "5"


def told(arrival: Arrival, answer: Answer, language: Language) -> dict[str, Any]:
    """Return what the page's script shows of an arrival that is stored."""
    assert answer.holder is not None
    repeated = answer.outcome is Outcome.REPEATED
    if not isinstance(arrival, Checkin):
        said = TOLD[said_after(arrival, repeated=repeated)]
        return {"stored": True, "repeated": repeated, "said": said.in_language(language)}
    happened_at = arrival.happened_at(answer.received_at)
    shown = clock(happened_at, _zone(answer.holder.timezone), language)
    said = Bilingual(id=f"Tercatat pukul {shown}.", en=f"Recorded at {shown}.")
    has_place = arrival.latitude is not None
    sign = Sign(happened_at, has_place, arrival.accuracy, arrival.failure, arrival.reason)
    return {
        "stored": True,
        "repeated": repeated,
        "said": (TOLD["repeated"] if repeated else said).in_language(language),
        "time": shown,
        "how": how(sign, language),
        "received_at": answer.received_at,
        "clock_ahead_ms": arrival.sent_at - answer.received_at,
    }


def said_after(arrival: Arrival, *, repeated: bool) -> str:
    """Return which of `TOLD` fits what was sent."""
    if isinstance(arrival, Checkin):
        return "repeated" if repeated else "stored"
    return "noted" if isinstance(arrival, ActivityEntry) else "asked"


def next_address(token: str, arrival: Arrival, answer: Answer, asked: str | None) -> str:
    """Return where a browser without JavaScript goes after its form is stored; `asked` is the language asked for."""
    said = said_after(arrival, repeated=answer.outcome is Outcome.REPEATED)
    return f"/checkin/{token}?said={said}" + (f"&lang={asked}" if asked in ("id", "en") else "")


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
