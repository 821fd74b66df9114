"""Writes invented evidence in the form of every source, WhatsApp's in each locale that the reader knows."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.problem import Person


class Item(NamedTuple):
    """One thing sent: `person` None for a stranger, whose name is `text`."""

    at: int
    person: Person | None
    kind: str
    latitude: float | None = None
    longitude: float | None = None
    accuracy: int | None = None
    direction: str = ""
    live_period: int | None = None
    started: int = 0
    minutes: int = 0
    day: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Form:
    """One way in which WhatsApp writes a chat: its head, its words, the end of a message."""

    name: str
    head: str
    location: str
    live: str
    ending: str
    mark: str = ""
    zipped: bool = False


FORMS = (
    Form("android-id", "{d:%d/%m/%y} {d:%H.%M} - ", "lokasi : ", "Lokasi terkini dibagikan", "\n"),
    Form("iphone-id", "[{d.month}/{d.day}/{d:%y} {d:%H.%M.%S}] ", "Lokasi: ", "Lokasi terkini dibagikan", "\r\n", "\u200e"),
    Form("android-en", "{d:%d/%m/%y}, {d:%H:%M} - ", "location: ", "live location shared", "\n"),
    Form("android-en12", "{d.month}/{d.day}/{d:%y}, {h}:{d:%M}\u202f{half} - ", "location: ", "live location shared", "\n"),
    Form("iphone-en", "[{d:%d/%m/%Y}, {d:%H:%M:%S}] ", "Location: ", "Live location shared", "\r\n", "\u200e", True),
    Form("iphone-en12", "[{d:%Y-%m-%d}, {h}:{d:%M:%S} {half}] ", "Location: ", "Live location shared", "\r\n", "\u200e"),
)  # fmt: skip


def write_sources(
    folder: Path, items: Mapping[str, Sequence[Item]], zone: ZoneInfo, random: Random
) -> list[Path]:
    """Write one file for each source that has items, and return their paths."""
    writers: dict[str, Callable[[Path, Sequence[Item], ZoneInfo, Random], None]] = {
        "app": _write_app, "telegram": _write_telegram, "bot": _write_bot, "calls": _write_calls,
        "activities": _write_activities,
    }  # fmt: skip
    names = {
        "app": "lasik.csv", "telegram": "result.json", "bot": "updates.jsonl", "calls": "panggilan.csv",
        "activities": "kegiatan.csv",
    }  # fmt: skip
    forms = {f"whatsapp-{form.name}": form for form in FORMS}
    made = []
    for source in sorted(items):
        ordered = sorted(items[source], key=lambda item: item.at)
        if source in forms:
            made.append(_write_whatsapp(folder, ordered, zone, random, forms[source]))
        else:
            made.append(folder / names[source])
            writers[source](made[-1], ordered, zone, random)
    return made


def sender_name(item: Item, random: Random) -> str:
    """Return how WhatsApp shows the sender: a number in one of its spellings, or a contact's name."""
    if item.person is None:
        return item.text
    phone = item.person.phone
    if not phone:
        return f"{item.person.name} {item.person.unit}"
    spellings = (
        f"+{phone}",
        f"+62 {phone[2:5]}-{phone[5:9]}-{phone[9:]}",
        f"\u202a+62\u00a0{phone[2:5]}\u2011{phone[5:9]}\u2011{phone[9:]}\u202c",
    )
    return random.choice(spellings)


def _write_whatsapp(folder: Path, items: Sequence[Item], zone: ZoneInfo, random: Random, form: Form) -> Path:
    name = f"WhatsApp Chat - {form.name}"
    text = folder / f"{name}.txt"
    before = datetime.fromtimestamp(items[0].at, zone).replace(day=1) - timedelta(days=2)
    with text.open("w", encoding="utf-8", newline="") as stream:
        stream.write("\ufeff" if form.mark else "")
        stream.write(_head(form, before) + "Pesan dan panggilan dienkripsi secara end-to-end." + form.ending)
        for item in items:
            head = _head(form, datetime.fromtimestamp(item.at, zone))
            body = _body(item, form).replace("\n", "\n" if form.mark else form.ending)
            stream.write(
                f"{form.mark if random.random() < 0.1 else ''}{head}{sender_name(item, random)}: {body}{form.ending}"
            )
    if not form.zipped:
        return text
    archive = folder / f"{name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        target.write(text, "_chat.txt")
    text.unlink()
    return archive


def _head(form: Form, local: datetime) -> str:
    return form.head.format(d=local, h=local.hour % 12 or 12, half="AM" if local.hour < 12 else "PM")


