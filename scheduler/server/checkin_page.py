"""The page on which people check in by phone: today's status, what is asked when, one button."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping

from scheduler.language import Bilingual, Language, format_date, format_number
from scheduler.problem import ABSENCE_KINDS
from scheduler.server.arrivals import checkins_between
from scheduler.server.store import day_of
from scheduler.write.labels import STATUS_LABELS, STATUS_MEANINGS, role_label, status_label

TEMPLATES = Path(__file__).parent / "templates"

WORDS = {
    "title": Bilingual(id="Presensi", en="Check-in"),
    "press": Bilingual(id="Saya di sini", en="I am here"),
    "checkpoints": Bilingual(id="Waktu presensi hari ini", en="Check-in times today"),
    "none": Bilingual(id="Hari ini tidak ada presensi yang diminta.", en="No check-in is asked for today."),
    "seen": Bilingual(id="Yang sudah tercatat", en="Recorded so far"),
    "reason": Bilingual(
        id="Alasan bila lokasi tidak dapat dikirim", en="Reason, where no location can be sent"
    ),
    "send_reason": Bilingual(id="Kirim tanpa lokasi", en="Send without location"),
    "permit": Bilingual(id="Minta izin tidak masuk", en="Ask to be away"),
    "kind": Bilingual(id="Jenis", en="Kind"),
    "first": Bilingual(id="Mulai", en="First day"),
    "last": Bilingual(id="Sampai", en="Last day"),
    "why": Bilingual(id="Alasan", en="Reason"),
    "send_permit": Bilingual(id="Kirim permintaan", en="Send the request"),
    "privacy": Bilingual(
        id="Lokasi dicatat hanya saat tombol ditekan, untuk memeriksa presensi. Jangan berikan tautan ini kepada orang lain.",
        en="Your location is recorded only when you press the button, to check attendance. Give this link to nobody.",
    ),
    "other": Bilingual(id="English", en="Bahasa Indonesia"),
}
SPOKEN = {
    "sending": Bilingual(id="Mengirim…", en="Sending…"),
    "locating": Bilingual(id="Mencari lokasi…", en="Finding your location…"),
    "queued": Bilingual(
        id="Belum terkirim ({}). Disimpan di ponsel ini dan dikirim begitu ada jaringan; biarkan halaman terbuka.",
        en="Not sent yet ({}). Kept on this phone and sent once there is a network; leave the page open.",
    ),
    "ended": Bilingual(
        id="Tautan ini tidak berlaku lagi. Minta yang baru kepada bagian kepegawaian.",
        en="This link is no longer valid. Ask your personnel office for a new one.",
    ),
    "denied": Bilingual(
        id="Izin lokasi ditolak. Izinkan di setelan peramban, atau tulis alasan di bawah.",
        en="Location was refused. Allow it in the browser's settings, or give the reason below.",
    ),
    "unavailable": Bilingual(
        id="Lokasi tidak ditemukan. Nyalakan GPS dan coba lagi, atau tulis alasan di bawah.",
        en="No location was found. Switch GPS on and try again, or give the reason below.",
    ),
    "timeout": Bilingual(
        id="Lokasi terlalu lama dicari. Coba lagi, atau tulis alasan di bawah.",
        en="Finding the location took too long. Try again, or give the reason below.",
    ),
    "unsupported": Bilingual(
        id="Ponsel ini tidak dapat mengirim lokasi. Tulis alasan di bawah.",
        en="This phone cannot send a location. Give the reason below.",
    ),
    "empty": Bilingual(id="Tulis alasannya dahulu.", en="Give the reason first."),
}
"""What the page's script says."""
TOLD = {
    "stored": Bilingual(id="Tercatat.", en="Recorded."),
    "repeated": Bilingual(id="Sudah tercatat sebelumnya.", en="It was recorded before."),
    "asked": Bilingual(id="Permintaan terkirim.", en="The request was sent."),
}
"""What is told after a form was sent without JavaScript, by the `said` of the address."""


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

    environment = Environment(autoescape=select_autoescape(default=True), undefined=StrictUndefined)
    return environment.from_string(asset("checkin.html"))


