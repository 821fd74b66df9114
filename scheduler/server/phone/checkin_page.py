"""The page on which people check in by phone: today's status, what is asked when, one button, and what else is asked."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scheduler.language import Bilingual, Language, format_date
from scheduler.server.phone.page_facts import Base, Facts, Request
from scheduler.server.phone.page_sections import (
    Moment,
    activity_days,
    call_lines,
    checkpoint_lines,
    coming_lines,
    how,
)
from scheduler.server.phone.page_words import SPOKEN, WORDS
from scheduler.server.phone.permits import DECISIONS, KINDS, kind_label
from scheduler.server.telegram.settings import TelegramSettings
from scheduler.write.labels import STATUS_LABELS, STATUS_MEANINGS, role_label, status_label

TEMPLATES = Path(__file__).parent.parent / "templates"
_SAME = re.compile(
    r"(\{\{ (?:language|other|style\|safe|script\|safe|words\|tojson|w\.\w+) \}\}|\{% for value, label in kinds %\}.*?\{% endfor %\})"
)
"""What of the template is the same for everybody."""
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
        "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _template(language: Language) -> Any:
    """Return the page in one language: what is the same for everybody is put in once, as text of the template."""
    from jinja2 import Environment, StrictUndefined, select_autoescape

    environment = Environment(
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    same = {
        "language": language,
        "other": "en" if language == "id" else "id",
        "w": {key: text.in_language(language) for key, text in WORDS.items()},
        "words": {key: text.in_language(language) for key, text in SPOKEN.items()},
        "kinds": [(kind, kind_label(kind, language)) for kind in KINDS],
        "style": asset("style.css"),
        "script": asset("checkin.js"),
    }

    def put_in(found: re.Match[str]) -> str:
        return "{% raw %}" + environment.from_string(found[1]).render(same) + "{% endraw %}"

    return environment.from_string(_SAME.sub(put_in, asset("checkin.html")))


class Said(NamedTuple):
    """A message about what was just sent; `is_bad` where it was not taken."""

    text: str
    is_bad: bool


def page(
    base: Base,
    facts: Facts,
    now: float,
    language: Language,
    said: Said,
    telegram: TelegramSettings,
    code: str = "",
) -> str:
    """Return the page of one person as HTML.

    Parameters
    ----------
    now : seconds since 1970, the server's clock; of the day of `base`.
    code : a new one that links a Telegram account, to be shown this once.
    """
    moment = Moment(now, ZoneInfo(base.timezone), language)
    meaning = STATUS_MEANINGS[base.status].in_language(language) if base.status in STATUS_LABELS else ""
    status = NO_ROSTER.in_language(language) if base.status is None else status_label(base.status, language)
    rendered: str = _template(language).render(
        name=base.name,
        unit=base.unit,
        today=format_date(base.day, language, weekday=True),
        left=max(0, int(base.until - now)),
        status=status,
        meaning=meaning,
        roles=", ".join(role_label(role, language) for role in base.roles.split(";") if role),
        **_asked_and_seen(base, facts, moment),
        coming=coming_lines(base.coming, language),
        activity_days=activity_days(base.work_days, facts.entries, language),
        entries=[
            {
                "time": moment.clock(entry.at),
                "how": " · ".join(part for part in (entry.target, entry.activity) if part),
            }
            for entry in facts.entries
            if entry.day == base.day.isoformat()
        ],
        requests=[
            {
                "what": f"{kind_label(one.kind, language)}, {_days(one, language)}",
                "state": DECISIONS[one.decision].in_language(language),
            }
            for one in facts.requests
        ],
        has_bot=telegram.is_on,
        bot=telegram.name,
        is_linked=telegram.is_on and facts.is_linked,
        code=code,
        marks=[secrets.token_urlsafe(16) for _ in range(4)],
        said=said.text,
        bad=said.is_bad,
    )
    return rendered


def _asked_and_seen(base: Base, facts: Facts, moment: Moment) -> dict[str, Any]:
    today = base.day.isoformat()
    shown = checkpoint_lines(
        base.asked,
        moment,
        signs=[one.at for one in facts.signs],
        messages=facts.messages,
        track=facts.track,
        entries=sum(entry.day == today for entry in facts.entries),
    )
    is_called = any(one.kind == "reachability" for one in base.asked)
    calls, waiting = call_lines(facts.calls if is_called else (), moment)
    found = [(one.at, how(one, moment.language)) for one in facts.signs]
    found += [(at * 1000, "Telegram") for at in facts.messages]
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


def _days(request: Request, language: Language) -> str:
    first, last = format_date(request.first, language), format_date(request.last, language)
    return first if first == last else f"{first} – {last}"
