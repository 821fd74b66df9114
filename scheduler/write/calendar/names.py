"""Names in calendars that tell nobody anything: file names and UIDs as an HMAC under the scenario's key.

A NIP holds a birth date, and its plain hash is found by trying them all; without the key neither the name of a
file nor a UID leads back to a person, and nobody can guess a colleague's. What goes into a name may never change:
subscribers would lose their calendar, and readers would hold every day twice.
"""

from __future__ import annotations

import hmac
from datetime import date, time
from functools import lru_cache

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual

LENGTH = 40
"""Hexadecimal digits of an opaque name: 160 bits of the HMAC."""


def opaque_name(key: bytes, *parts: str) -> str:
    """Return 160 bits of HMAC-SHA256 over `parts` in lower-case hexadecimal.

    Shortened as RFC 2104, section 5, allows. The parts are told apart by their lengths, so ("ab", "c") and ("a", "bc") have different names.

    Raises
    ------
    InputError
        Where the key is empty: a name would then be a plain hash.
    """
    if not key:
        raise InputError([_EMPTY_KEY])
    return hmac.digest(key, b"".join(map(_told_apart, parts)), "sha256").hex()[:LENGTH]


@lru_cache(maxsize=256)  # a person's days follow one another, and all people have the same days
def _told_apart(part: str) -> bytes:
    raw = part.encode("utf-8", "surrogatepass")
    return b"%d:%b" % (len(raw), raw)


def person_file(key: bytes, person_id: str) -> str:
    """Return the name of a person's file in `calendars/people/`."""
    return opaque_name(key, "person file", person_id) + ".ics"


def unit_file(key: bytes, unit: str) -> str:
    """Return the name of a unit's file in `calendars/units/`."""
    return opaque_name(key, "unit file", unit) + ".ics"


def person_uid(key: bytes, person_id: str, day: date) -> str:
    """Return the UID of a person's day: the same in every revision, replan and later period."""
    return opaque_name(key, "person day", person_id, day.isoformat())


def unit_uid(key: bytes, unit: str, day: date) -> str:
    """Return the UID of a unit's day."""
    return opaque_name(key, "unit day", unit, day.isoformat())


def supervisor_uid(key: bytes, person_id: str, day: date) -> str:
    """Return the UID of the day of those who report to a supervisor."""
    return opaque_name(key, "supervisor day", person_id, day.isoformat())


def checkpoint_suffix(checkpoint: time) -> str:
    """Return what a reminder's UID adds to its day's: the checkpoint, which its start shows anyway."""
    return f"-{checkpoint:%H%M%S}".removesuffix("00")


_EMPTY_KEY = Fault(
    problem=Bilingual(id="Kunci kalender kosong", en="The calendar key is empty"),
    file="calendar.key",
    allowed=Bilingual(id="sedikitnya satu bita acak", en="at least one random byte"),
    remedy=Bilingual(
        id="Pulihkan berkas itu dari cadangan; kunci baru mengganti semua alamat kalender.",
        en="Restore the file from a backup; a new key changes every calendar's address.",
    ),
)
