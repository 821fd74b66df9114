"""What a phone may send to the check-in page, as JSON or as a plain form, checked field by field."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from scheduler.checkins.evidence.base import is_place
from scheduler.language import Bilingual, Refusal
from scheduler.server.phone.arrivals import ActivityEntry, Arrival, Checkin, PermitRequest
from scheduler.server.phone.permits import KINDS

MOST_BYTES = 8_192
LONGEST_REASON = 500
LONGEST_ABSENCE = 366
LONGEST_TARGET = 200
OLDEST_ACTIVITY = timedelta(days=8)
"""How long after its day work may still be entered; `by` of the policy says whether that is in time."""
ANSWER = "answer"
FAILURES = frozenset({"", "denied", "unavailable", "timeout", "unsupported"})
MOST_METRES = 1e7
MOST_MS = 1 << 46
"""Milliseconds since 1970, in the year 4199."""
REASON_NEEDED = Bilingual(
    id="Tulis alasannya: lokasi tidak terkirim.", en="Give the reason: no location was sent."
)
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def parse(body: bytes, content_type: str, now: int) -> Arrival:
    """Return what was sent.

    Parameters
    ----------
    now : milliseconds since 1970, for a form sent without JavaScript, which has no clock of its own.

    Raises
    ------
    Refusal
        With what is wrong, for whoever sent it.
    """
    if content_type.partition(";")[0].strip().lower() == "application/json":
        try:
            fields = json.loads(body)
        except (ValueError, RecursionError):
            fields = None
    else:
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=20))
        fields = {"taken_at": now, "sent_at": now, **fields}
    if not isinstance(fields, dict):
        raise Refusal(Bilingual(id="Kiriman tidak terbaca.", en="What was sent cannot be read."))
    client_id = fields.get("client_id")
    if not isinstance(client_id, str) or not _CLIENT_ID.fullmatch(client_id):
        raise Refusal(
            Bilingual(
                id="Kiriman tanpa tanda pengenal; muat ulang halaman.",
                en="No mark on it; load the page again.",
            )
        )
    what = fields.get("what")
    if what == "permit":
        return _permit(fields, client_id)
    if what == "activity":
        return _activity(fields, client_id, now)
    return _checkin(fields, client_id, is_answer=what == "answer")


def _checkin(fields: Mapping[str, Any], client_id: str, *, is_answer: bool) -> Checkin:
    reason = _text(fields.get("reason"))
    latitude, longitude = _number(fields.get("latitude")), _number(fields.get("longitude"))
    placed = is_place(latitude, longitude)
    accuracy = _number(fields.get("accuracy"))
    failure = fields.get("failure") or ""
    if is_answer and not placed:
        failure = ANSWER
    elif not placed and not reason:
        raise Refusal(REASON_NEEDED)
    if not is_answer and failure not in FAILURES:
        failure = "unavailable"
    return Checkin(
        client_id=client_id,
        taken_at=_moment(fields.get("taken_at")),
        sent_at=_moment(fields.get("sent_at")),
        latitude=latitude if placed else None,
        longitude=longitude if placed else None,
        accuracy=accuracy if placed and accuracy is not None and 0 <= accuracy < MOST_METRES else None,
        failure="" if placed else str(failure),
        reason=reason,
    )


def _permit(fields: Mapping[str, Any], client_id: str) -> PermitRequest:
    try:
        first, last = date.fromisoformat(str(fields.get("from"))), date.fromisoformat(str(fields.get("to")))
    except ValueError:
        raise Refusal(Bilingual(id="Isi kedua tanggal.", en="Fill in both dates.")) from None
    if not 0 <= (last - first).days < LONGEST_ABSENCE:
        raise Refusal(
            Bilingual(
                id="Tanggal akhir harus sesudah tanggal mulai, paling lama setahun.",
                en="The last day must come after the first, within a year.",
            )
        )
    kind, reason = str(fields.get("kind")), _text(fields.get("reason"))
    if kind not in KINDS:
        raise Refusal(Bilingual(id="Pilih jenisnya.", en="Choose the kind."))
    if not reason:
        raise Refusal(Bilingual(id="Tulis alasannya.", en="Give the reason."))
    return PermitRequest(client_id=client_id, first_day=first, last_day=last, kind=kind, reason=reason)


def _activity(fields: Mapping[str, Any], client_id: str, now: int) -> ActivityEntry:
    try:
        day = date.fromisoformat(str(fields.get("day")))
    except ValueError:
        raise Refusal(Bilingual(id="Pilih harinya.", en="Choose the day.")) from None
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    if not today - OLDEST_ACTIVITY <= day <= today + timedelta(days=1):  # tomorrow begins in the east
        raise Refusal(
            Bilingual(
                id="Kegiatan dicatat pada harinya, paling lambat seminggu sesudahnya.",
                en="Work is entered on its day, or within a week after it.",
            )
        )
    activity = _text(fields.get("activity"))
    if not activity:
        raise Refusal(Bilingual(id="Tulis kegiatannya.", en="Say what was done."))
    return ActivityEntry(
        client_id=client_id,
        taken_at=_moment(fields.get("taken_at")),
        sent_at=_moment(fields.get("sent_at")),
        day=day,
        target=_text(fields.get("target"))[:LONGEST_TARGET],
        activity=activity,
    )


def _text(value: Any) -> str:
    """Return plain text on one line; control characters would break tables and terminals."""
    text = value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_REASON]


def _number(value: Any) -> float | None:
    try:
        number = (
            float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
        )
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _moment(value: Any) -> int:
    number = _number(value)
    if number is None or not 0 < number < MOST_MS:
        raise Refusal(Bilingual(id="Jam ponsel tidak terbaca.", en="The phone's clock cannot be read."))
    return int(number)
