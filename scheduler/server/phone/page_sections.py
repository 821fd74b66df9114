"""The parts of the check-in page that show what is asked of a person and what they have sent so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.language import Bilingual, Language, format_date, format_number
from scheduler.server.phone.calls import Call
from scheduler.server.phone.page_facts import ComingDay, Entry, Sign, WorkDay
from scheduler.server.phone.page_words import FAILURES
from scheduler.server.publishing.publication import SIGNS, Asked
from scheduler.write.labels import role_label, status_label

ALL_DAY = ("reachability", "activity")
"""Kinds without a time of their own; they stand last."""
CHANNELS = {"whatsapp": "WhatsApp", "telegram": "Telegram"}
"""Channels of a policy whose names people write otherwise."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, for whoever looks: seconds since 1970, their zone and language."""

    now: float
    zone: ZoneInfo
    language: Language

    def clock(self, milliseconds: int) -> str:
        """Return an instant as their clock shows it."""
        return clock(milliseconds, self.zone, self.language)


def clock(milliseconds: int, zone: ZoneInfo, language: Language) -> str:
    """Return an instant as the local clock shows it: 08.03, in English 08:03."""
    local = datetime.fromtimestamp(milliseconds / 1000, zone)
    return f"{local:%H.%M}" if language == "id" else f"{local:%H:%M}"


def checkpoint_lines(
    asked: Sequence[Asked],
    moment: Moment,
    *,
    signs: Sequence[int],
    messages: Sequence[int],
    track: tuple[int, int] | None,
    entries: int,
) -> list[dict[str, str]]:
    """Return what is asked today, each with how it stands.

    Parameters
    ----------
    signs : when the person checked in here, milliseconds; `messages` when they wrote to the bot, seconds.
    entries : how many of today's activities there are.
    """
    lines = []
    for one in sorted(asked, key=lambda one: (one.kind in ALL_DAY, one.opens)):
        if one.kind in SIGNS:
            by_bot = "telegram" in one.elsewhere or "bot" in one.elsewhere
            own = [at * 1000 for at in messages] if by_bot else [] if one.elsewhere else signs
            state = _sign_state(one, own, moment)
        elif one.kind == "interval":
            state = _interval_state(one, track, moment)
        elif one.kind == "activity":
            count = f"{entries}/{one.number}"
            by = moment.clock(one.closes * 1000)
            state = Bilingual(id=f"{count}, sampai {by}", en=f"{count}, until {by}")
            state = Bilingual(id=f"✓ {count}", en=f"✓ {count}") if entries >= one.number else state
        else:
            state = Bilingual(id=f"jawab dalam {one.number} menit", en=f"answer within {one.number} minutes")
        lines.append({"time": _name(one, moment), "state": state.in_language(moment.language)})
    return lines


def _sign_state(one: Asked, signs: Sequence[int], moment: Moment) -> Bilingual:
    first = next((at for at in signs if one.opens * 1000 <= at <= one.closes * 1000 + 999), None)
    opens, closes = moment.clock(one.opens * 1000), moment.clock(one.closes * 1000)
    if first is not None:
        seen = f"✓ {moment.clock(first)}"
        return Bilingual(id=seen, en=seen)
    if one.elsewhere:
        how = ", ".join(CHANNELS.get(name, name) for name in one.elsewhere.split(", "))
        return Bilingual(id=f"lewat {how}", en=f"by {how}")
    if moment.now < one.opens:
        return Bilingual(id=f"{opens}–{closes}", en=f"{opens}–{closes}")
    if moment.now <= one.closes:
        return Bilingual(id=f"sekarang, sampai {closes}", en=f"now, until {closes}")
    return Bilingual(id=f"terlewat ({opens}–{closes})", en=f"missed ({opens}–{closes})")


