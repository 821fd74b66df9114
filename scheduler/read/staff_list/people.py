"""One person's cells as a person, with every fault and doubt about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.problem import Person
from scheduler.read.dates import date_of
from scheduler.read.files.cells import lines_of, stated
from scheduler.read.staff_list.cell_reader import ALLOWED, FILL_IN, CellReader, refuse_unreadable
from scheduler.read.staff_list.entries import Entry
from scheduler.read.staff_list.person_identity import compare_sex, read_identity, read_name
from scheduler.read.staff_list.person_post import read_employment, read_post, read_rank
from scheduler.read.staff_list.places import Place
from scheduler.read.staff_list.units import unit_class_of
from scheduler.read.staff_list.values import (
    coordinates_of,
    degrees_of,
    employment_of,
    is_standing,
    phone_of,
    sex_of,
    yes_or_no,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A person whose id is not settled yet: `given_id` is the NIP or printed id, or empty; `lost` as printed."""

    person: Person
    entry: Entry
    given_id: str
    lost: str = ""


def read_person(entry: Entry, place: Place) -> tuple[Draft, list[Fault]]:
    """Return the person of an entry and every fault and warning about the cells."""
    reader = CellReader(entry)
    refuse_unreadable(reader)
    employment = read_employment(reader)
    name, printed, in_name = read_name(reader)
    given_id, nip, lost = read_identity(reader, in_name, employment)
    sex = reader.parse("sex", sex_of, "", Bilingual(id="jenis kelamin", en="the sex"), warning=True)
    compare_sex(reader, nip, sex)
    echelon, kind, position = read_post(reader)
    unit_class = reader.text("unit_class").casefold() or unit_class_of(place.unit)
    latitude, longitude = _coordinates(reader)
    joins, leaves = _dates(reader)
    person = Person(
        id="",
        name=name,
        unit=place.unit,
        printed_name=printed,
        nip=nip,
        rank=read_rank(
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


def _grade(reader: CellReader) -> str:
    title, grade = reader.text("grade_title"), reader.text("grade")
    return f"{title} ({grade})" if title and grade else title or grade


def _yes_or_no(reader: CellReader, field: str, what: Bilingual) -> bool | None:
    return reader.parse(field, yes_or_no, False, what) if reader.has(field) else None


def _service_posts(reader: CellReader) -> tuple[str, ...]:
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


def _coordinates(reader: CellReader) -> tuple[float | None, float | None]:
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
                remedy=FILL_IN,
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


def _dates(reader: CellReader) -> tuple[date | None, date | None]:
    days: list[date | None] = []
    for field in ("joins", "leaves"):
        day = date_of(reader.entry.cells.get(field)) if reader.text(field) else None
        if reader.text(field) and day is None:
            reader.add(
                field,
                Bilingual(id="tanggal tidak terbaca", en="the date cannot be read"),
                allowed=ALLOWED[field], remedy=FILL_IN,
            )  # fmt: skip
        days.append(day)
    if days[0] and days[1] and days[0] > days[1]:
        reader.add(
            "leaves",
            Bilingual(id="tanggal keluar sebelum tanggal masuk", en="the person leaves before joining"),
            remedy=FILL_IN,
        )
    return days[0], days[1]


def _tags(reader: CellReader) -> tuple[str, ...]:
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
