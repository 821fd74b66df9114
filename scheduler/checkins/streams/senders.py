"""Who a row of a table is about: the columns that name people, and the marks they are matched by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scheduler.checkins.streams.cells import cell_text
from scheduler.checkins.streams.tables import Cell, Row

PERSON_ALIASES: Mapping[str, Sequence[str]] = {
    "nip": ("nip", "nip baru", "ni pppk", "nip ni pppk", "nomor induk", "nip pegawai", "nip nik", "no induk pegawai"),
    "id": (
        "person id", "id", "id pegawai", "pegawai id", "user id", "userid", "employee id", "employee", "emp id",
        "id user", "no id", "person", "pin", "username", "badge", "kode pegawai",
    ),
    "phone": (
        "phone", "no hp", "hp", "no wa", "nomor wa", "nomor whatsapp", "whatsapp", "nomor hp", "telepon", "no telepon",
        "phone number", "mobile", "nomor",
    ),
    "telegram": ("telegram", "telegram id", "id telegram", "user telegram", "from id"),
    "name": ("nama", "name", "nama pegawai", "nama lengkap", "pegawai", "full name", "employee name", "sender", "anggota", "member", "nama asn"),
}  # fmt: skip
"""Headings in plain form by what they hold (POLICIES, "Staff lists as they come", and apps' exports)."""

_NIP = re.compile(r"(?<!\d)\d{18}(?!\d)")


def names_person(columns: Mapping[str, int]) -> bool:
    """Whether the headings tell whom a row is about."""
    return any(key in columns for key in PERSON_ALIASES)


def sender_of(cells: Sequence[Cell], columns: Mapping[str, int]) -> tuple[str, tuple[str, ...]]:
    """Return the person as the row names them, for people to read, and the marks to match by."""
    found = {key: value(cells, columns, key) for key in PERSON_ALIASES}
    ids = []
    nip = re.sub(r"[\s'`]", "", found["nip"])
    if nip:
        ids.append(f"nip:{nip}" if _NIP.fullmatch(nip) else f"id:{nip}")
    if found["id"]:
        plain = found["id"].replace(" ", "")
        ids.append(f"nip:{plain}" if _NIP.fullmatch(plain) else f"id:{found['id']}")
    if found["phone"]:
        ids.append(f"phone:{found['phone']}")
    if found["telegram"]:
        ids.append("telegram:" + found["telegram"].removeprefix("user"))
    shown = found["name"] or next((found[k] for k in ("id", "nip", "phone", "telegram") if found[k]), "")
    return shown[:200], tuple(ids)


def value(cells: Sequence[Cell], columns: Mapping[str, int], key: str) -> str:
    """Return a field of a row as text; empty where the column or the cell is missing."""
    index = columns.get(key, -1)
    return cell_text(cells[index]) if 0 <= index < len(cells) else ""


def raw(cells: Sequence[Cell], columns: Mapping[str, int], key: str) -> Cell:
    """Return a field of a row as it came."""
    index = columns.get(key, -1)
    return cells[index] if 0 <= index < len(cells) else None


def is_blank(row: Row) -> bool:
    """Whether every cell is empty."""
    return not any(cell_text(cell) for cell in row.cells)