def _interval_state(one: Asked, track: tuple[int, int] | None, moment: Moment) -> Bilingual:
    if track is None:
        return Bilingual(id="lokasi langsung di Telegram", en="live location on Telegram")
    first, last = (moment.clock(at * 1000) for at in track)
    return Bilingual(id=f"terlihat {first}–{last}", en=f"seen {first}–{last}")


def _name(one: Asked, moment: Moment) -> str:
    """Return a checkpoint as people read it: its name, if it has one, and its time."""
    names = {
        "arrival": Bilingual(id="Datang", en="Arrival"),
        "departure": Bilingual(id="Pulang", en="Departure"),
        "activity": Bilingual(id="Kegiatan", en="Work done"),
        "reachability": Bilingual(id="Dapat dihubungi", en="Reachable"),
    }
    due = one.due.replace(":", ".") if moment.language == "id" else one.due
    own = one.label.removesuffix(one.due).removesuffix(one.kind).removesuffix("live ").strip()
    word = names[one.kind].in_language(moment.language) if one.kind in names else ""
    if one.kind == "interval":
        due = f"{due} · {format_number(one.number / 60, moment.language, 0 if one.number % 60 == 0 else 1)} h"
        due = due.replace(" h", " jam") if moment.language == "id" else due
    elif one.kind == "reachability":
        due = f"{due}–{moment.clock(one.closes * 1000)}"
    elif one.kind == "activity":
        due = ""
    return " ".join(part for part in (own, word, due) if part)


def call_lines(calls: Sequence[Call], moment: Moment) -> tuple[list[dict[str, str]], dict[str, str] | None]:
    """Return today's calls with how each was answered, and the one that waits for an answer, if any does."""
    lines, waiting = [], None
    for call in calls:
        asked, until = moment.clock(call.asked_at), moment.clock(call.until)
        if call.answered_at is None:
            waiting = {"asked": asked, "until": until}
            continue
        at = moment.clock(call.answered_at)
        late = call.answered_at // 1000 > call.until // 1000
        state = (
            Bilingual(id=f"terlambat, {at}", en=f"late, {at}")
            if late
            else Bilingual(id=f"✓ {at}", en=f"✓ {at}")
        )
        name = Bilingual(id=f"Panggilan {asked}", en=f"Call {asked}")
        lines.append({"time": name.in_language(moment.language), "state": state.in_language(moment.language)})
    return lines, waiting


def activity_days(
    work_days: Sequence[WorkDay], entries: Sequence[Entry], language: Language
) -> list[dict[str, Any]]:
    """Return the days on which activities are asked here, each with how many entries there are."""
    found = []
    for one in work_days:
        count = sum(entry.day == one.day for entry in entries)
        shown = format_date(date.fromisoformat(one.day), language, weekday=True)
        found.append({"day": one.day, "label": f"{shown} · {count}/{one.number}", "target": one.needs_target})
    return found


def coming_lines(coming: Sequence[ComingDay], language: Language) -> list[dict[str, str]]:
    """Return where the person will be on the days that follow, and what they serve as."""
    return [
        {
            "day": format_date(one.day, language, weekday=True),
            "status": " · ".join([
                status_label(one.status, language),
                *(role_label(role, language) for role in one.roles.split(";") if role),
            ]),
        }
        for one in coming
    ]  # fmt: skip


def how(sign: Sign, language: Language) -> str:
    """Return how a check-in came: with a place and its accuracy, or why without one."""
    if not sign.has_place:
        cause = FAILURES[sign.failure].in_language(language) if sign.failure in FAILURES else ""
        if sign.failure == "answer":
            return cause
        told = Bilingual(id="tanpa lokasi", en="no location").in_language(language)
        return ": ".join(part for part in (told, cause, sign.reason) if part)
    if sign.accuracy is None:
        return Bilingual(id="lokasi", en="location").in_language(language)
    metres = format_number(sign.accuracy, language, 0)
    return Bilingual(id=f"lokasi ± {metres} m", en=f"location ± {metres} m").in_language(language)
