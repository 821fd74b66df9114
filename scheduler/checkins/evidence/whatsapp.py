"""WhatsApp's "Export chat": `_chat.txt` of iPhones, `WhatsApp Chat with ….txt` of Android, in any language.

The text proves little: anyone can type the same link, so a position is "self_declared", a live location comes
without coordinates, and a line inside a message can look like the head of another (`is_doubtful`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import ClassVar, NamedTuple

from scheduler.checkins.evidence.base import Evidence, Reading, Source, is_place, watch_clock
from scheduler.checkins.flags import BIT
from scheduler.checkins.streams.dates import (
    AmbiguousOrderError,
    MixedOrderError,
    Order,
    Triple,
    as_date,
    settle_order,
)
from scheduler.checkins.streams.lines import Line, read_lines
from scheduler.checkins.streams.opened import DamagedError, Opened
from scheduler.language import Bilingual

HEAD = re.compile(
    r"(\[?)(\d{1,4})([/.\-])(\d{1,2})\3(\d{2,4})(,?) (?:(?:pukul|klo|at|um) )?"
    r"(\d{1,2})([:.])(\d{2})(?:[:.](\d{2}))?(?: ?([AaPp])\.? ?[Mm]\.?)?(\] ?| - )(.*)",
    re.DOTALL,
)
LINK = re.compile(
    r"https?://(?:www\.|maps\.)?google\.[a-z.]{2,6}/(?:maps/?)?(?:search/)?\?(?:api=1&)?(?:q|query|ll)="
    r"(?:loc:)?(-?\d{1,3}(?:\.\d{1,20})?)(?:,|%2C)\s?(-?\d{1,3}(?:\.\d{1,20})?)",
    re.IGNORECASE,
)
PLACE_LINK = re.compile(
    r"https?://(?:(?:www\.)?foursquare\.com/v/|maps\.app\.goo\.gl/|goo\.gl/maps/|maps\.google\.|(?:www\.)?google\.\S+/maps)",
    re.IGNORECASE,
)
GENERATED = re.compile(r"[^\W\d_]{3,14} ?: (?:[^\n]{1,300}?: )?https?://\S+\s*\Z")
LIVE = re.compile(
    r"(?:lokasi (?:terkini|langsung) dibagikan|live location shared|berbagi lokasi (?:terkini|langsung))\.?\s*\Z",
    re.IGNORECASE,
)
WITHHELD = re.compile(
    r"(?:pesan ini (?:telah )?dihapus|anda (?:telah )?menghapus pesan ini|this message was deleted(?: by admin [^\n]*)?|"
    r"you deleted this message(?: as admin)?|menunggu pesan ini\b[^\n]*|waiting for this message\b[^\n]*|null)\.?\s*\Z",
    re.IGNORECASE,
)
"""What stands where a message was deleted or never arrived on the exporter's phone: it may have been a location."""
LONGEST_LIVE_SECONDS = 8 * 3600
"""WhatsApp offers 15 minutes, 1 hour and 8 hours and does not tell which was chosen."""

MOST_BODY = 4_096
"""Characters kept of a message; a location stands at its beginning."""
MOST_SENDER = 120
MOST_WITHHELD = 120
MOST_REMEMBERED = 10_000
ENOUGH_HEADS = 2_000
"""Heads surveyed at most where they settle everything."""

_COMMON = (
    ("\u200e", ""), ("\u202a", ""), ("\u202c", ""), ("\ufeff", ""), ("\u202f", " "), ("\xa0", " "), ("\u2011", "-")
)  # fmt: skip
_RARE = re.compile("[\u200b\u200f\u202b\u202d\u202e\u2066-\u2069\u2009\u2010]")
_RARE_PLAIN: dict[int, str | None] = {
    **dict.fromkeys([0x200B, 0x200F, 0x202B, 0x202D, 0x202E, *range(0x2066, 0x206A)]), 0x2009: " ", 0x2010: "-"
}  # fmt: skip

Shape = tuple[bool, str, bool, str, bool, bool]
"""Brackets, separator of the date, comma, separator of the time, seconds, twelve hours."""