def _body(item: Item, form: Form) -> str:
    if item.kind == "position":
        return (
            f"{form.mark}{form.location}https://maps.google.com/?q={item.latitude:.7f},{item.longitude:.7f}"
        )
    if item.kind == "place":
        return f"{form.mark}{form.location}https://foursquare.com/v/4b0588f1f964a520"
    return f"{form.mark}{form.live}" if item.kind == "live" else item.text


def _write_app(path: Path, items: Sequence[Item], zone: ZoneInfo, random: Random) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        write = csv.writer(stream, delimiter=";", lineterminator="\r\n").writerow
        write(["LAPORAN PRESENSI LASIK"])
        write(["No", "NIP", "Nama", "Waktu", "In/Out", "Lintang", "Bujur", "Akurasi (m)"])
        for number, item in enumerate(items, start=1):
            assert item.person is not None
            local = datetime.fromtimestamp(item.at, zone)
            place = (
                ["", ""]
                if item.latitude is None
                else [str(v).replace(".", ",") for v in (item.latitude, item.longitude)]
            )
            write([
                number, item.person.nip or item.person.id, item.person.name, f"{local:%d/%m/%Y %H.%M.%S}",
                {"in": "Masuk", "out": "Pulang"}.get(item.direction, ""), *place, item.accuracy or "",
            ])  # fmt: skip


def _write_telegram(path: Path, items: Sequence[Item], zone: ZoneInfo, random: Random) -> None:
    messages = []
    for number, item in enumerate(items, start=1):
        assert item.person is not None
        message: dict[str, object] = {
            "id": number, "type": "message", "date": f"{datetime.fromtimestamp(item.at, zone):%Y-%m-%dT%H:%M:%S}",
            "date_unixtime": str(item.at), "from": f"{item.person.name} {item.person.unit}", "from_id": _telegram(item.person),
        }  # fmt: skip
        if item.latitude is not None:
            message["location_information"] = {"latitude": item.latitude, "longitude": item.longitude}
        if item.live_period:
            message["live_location_period_seconds"] = item.live_period
            message["edited_unixtime"] = str(item.at + item.live_period - 60)
        message["text"] = item.text if "\n" not in item.text else [item.text, {"type": "bold", "text": "!"}]
        messages.append(message)
    document = {"name": "Grup ASN", "type": "private_supergroup", "id": 1, "messages": messages}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def _write_bot(path: Path, items: Sequence[Item], zone: ZoneInfo, random: Random) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for number, item in enumerate(items, start=1):
            assert item.person is not None
            identity = _telegram(item.person)
            sender: dict[str, object] = {"first_name": item.person.name, "last_name": item.person.unit}
            sender |= (
                {"id": int(identity[4:])}
                if identity[4:].isdigit()
                else {"id": 1, "username": identity.lstrip("@")}
            )
            is_move = item.kind == "track" and item.at != item.started
            message: dict[str, object] = {
                "message_id": number,
                "from": sender,
                "chat": {"id": -100},
                "date": item.at,
            }
            if item.kind == "track":
                message["date"] = item.started
                if is_move:
                    message["edit_date"] = item.at
            if item.latitude is not None:
                location: dict[str, object] = {"latitude": item.latitude, "longitude": item.longitude}
                if item.accuracy is not None:
                    location["horizontal_accuracy"] = item.accuracy
                if item.live_period:
                    location["live_period"] = item.live_period
                message["location"] = location
            else:
                message["text"] = item.text
            kind = "edited_message" if is_move else "message"
            stream.write(json.dumps({"update_id": number, kind: message}, ensure_ascii=False) + "\n")


def _telegram(person: Person) -> str:
    if person.telegram:
        return person.telegram
    return f"user{9_000_000_000 + sum(ord(c) * 31**i for i, c in enumerate(person.id)) % 1_000_000_000}"


def _write_calls(path: Path, items: Sequence[Item], zone: ZoneInfo, random: Random) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n").writerow
        write(["NIP", "Waktu Panggilan", "Waktu Dijawab", "Hasil"])
        for item in items:
            assert item.person is not None
            called = datetime.fromtimestamp(item.at, zone)
            answered = (
                "" if item.minutes < 0 else f"{called + timedelta(minutes=item.minutes):%Y-%m-%d %H:%M}"
            )
            write([item.person.nip or item.person.id, f"{called:%Y-%m-%d %H:%M}", answered, "tidak dijawab" if item.minutes < 0 else "dijawab"])  # fmt: skip


def _write_activities(path: Path, items: Sequence[Item], zone: ZoneInfo, random: Random) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n").writerow
        write(["person_id", "date", "target", "activity"])
        for item in items:
            assert item.person is not None and item.day is not None
            write([item.person.id, item.day.isoformat(), item.text, "Menyusun laporan, lalu mengirimnya"])
