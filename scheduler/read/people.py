"""One person's cells as a person, with every fault and doubt about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.problem import RANKS, Person
from scheduler.read import nip as nips
from scheduler.read.cells import Cell, Unreadable, clean, hidden_characters, lines_of, stated, text_of
from scheduler.read.dates import date_of
from scheduler.read.entries import Entry
from scheduler.read.names import printed_name, split_name
from scheduler.read.places import Place
from scheduler.read.ranks import rank_of, rank_of_kind
from scheduler.read.units import unit_class_of
from scheduler.read.values import (
    YES_WORDS,
    coordinates_of,
    degrees_of,
    echelon_of,
    employment_of,
    is_asn,
    is_standing,
    phone_of,
    sex_of,
    yes_or_no,
)  # fmt: skip

_T = TypeVar("_T")
_ECHELON_BEHIND = re.compile(
    r"(?P<post>.*?)\s*[/(,–-]\s*(?P<echelon>(?:eselon\s*)?[IV]{1,3}\s?[./]?\s?[a-e])\s*\)?$", re.I
)
_FILL_IN = Bilingual(id="Perbaiki isinya.", en="Correct the cell.")
_EMPTY = Bilingual(id="dibiarkan kosong", en="left empty")


@dataclass(frozen=True, slots=True)
class Draft:
    """A person whose id is not settled yet: `given_id` is the NIP or printed id, or empty; `lost` as printed."""

    person: Person
    entry: Entry
    given_id: str
    lost: str = ""


class _Reader:
    """Reads the cells of one entry and collects what is wrong with them."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.faults: list[Fault] = []

    def text(self, field: str) -> str:
        return stated(text_of(self.entry.cells.get(field)))

    def has(self, *fields: str) -> bool:
        return any(field in self.entry.fields for field in fields)

    def add(
        self,
        field: str,
        problem: Bilingual,
        *,
        allowed: Bilingual | None = None,
        remedy: Bilingual | None = None,
        value: str | None = None,
        warning: bool = False,
    ) -> None:
        shown = text_of(self.entry.cells.get(field)) if value is None else value
        header = self.entry.headers.get(field, "")
        self.faults.append(
            Fault(
                problem=problem, sheet=self.entry.sheet, row=self.entry.row, field=header, value=shown,
                allowed=allowed, remedy=remedy, warning=warning,
            )
        )  # fmt: skip

    def parse(
        self,
        field: str,
        read: Callable[[str], _T | None],
        empty: _T,
        what: Bilingual,
        *,
        warning: bool = False,
    ) -> _T:
        """Return the field read by `read`, or `empty` and a fault where it cannot be."""
        value = read(text_of(self.entry.cells.get(field)))
        if value is not None:
            return value
        problem = Bilingual(id=f"{what.id} tidak terbaca", en=f"{what.en} cannot be read")
        if warning:
            problem = Bilingual(id=f"{problem.id}; {_EMPTY.id}", en=f"{problem.en}; {_EMPTY.en}")
        self.add(field, problem, allowed=_ALLOWED.get(field), remedy=_FILL_IN, warning=warning)
        return empty


_YES_NO = Bilingual(id=YES_WORDS, en=YES_WORDS)
_ALLOWED = {
    "it_capable": _YES_NO,
    "monitor": _YES_NO,
    "echelon": Bilingual(id="I.a sampai V.a, atau -", en="I.a to V.a, or -"),
    "sex": Bilingual(id="L atau P", en="L or P"),
    "phone": Bilingual(id="nomor seperti 0812…, 62812…", en="a number such as 0812…, 62812…"),
    "joins": Bilingual(id="tanggal seperti 3/8/2021", en="a date such as 3/8/2021, day first"),
    "leaves": Bilingual(id="tanggal seperti 3/8/2021", en="a date such as 3/8/2021, day first"),
    "latitude": Bilingual(id="derajat, −90 sampai 90", en="degrees, −90 to 90"),
    "longitude": Bilingual(id="derajat, −180 sampai 180", en="degrees, −180 to 180"),
}


