"""What the bot replies to people who write to it alone; in groups, and to the moves of a live location, nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping

from scheduler.language import Bilingual, Language, format_date
from scheduler.server.publishing.publication import read_asked
from scheduler.server.publishing.store import day_of
from scheduler.server.telegram.accounts import holders_of, link, unlink
from scheduler.server.telegram.updates import Incoming
from scheduler.write.labels import STATUS_MEANINGS, status_label

LINKED = Bilingual(
    id="Akun ini ditautkan dengan {name}, {unit}. Kirim lokasi, atau bagikan lokasi langsung (live location), di sini atau di grup. /status menunjukkan hari ini, /putus mengakhiri tautan.",
    en="This account is linked with {name}, {unit}. Send a location, or share a live one, here or in the group. /status shows today, /putus ends the link.",
)
NOT_LINKED = Bilingual(
    id="Akun ini belum ditautkan. Buka halaman presensi Anda, ketuk Telegram, lalu kirim /start dengan kode dari sana. Lokasi yang Anda kirim disimpan dan dihitung setelah akun ditautkan.",
    en="This account is not linked yet. Open your check-in page, tap Telegram, and send /start with the code from there. Locations you send are kept and count once the account is linked.",
)
WRONG_CODE = Bilingual(
    id="Kode itu tidak berlaku: salah, sudah dipakai, atau kedaluwarsa. Ambil kode baru di halaman presensi Anda.",
    en="That code is not valid: wrong, used already, or too old. Get a new one on your check-in page.",
)
ENDED = Bilingual(
    id="Tautan berakhir; kiriman berikutnya tidak dihitung.",
    en="The link has ended; what you send from now on does not count.",
)
PLACE = Bilingual(id="Lokasi tercatat pukul {at}.", en="Location recorded at {at}.")
LIVE = Bilingual(
    id="Lokasi langsung tercatat mulai pukul {at}. Biarkan berbagi sampai waktunya habis.",
    en="Live location recorded from {at}. Keep sharing until its time is over.",
)
TEXT = Bilingual(id="Tercatat pukul {at}.", en="Recorded at {at}.")
NO_ROSTER = Bilingual(id="tidak ada jadwal", en="no roster")


def reply_to(connection: Connection, one: Incoming, now: int) -> str | None:
    """Do what a new message asks for, and return what to reply, or None.

    Parameters
    ----------
    now : milliseconds since 1970.
    """
    if not one.is_private or one.is_edit:
        return None
    holder = holders_of(connection, [one.account]).get(one.account)
    command, rest = one.command
    if command == "start" and rest:
        found = link(connection, one.account, rest, now // 1000)
        told, holder = (WRONG_CODE, holder) if found is None else (LINKED, found)
    elif holder is None:
        told = NOT_LINKED
    elif command in ("putus", "stop"):
        unlink_account(connection, holder, now)
        told = ENDED
    elif command == "status":
        return _status(connection, holder, now)
    elif command:
        told = LINKED
    else:
        told = LIVE if one.is_live else PLACE if one.has_place else TEXT
    language = _language(one, holder)
    facts = {"at": _clock(one.at, holder, language)} if holder is not None else {}
    names = {"name": holder["name"], "unit": holder["unit"]} if holder is not None else {}
    return told.in_language(language).format(**facts, **names)


def unlink_account(connection: Connection, holder: RowMapping, now: int) -> None:
    """End every link of a person's accounts."""
    unlink(connection, [holder["id"]], now // 1000)


def _language(one: Incoming, holder: RowMapping | None) -> Language:
    if holder is None:
        return "en" if one.speaks_english else "id"
    return "en" if holder["language"] == "en" else "id"


def _clock(seconds: int, holder: RowMapping, language: Language) -> str:
    local = datetime.fromtimestamp(seconds, ZoneInfo(holder["timezone"]))
    return f"{local:%H.%M}" if language == "id" else f"{local:%H:%M}"


def _status(connection: Connection, holder: RowMapping, now: int) -> str:
    language: Language = "en" if holder["language"] == "en" else "id"
    day = datetime.fromtimestamp(now / 1000, ZoneInfo(holder["timezone"])).date()
    row = day_of(connection, holder["id"], day.isoformat())
    head = f"{holder['name']} · {format_date(day, language, weekday=True)}"
    if row is None:
        return f"{head}: {NO_ROSTER.in_language(language)}"
    meaning = STATUS_MEANINGS[row["status"]].in_language(language) if row["status"] else ""
    times = [
        one.due for one in read_asked(row["checkpoints"]) if one.kind not in ("activity", "reachability")
    ]
    shown = ", ".join(time.replace(":", ".") if language == "id" else time for time in times)
    lines = [
        head,
        f"{status_label(row['status'], language)} · {meaning}",
        *([f"⏰ {shown}"] if shown else []),
    ]
    return "\n".join(lines)
