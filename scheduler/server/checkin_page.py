"""The page on which people check in by phone: today's status, what is asked when, one button, and what else is asked."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping

from scheduler.language import Bilingual, Language, format_date
from scheduler.server.arrivals import checkins_between
from scheduler.server.calls import calls_of
from scheduler.server.page_sections import (
    ACTIVITY_DAYS,
    Moment,
    activity_days,
    call_lines,
    checkpoint_lines,
    days_of,
    entries_of,
    how,
    messages_of,
    track_of,
)
from scheduler.server.page_words import SPOKEN, WORDS
from scheduler.server.permits import DECISIONS, KINDS, kind_label, requests_of
from scheduler.server.publication import read_asked
from scheduler.server.telegram.accounts import accounts_of
from scheduler.server.telegram.settings import TelegramSettings
from scheduler.write.labels import STATUS_LABELS, STATUS_MEANINGS, role_label, status_label

TEMPLATES = Path(__file__).parent / "templates"
NO_ROSTER = Bilingual(id="Tidak ada jadwal", en="No roster")


@cache
def asset(name: str) -> str:
    """Return a file of `templates/` as text."""
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()


@cache
def content_policy() -> str:
    """Return the page's Content-Security-Policy: its own script and style, by their hashes, and nothing else."""
    marks = [
        base64.b64encode(hashlib.sha256(asset(f).encode()).digest()).decode()
        for f in ("checkin.js", "style.css")
    ]
    return (
        f"default-src 'none'; script-src 'sha256-{marks[0]}'; style-src 'sha256-{marks[1]}'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined, select_autoescape

    environment = Environment(
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(asset("checkin.html"))


class Said(NamedTuple):
    """A message about what was just sent; `is_bad` where it was not taken."""

    text: str
    is_bad: bool


def page(
    connection: Connection,
    holder: RowMapping,
    now: float,
    language: Language,
    said: Said,
    telegram: TelegramSettings,
    code: str = "",
) -> str:
    """Return the page of one person as HTML.

    Parameters
    ----------
    holder : of the token, as `tokens.holder` returns it.
    now : seconds since 1970, the server's clock.
    code : a new one that links a Telegram account, to be shown this once.
    """
    moment = Moment(now, ZoneInfo(holder["timezone"]), language)
    today, subject = moment.today, holder["id"]
    days = days_of(connection, subject, today - timedelta(days=ACTIVITY_DAYS), today)
    row = days.get(today.isoformat())
    status = row["status"] if row else ""
    meaning = STATUS_MEANINGS[status].in_language(language) if status in STATUS_LABELS else ""
    roles = [role_label(role, language) for role in row["roles"].split(";") if role] if row else []
    rendered: str = _template().render(
        language=language,
        other="en" if language == "id" else "id",
        name=holder["name"],
        unit=row["unit"] if row else holder["unit"],
        today=format_date(today, language, weekday=True),
        status=status_label(status, language) if row else NO_ROSTER.in_language(language),
        meaning=meaning,
        roles=", ".join(roles),
        **_asked_and_seen(connection, subject, row, moment),
        **_activities(connection, subject, days, moment),
        **_requests(connection, subject, moment),
        **_telegram(connection, subject, telegram, code),
        marks=[secrets.token_urlsafe(16) for _ in range(5)],
        w={key: text.in_language(language) for key, text in WORDS.items()},
        words={key: text.in_language(language) for key, text in SPOKEN.items()},
        said=said.text,
        bad=said.is_bad,
        style=asset("style.css"),
        script=asset("checkin.js"),
    )
    return rendered


def _asked_and_seen(
    connection: Connection, subject: int, row: RowMapping | None, moment: Moment
) -> dict[str, Any]:
    since, until = moment.span
    asked = read_asked(row["checkpoints"]) if row else []
    kinds = {one.kind for one in asked}
    seen = checkins_between(connection, subject, since, until)
    written = messages_of(connection, subject, (since, until))
    today = moment.today
    shown = checkpoint_lines(
        asked,
        moment,
        signs=[one["happened_at"] for one in seen],
        messages=written,
        track=track_of(connection, subject, (since, until)) if "interval" in kinds else None,
        entries=len(entries_of(connection, subject, today, today)) if "activity" in kinds else 0,
    )
    made = calls_of(connection, subject, since * 1000, until * 1000) if "reachability" in kinds else []
    calls, waiting = call_lines(made, moment)
    found = [(one["happened_at"], how(one, moment.language)) for one in seen]
    found += [(at * 1000, "Telegram") for at in written]
    return {
        "checkpoints": shown + calls,
        "waiting": _waiting(waiting, moment.language),
        "seen": [{"time": moment.clock(at), "how": text} for at, text in sorted(found)],
    }


def _waiting(call: dict[str, str] | None, language: Language) -> str:
    if call is None:
        return ""
    told = Bilingual(
        id="Anda dipanggil pukul {asked}. Jawab paling lambat pukul {until}.",
        en="You were called at {asked}. Answer by {until}.",
    )
    return told.in_language(language).format(**call)


def _activities(connection: Connection, subject: int, days: Any, moment: Moment) -> dict[str, Any]:
    first = moment.today - timedelta(days=ACTIVITY_DAYS)
    options = activity_days(days, (), moment)
    if not options:
        return {"activity_days": [], "entries": []}
    entries = entries_of(connection, subject, first, moment.today)
    own = [entry for entry in entries if entry["day"] == moment.today.isoformat()]
    return {
        "activity_days": activity_days(days, entries, moment),
        "entries": [
            {
                "time": moment.clock(entry["happened_at"]),
                "how": " · ".join(part for part in (entry["target"], entry["activity"]) if part),
            }
            for entry in own
        ],
    }


def _requests(connection: Connection, subject: int, moment: Moment) -> dict[str, Any]:
    sent = requests_of(connection, subject, moment.today.isoformat())
    return {
        "kinds": [(kind, kind_label(kind, moment.language)) for kind in KINDS],
        "requests": [
            {
                "what": f"{kind_label(one['kind'], moment.language)}, {_days(one, moment.language)}",
                "state": DECISIONS[one["decision"]].in_language(moment.language),
            }
            for one in sent
        ],
    }


def _days(request: RowMapping, language: Language) -> str:
    first, last = (
        format_date(date.fromisoformat(request[key]), language) for key in ("first_day", "last_day")
    )
    return first if first == last else f"{first} – {last}"


def _telegram(connection: Connection, subject: int, settings: TelegramSettings, code: str) -> dict[str, Any]:
    return {
        "has_bot": settings.is_on,
        "bot": settings.name,
        "is_linked": settings.is_on and bool(accounts_of(connection, subject)),
        "code": code,
    }