def read_person(entry: Entry, place: Place) -> tuple[Draft, list[Fault]]:
    """Return the person of an entry and every fault and warning about the cells."""
    reader = _Reader(entry)
    _refuse_unreadable(reader)
    employment = _employment(reader)
    name, printed, in_name = _name(reader)
    given_id, nip, lost = _identity(reader, in_name, employment)
    sex = reader.parse("sex", sex_of, "", Bilingual(id="jenis kelamin", en="the sex"), warning=True)
    _compare_sex(reader, nip, sex)
    echelon, kind, position = _post(reader)
    unit_class = reader.text("unit_class").casefold() or unit_class_of(place.unit)
    latitude, longitude = _coordinates(reader)
    joins, leaves = _dates(reader)
    person = Person(
        id="",
        name=name,
        unit=place.unit,
        printed_name=printed,
        nip=nip,
        rank=_rank(
            reader,
            employment=employment,
            given_id=given_id,
            kind=kind,
            echelon=echelon,
            position=position,
            unit_class=unit_class,
        ),
        echelon=echelon,
        grade=_grade(reader),
        position=position,
        sub_unit=place.sub_unit,
        unit_class=unit_class,
        employment=employment,
        it_capable=_yes_or_no(reader, "it_capable", Bilingual(id="mampu TI", en="ability to use IT")),
        monitor=_yes_or_no(reader, "monitor", Bilingual(id="pemantau", en="monitor")),
        service_posts=_service_posts(reader),
        sex=sex,  # type: ignore[arg-type]
        phone=reader.parse(
            "phone", phone_of, "", Bilingual(id="nomor telepon", en="the phone number"), warning=True
        ),
        telegram=_telegram(reader.text("telegram")),
        latitude=latitude,
        longitude=longitude,
        note=reader.text("note"),
        tags=_tags(reader),
        joins=joins,
        leaves=leaves,
        sheet=entry.sheet,
        row=entry.row,
    )
    return Draft(person, entry, given_id, lost), reader.faults


def _refuse_unreadable(reader: _Reader) -> None:
    for field, cell in sorted(reader.entry.cells.items()):
        if isinstance(cell, Unreadable) and field != "number":
            if cell.kind == "formula":
                problem = Bilingual(
                    id="rumus ini tidak tersimpan nilainya", en="the formula has no stored value"
                )
            else:
                problem = Bilingual(id="sel ini berisi galat", en="the cell holds an error")
            remedy = Bilingual(
                id="Buka dan simpan di Excel, atau tempel sebagai nilai.",
                en="Open and save it in Excel, or paste it as a value.",
            )
            reader.add(field, problem, remedy=remedy)


def _name(reader: _Reader) -> tuple[str, str, str]:
    """Return the plain name, the printed name and the id printed in the name's cell."""
    cells = reader.entry.cells
    field = next(f for f in ("name", "name_nip", "plain_name", "") if not f or f in cells)
    raw = cells.get(field)
    text, identity = nips.split_name_and_id(lines_of(raw))
    if isinstance(raw, str) and hidden_characters(raw):
        reader.add(
            field,
            Bilingual(id="nama memuat karakter tak terlihat; dibuang", en="the name held invisible characters; removed"),
            value=text, warning=True,
        )  # fmt: skip
    text = _unquoted(re.sub(r"^\d{1,4}[.)]\s+(?=[^\W\d])", "", clean(text)))
    split = split_name(text)
    if split.doubtful:
        reader.add(
            field,
            Bilingual(
                id="setelah koma bukan gelar yang dikenal; dibaca sebagai bagian nama",
                en="what follows the comma is no known degree; read as part of the name",
            ),
            warning=True,
        )
    name = split_name(text_of(cells.get("plain_name"))).name or split.name
    printed = printed_name(text, reader.text("title_before"), reader.text("title_after"))
    return name, printed, identity