class Survey(NamedTuple):
    """How a file is written: order of dates, shapes of heads, whether messages end in CRLF.

    `heads` remembers the day of each beginning of a head, and whether its shape is a usual one.
    """

    order: Order
    shapes: frozenset[Shape]
    ends_in_crlf: bool
    heads: dict[tuple[str, str, bool, bool], tuple[date | None, bool]]

    def head(self, found: re.Match[str]) -> tuple[date | None, bool]:
        """Return the day of a head, None where there is no such day, and whether its shape is usual."""
        key = (found.string[: found.start(7)], found[8], found[10] is not None, found[11] is not None)
        known = self.heads.get(key)
        if known is None:
            if len(self.heads) >= MOST_REMEMBERED:
                self.heads.clear()
            day = as_date((int(found[2]), int(found[4]), int(found[5])), self.order)
            known = self.heads[key] = (day, _shape(found) in self.shapes)
        return known


class Message(NamedTuple):
    """A head with what follows it."""

    line: int
    at: int | None
    flags: int
    sender: str
    body: str
    is_marked: bool
    is_iphone: bool
    has_seconds: bool
    is_doubtful: bool


class WhatsApp(Source):
    """`[3/27/22 21.56.45] Name: Lokasi: https://maps.google.com/?q=…` and its kin."""

    title: ClassVar = Bilingual(id="ekspor WhatsApp", en="WhatsApp export")
    channel: ClassVar = "whatsapp"
    tells_exporters_time: ClassVar = True
    keeps_newest: ClassVar = (
        10_000  # with media; 40,000 without (WhatsApp's help, "How to export your chat history")
    )

    def recognises(self, file: Opened) -> int:
        """Look for heads of messages among the first lines."""
        lines = file.sample.decode("utf-8", "replace").splitlines()[:300]
        heads = sum(HEAD.match(clean(line)) is not None for line in lines)
        return 90 if heads and heads * 20 >= len(lines) else 30 if heads else 0

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield every message; those with a location as "position", "place" or "live"."""
        survey = _survey_or_refuse(reading)
        if survey is not None:
            reading.order = survey.order
            yield from watch_clock((_evidence(m) for m in _messages(reading, survey)), reading)


def clean(text: str) -> str:
    """Return a line without marks of direction, its odd spaces and hyphens as plain ones."""
    if text.isascii():
        return text
    for odd, plain in _COMMON:  # a chain of replacements takes a fifth of the time of `translate`
        text = text.replace(odd, plain)
    return text.translate(_RARE_PLAIN) if _RARE.search(text) else text


def _survey_or_refuse(reading: Reading) -> Survey | None:
    try:
        return _survey(reading)
    except AmbiguousOrderError as e:
        reading.refuse(
            Bilingual(
                id="tanggalnya dapat dibaca hari/bulan maupun bulan/hari, dan keduanya ada di jadwal",
                en="its dates can be read day/month or month/day, and the roster has both",
            ),
            str(e),
            Bilingual(
                id="Ulangi dengan --date-order dmy (hari dahulu) atau mdy (bulan dahulu).",
                en="Say --date-order dmy (day first) or mdy (month first).",
            ),
        )
    except MixedOrderError as e:
        reading.refuse(
            Bilingual(
                id="sebagian tanggal hanya mungkin hari/bulan, sebagian hanya bulan/hari",
                en="some of its dates can only be day/month, others only month/day",
            ),
            str(e),
            Bilingual(
                id="Pisahkan ekspor dari ponsel yang berbeda menjadi berkas sendiri-sendiri, atau ekspor ulang.",
                en="Put the exports of different phones into files of their own, or export again.",
            ),
        )
    return None


def _survey(reading: Reading) -> Survey:
    shapes: Counter[Shape] = Counter()
    endings: Counter[str] = Counter()

    def triples() -> Iterator[Triple]:
        with reading.file.open() as stream:
            for found, line in _heads(read_lines(stream), reading):
                shapes[_shape(found)] += 1
                endings[line.ending] += 1
                yield int(found[2]), int(found[4]), int(found[5])

    order = reading.order or settle_order(triples(), reading.days)
    if reading.order:
        for _, _ in zip(triples(), range(ENOUGH_HEADS), strict=False):
            pass
    total = sum(shapes.values())
    usual = frozenset(shape for shape, count in shapes.items() if count * 20 >= total)
    return Survey(order, usual, endings["\r\n"] * 10 >= total * 9 > 0, {})


def _heads(lines: Iterator[Line], reading: Reading) -> Iterator[tuple[re.Match[str], Line]]:
    try:
        for line in lines:
            found = HEAD.match(clean(line.text))
            if found:
                yield found, line
    except DamagedError:
        return


def _shape(found: re.Match[str]) -> Shape:
    bracket, _, mark, _, _, comma, _, colon, _, seconds, half, _, _ = found.groups()
    return bool(bracket), mark, bool(comma), colon, bool(seconds), bool(half)


def _messages(reading: Reading, survey: Survey) -> Iterator[Message]:
    current: Message | None = None
    ending = "\r\n"
    with reading.file.open() as stream:
        lines = read_lines(stream)
        while (line := _next(lines, reading)) is not None:
            text = clean(line.text)
            found = HEAD.match(text)
            if line.is_cut:
                reading.report(
                    Bilingual(
                        id="baris terlalu panjang; hanya awalnya dibaca",
                        en="a line too long; only its start is read",
                    ),
                    line.number,
                )
            if found is not None:
                message = _message(found, line, survey, reading, after_message=ending == "\r\n")
                if message is not None:
                    if current is not None:
                        yield current
                    current = message
            elif current is not None and len(current.body) < MOST_BODY:
                current = current._replace(body=f"{current.body}\n{text}"[:MOST_BODY])
            ending = line.ending
    if current is not None:
        yield current
    if ending == "" and current is not None:
        reading.is_truncated = True


def _next(lines: Iterator[Line], reading: Reading) -> Line | None:
    try:
        return next(lines, None)
    except DamagedError as e:
        reading.is_truncated = True
        reading.report(Bilingual(id="berkas rusak di tengah", en="the file breaks off, damaged"), 0, str(e))
        return None


def _message(
    found: re.Match[str], line: Line, survey: Survey, reading: Reading, *, after_message: bool
) -> Message | None:
    bracket, hour, minute, seconds, half, rest = found.group(1, 7, 9, 10, 11, 13)
    sender, colon, body = rest.partition(": ")
    if not colon:
        sender, colon, body = (rest[:-1], ":", "") if rest.endswith(":") else ("", "", rest)
    if len(sender) > MOST_SENDER:
        sender, body = "", rest
    day, is_usual = survey.head(found)
    hours = int(hour) % 12 + (12 if half in "Pp" else 0) if half else int(hour)
    at, flags = None, 0
    try:
        if day is not None and not (half and int(hour) > 12):
            at, flags = reading.clock.instant(day, hours, int(minute), int(seconds or 0))
    except ValueError:
        at = None
    if at is None:
        reading.report(
            Bilingual(id="tanggal atau jam yang tidak ada", en="a date or time that does not exist"),
            line.number,
            found[0][: found.start(12)],
        )
    doubtful = not is_usual or (survey.ends_in_crlf and not after_message)
    marked = not line.text.isascii() and ": \u200e" in line.text
    return Message(
        line.number,
        at,
        flags,
        sender.lstrip("~ ").strip(),
        body[:MOST_BODY],
        marked,
        bool(bracket),
        bool(seconds),
        doubtful,
    )


def _evidence(message: Message) -> Evidence:
    line, at, flags, sender, body, is_marked, is_iphone, has_seconds, doubtful = message
    precision = 1 if has_seconds else 60
    if doubtful:
        flags |= BIT["looks_forged"]
    plain = Evidence(
        "text",
        at,
        line,
        sender,
        "whatsapp",
        precision=precision,
        flags=flags,
        is_doubtful=doubtful,
        text=body,
    )
    if not sender:
        return plain._replace(text="")
    if "://" in body:
        is_typed = GENERATED.match(body) is None or (is_iphone and not is_marked)
        if is_typed:
            flags |= BIT["typed_link"]
        link = LINK.search(body)
        if link and is_place(latitude := float(link[1]), longitude := float(link[2])):
            return plain._replace(kind="position", latitude=latitude, longitude=longitude, flags=flags)
        if PLACE_LINK.search(body):
            return plain._replace(kind="place", flags=flags)
    if ("okasi" in body or "ocation" in body) and LIVE.match(body) and at is not None:
        return plain._replace(kind="live", until=at + LONGEST_LIVE_SECONDS)
    if len(body) < MOST_WITHHELD and WITHHELD.match(body):
        return plain._replace(kind="withheld", text="")
    return plain