def page(
    connection: Connection,
    holder: RowMapping,
    now: float,
    language: Language,
    said: str = "",
    *,
    bad: bool = False,
) -> str:
    """Return the page of one person as HTML.

    Parameters
    ----------
    holder : of the token, as `tokens.holder` returns it.
    now : seconds since 1970, the server's clock.
    said : a message about what was just sent; `bad` where it was not taken.
    """
    zone = ZoneInfo(holder["timezone"])
    local = datetime.fromtimestamp(now, zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    row = day_of(connection, holder["id"], local.date().isoformat())
    seen = checkins_between(connection, holder["id"], int(midnight.timestamp()), int(tomorrow.timestamp()))
    status = row["status"] if row else ""
    unknown = Bilingual(id="Tidak ada jadwal", en="No roster")
    meaning = STATUS_MEANINGS[status].in_language(language) if status in STATUS_LABELS else ""
    rendered: str = _template().render(
        language=language,
        other="en" if language == "id" else "id",
        name=holder["name"],
        unit=row["unit"] if row else holder["unit"],
        today=format_date(local.date(), language, weekday=True),
        status=status_label(status, language) if row else unknown.in_language(language),
        meaning=meaning,
        roles=", ".join(role_label(role, language) for role in row["roles"].split(";") if role)
        if row
        else "",
        checkpoints=_checkpoints(json.loads(row["checkpoints"]) if row else [], seen, now, zone, language),
        seen=[{"time": clock(one["happened_at"], zone, language), "how": how(one, language)} for one in seen],
        kinds=[(kind, STATUS_LABELS[kind].in_language(language)) for kind in ABSENCE_KINDS],
        marks=[secrets.token_urlsafe(16) for _ in range(2)],
        w={key: text.in_language(language) for key, text in WORDS.items()},
        words={key: text.in_language(language) for key, text in SPOKEN.items()},
        said=said,
        bad=bad,
        style=asset("style.css"),
        script=asset("checkin.js"),
    )
    return rendered


def _checkpoints(
    asked: Sequence[Sequence[Any]], seen: Sequence[RowMapping], now: float, zone: ZoneInfo, language: Language
) -> list[dict[str, str]]:
    found = []
    for label, kind, due, opens, closes, elsewhere, *_ in asked:
        first = next(
            (s["happened_at"] for s in seen if opens * 1000 <= s["happened_at"] <= closes * 1000 + 999), None
        )
        span = f"{clock(opens * 1000, zone, language)}–{clock(closes * 1000, zone, language)}"
        if elsewhere:
            state = Bilingual(id=f"lewat {elsewhere}", en=f"by {elsewhere}")
        elif first is not None:
            state = Bilingual(id=f"✓ {clock(first, zone, 'id')}", en=f"✓ {clock(first, zone, 'en')}")
        elif now < opens:
            state = Bilingual(id=span, en=span)
        elif now <= closes:
            until = clock(closes * 1000, zone, language)
            state = Bilingual(id=f"sekarang, sampai {until}", en=f"now, until {until}")
        else:
            state = Bilingual(id=f"terlewat ({span})", en=f"missed ({span})")
        name = _label(label, kind, due, language)
        found.append({"time": name, "state": state.in_language(language)})
    return found


def _label(label: str, kind: str, due: str, language: Language) -> str:
    """Return a checkpoint as people read it: its name, if it has one, and its time."""
    names = {
        "arrival": Bilingual(id="Datang", en="Arrival"),
        "departure": Bilingual(id="Pulang", en="Departure"),
    }
    own = label.removesuffix(due).removesuffix(kind).strip()
    word = names[kind].in_language(language) if kind in names else ""
    shown = due.replace(":", ".") if language == "id" else due
    return " ".join(part for part in (own, word, shown) if part)


def clock(milliseconds: int, zone: ZoneInfo, language: Language) -> str:
    """Return an instant as the local clock shows it: 08.03, in English 08:03."""
    local = datetime.fromtimestamp(milliseconds / 1000, zone)
    return f"{local:%H.%M}" if language == "id" else f"{local:%H:%M}"


def how(row: Any, language: Language) -> str:
    """Return how a check-in came: with a place and its accuracy, or with a reason; a turned clock is told."""
    if row["latitude"] is None:
        text = Bilingual(id=f"tanpa lokasi: {row['reason']}", en=f"no location: {row['reason']}")
    elif row["accuracy"] is None:
        text = Bilingual(id="lokasi", en="location")
    else:
        metres = format_number(row["accuracy"], language, 0)
        text = Bilingual(id=f"lokasi ± {metres} m", en=f"location ± {metres} m")
    return text.in_language(language)