def _unquoted(text: str) -> str:
    """Take off the apostrophe with which programs keep text from being read as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def _identity(reader: _Reader, in_name: str, employment: str) -> tuple[str, str, str]:
    """Return the id that the list gives, the NIP, and the number that lost its digits."""
    cells = reader.entry.cells
    cell: Cell = cells.get("nip")
    field = "nip" if cell is not None else "name_nip"
    if cell is None or nips.read_id(cell).kind == "none":
        cell = in_name or cell
    printed = nips.read_id(cell)
    own = nips.read_id(cells.get("id"))
    own_id = clean(text_of(cells.get("id"))) if own.kind != "lost" else ""
    asn = is_asn(employment)
    if printed.kind == "lost" or own.kind == "lost":
        reader.add(
            field if printed.kind == "lost" else "id",
            Bilingual(
                id="NIP tersimpan sebagai angka sehingga digit terakhirnya hilang; tidak ditebak, dipakai id internal",
                en="the NIP is stored as a number and has lost its last digits; not guessed, an internal id is used",
            ),
            value=printed.text,
            remedy=Bilingual(
                id="Format kolom sebagai Teks, lalu ketik ulang NIP-nya.",
                en="Format the column as Text and type the NIP again.",
            ),
            warning=True,
        )
        return own_id, "", printed.text
    if printed.kind == "none":
        return own_id, "", ""
    digits_only = printed.text.isascii() and printed.text.isdigit()
    if (printed.kind == "wrong" and asn is not False) or (
        asn and digits_only and 10 <= len(printed.text) != 18
    ):
        reader.add(
            field,
            Bilingual(id=f"NIP ini {len(printed.text)} digit", en=f"this NIP has {len(printed.text)} digits"),
            value=printed.text,
            allowed=Bilingual(id="18 digit", en="18 digits"),
            remedy=Bilingual(id="Periksa NIP-nya.", en="Check the NIP."),
        )
        return own_id or printed.text, "", ""
    if printed.kind != "nip":
        mistyped = asn and sum(c.isdigit() for c in printed.text) >= 12
        if mistyped and not digits_only:
            reader.add(
                field,
                Bilingual(id="NIP ini memuat selain angka", en="this NIP holds more than digits"),
                value=printed.text,
                allowed=Bilingual(id="18 digit", en="18 digits"),
                remedy=Bilingual(id="Periksa NIP-nya.", en="Check the NIP."),
            )
        return own_id or clean(printed.text), "", ""
    pppk = None if asn is not True or employment == "ASN" else employment.startswith("PPPK")
    if nips.implausible(printed.text, pppk):
        if asn is False:
            return own_id or printed.text, "", ""
        reader.add(
            field,
            Bilingual(
                id="NIP ini tidak mungkin: tanggal lahir, pengangkatan, atau jenis kelamin di dalamnya keliru",
                en="no NIP reads so: the birth date, appointment or sex in it is impossible",
            ),
            value=printed.text,
            allowed=Bilingual(
                id="lahir TTTTBBHH, diangkat TTTTBB, 1 atau 2, urut 001–999",
                en="birth YYYYMMDD, appointment YYYYMM, 1 or 2, serial 001–999",
            ),
            remedy=Bilingual(id="Periksa NIP-nya.", en="Check the NIP."),
        )
    return own_id or printed.text, printed.text, ""


def _compare_sex(reader: _Reader, nip: str, sex: str) -> None:
    spelt = nips.nip_parts(nip).sex if nip else ""
    if sex and spelt and sex != spelt:
        reader.add(
            "sex",
            Bilingual(
                id="jenis kelamin berbeda dengan digit ke-15 NIP; kolom ini yang dipakai",
                en="the sex differs from digit 15 of the NIP; this column is used",
            ),
            warning=True,
        )


def _employment(reader: _Reader) -> str:
    text = reader.text("employment") or reader.entry.headed_employment
    if not text and not reader.has("employment"):
        text = reader.text("standing")
    for part in (text, *text.replace(" - ", "/").split("/")):
        found = employment_of(part)
        if found:
            return found
    if not text or is_standing(text):
        return ""
    if reader.text("employment"):
        reader.add(
            "employment",
            Bilingual(
                id="status kepegawaian tidak dikenal; dibiarkan apa adanya",
                en="unknown employment; kept as it is",
            ),
            allowed=Bilingual(
                id="PNS, CPNS, PPPK, Non ASN, PTT, TKD, …", en="PNS, CPNS, PPPK, Non ASN, PTT, TKD, …"
            ),
            warning=True,
        )
        return text
    return ""


def _post(reader: _Reader) -> tuple[str, str, str]:
    """Return echelon, kind of post, and post.

    Lists also put "Fungsional" or "Pengawas" into the echelon's column, or the echelon behind the post.
    """
    position, kind = reader.text("position"), reader.text("position_kind") or reader.text("rank")
    text = reader.text("echelon")
    behind = _ECHELON_BEHIND.match(position)
    if behind and not reader.has("echelon") and (echelon := echelon_of(behind["echelon"])):
        return echelon, kind, behind["post"]
    if rank_of_kind(text):
        return echelon_of(text) or "", kind or text, position
    return reader.parse("echelon", echelon_of, "", Bilingual(id="eselon", en="the echelon")), kind, position


def _rank(
    reader: _Reader,
    *,
    employment: str,
    given_id: str,
    kind: str,
    echelon: str,
    position: str,
    unit_class: str,
) -> str:
    stated_rank = reader.text("rank").casefold()
    if stated_rank in RANKS:
        return stated_rank
    asn = is_asn(employment)
    if asn is None and not employment and given_id and not given_id.isdigit():
        prefix = employment_of("".join(c if c.isalpha() else " " for c in given_id))
        asn = False if prefix and is_asn(prefix) is False else None
    ranked = rank_of(
        employment_is_asn=asn, kind=kind, echelon=echelon, position=position, unit_class=unit_class
    )
    if ranked.doubt:
        reader.add("position" if position else "name", ranked.doubt, value=position, warning=True)
    return ranked.rank


def _grade(reader: _Reader) -> str:
    title, grade = reader.text("grade_title"), reader.text("grade")
    return f"{title} ({grade})" if title and grade else title or grade


def _yes_or_no(reader: _Reader, field: str, what: Bilingual) -> bool | None:
    return reader.parse(field, yes_or_no, False, what) if reader.has(field) else None


def _service_posts(reader: _Reader) -> tuple[str, ...]:
    text = stated(lines_of(reader.entry.cells.get("service_post")))
    said = yes_or_no(text)
    if said is not None:
        return (reader.entry.headers["service_post"],) if said else ()
    for separator in (";", "&", ","):
        text = text.replace(separator, "\n")
    return tuple(dict.fromkeys(part.strip() for part in text.split("\n") if part.strip()))


def _telegram(text: str) -> str:
    for prefix in ("https://", "http://", "t.me/", "telegram.me/", "@"):
        text = text.removeprefix(prefix)
    return text.strip("/ ")


def _coordinates(reader: _Reader) -> tuple[float | None, float | None]:
    pair = reader.text("coordinates")
    if pair and not reader.text("latitude"):
        found = coordinates_of(pair)
        if found is None:
            reader.add(
                "coordinates",
                Bilingual(id="koordinat tidak terbaca", en="the coordinates cannot be read"),
                allowed=Bilingual(
                    id="lintang, bujur seperti -2.5512, 120.3234", en="such as -2.5512, 120.3234"
                ),
                remedy=_FILL_IN,
            )
        return found or (None, None)
    values = []
    for field, most, what in (
        ("latitude", 90, Bilingual(id="lintang", en="the latitude")),
        ("longitude", 180, Bilingual(id="bujur", en="the longitude")),
    ):
        limit = float(most)
        given = reader.text(field)
        values.append(reader.parse(field, lambda t, m=limit: degrees_of(t, m), None, what) if given else None)  # type: ignore[misc]
    if (values[0] is None) != (values[1] is None):
        field = "latitude" if values[0] is None else "longitude"
        if not reader.text(field):
            reader.add(
                field,
                Bilingual(
                    id="lintang atau bujur kosong; letak rumah tidak dipakai",
                    en="latitude or longitude is missing; the home is not used",
                ),
                warning=True,
            )
        return None, None
    return values[0], values[1]


def _dates(reader: _Reader) -> tuple[date | None, date | None]:
    days: list[date | None] = []
    for field in ("joins", "leaves"):
        day = date_of(reader.entry.cells.get(field)) if reader.text(field) else None
        if reader.text(field) and day is None:
            reader.add(
                field,
                Bilingual(id="tanggal tidak terbaca", en="the date cannot be read"),
                allowed=_ALLOWED[field], remedy=_FILL_IN,
            )  # fmt: skip
        days.append(day)
    if days[0] and days[1] and days[0] > days[1]:
        reader.add(
            "leaves",
            Bilingual(id="tanggal keluar sebelum tanggal masuk", en="the person leaves before joining"),
            remedy=_FILL_IN,
        )
    return days[0], days[1]


def _tags(reader: _Reader) -> tuple[str, ...]:
    tags = [part.strip() for part in reader.text("tags").replace(",", ";").split(";") if part.strip()]
    standing = reader.text("standing")
    if standing and not employment_of(standing) and not is_standing(standing):
        reader.add(
            "standing",
            Bilingual(
                id="kedudukan hukumnya bukan aktif; tetap dimasukkan, dengan penanda ini",
                en="the legal standing is not active; kept in the list, tagged with it",
            ),
            warning=True,
        )
        tags.append(standing)
    elif standing and is_standing(standing) and "tidak" in standing.casefold():
        tags.append(standing)
    return tuple(dict.fromkeys(tags))
