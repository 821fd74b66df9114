"""An invented city: units of log-normal size, ranks, posts, absences and wishes, all from one seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from scheduler.synth import names
from scheduler.write.policy_draft import Answers, draft_policy

FIRST, LAST = date(2026, 8, 3), date(2026, 8, 14)
"""The fortnight rostered unless told otherwise: ten working days, no holiday."""
USUAL_SIZE = 45
SPREAD = 0.9
"""Of the logarithm of a unit's size: some offices of five, a few of hundreds."""
STAFF_COLUMNS = (
    "Nama", "NIP", "Jabatan", "Eselon", "Unit Kerja", "Sub Unit", "Status Kepegawaian", "Mampu TI", "Loket Layanan",
    "Pemantau", "NIP Atasan", "No HP", "Lintang", "Bujur", "Tag",
)  # fmt: skip
ABSENCE_COLUMNS = ("person_id", "from", "to", "kind")
PREFERENCE_COLUMNS = ("person_id", "weekday", "status", "weight")
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The tables of a scenario, each row as the columns above have it."""

    staff: tuple[Row, ...]
    absences: tuple[Row, ...]
    preferences: tuple[Row, ...]
    policy: str


@dataclass(frozen=True, slots=True)
class _Member:
    unit: str
    name: str
    person_id: str
    position: str
    echelon: str = ""
    employment: str = "PNS"
    sub_unit: str = ""
    supervisor: str = ""


def make_city(
    staff: int,
    units: int | None = None,
    seed: int = 0,
    *,
    folder: str = "kota",
    first: date = FIRST,
    last: date = LAST,
) -> City:
    """Return an invented city; the same arguments give the same city.

    Parameters
    ----------
    staff : people in all.
    units : offices; by default one for about 45 people.
    folder : as the policy's comment names it.
    first, last : the period.

    Raises
    ------
    ValueError
        Where there are more units than people, or neither.
    """
    count = units if units is not None else max(1, round(staff / USUAL_SIZE))
    if not 1 <= count <= staff:
        raise ValueError(f"{count} units need at least as many people; there are {staff}")
    draw = Random(f"{staff} {count} {seed}")
    sizes = _sizes(staff, count, draw)
    offices = _offices(count)
    people: list[_Member] = []
    for office, size in zip(offices, sizes, strict=True):
        people += _unit(office, size, len(people), draw)
    posts = _posts(people, draw)
    return City(
        staff=tuple(_row(member, posts.get(member.person_id, ""), draw) for member in people),
        absences=tuple(_absences(people, posts, first, last, draw)),
        preferences=tuple(_preferences(people, draw)),
        policy=draft_policy(_answers(offices, bool(posts), first, last), folder),
    )


def _answers(offices: Sequence[str], has_posts: bool, first: date, last: date) -> Answers:
    exempt = {"Kantor Camat": "Kantor Camat *", "Kelurahan": "Kelurahan *", "RSUD": "RSUD *", "Puskesmas": "Puskesmas *"}  # fmt: skip
    return Answers(
        title="Kota rekaan",
        place="Kota Rekaan",
        timezone="Asia/Makassar",
        first=first,
        last=last,
        quotas={"pengawas": "25%", "pelaksana": "50%", "non_asn": "50%"},
        exempt=[p for word, p in exempt.items() if any(o.startswith(word) for o in offices)],
        posts=dict.fromkeys(names.POSTS, 1) if has_posts else {},
        checkpoints=("08:00", "11:00", "14:00", "16:00"),
    )


def _sizes(staff: int, count: int, draw: Random) -> list[int]:
    """Return log-normal sizes of at least 1 that sum to `staff`, by largest remainder."""
    weights = [math.exp(draw.gauss(0, SPREAD)) for _ in range(count)]
    whole = sum(weights)
    shares = [(staff - count) * weight / whole for weight in weights]
    sizes = [1 + int(share) for share in shares]
    by_rest = sorted(range(count), key=lambda n: (int(shares[n]) - shares[n], n))
    for n in by_rest[: staff - sum(sizes)]:
        sizes[n] += 1
    return sizes


def _offices(count: int) -> list[str]:
    """Return as many names of offices, of all kinds, none twice."""
    kinds = [
        [f"Dinas {word}" for word in names.DINAS],
        [f"Badan {word}" for word in names.BADAN],
        [f"Kelurahan {word}" for word in names.AREAS],
        [f"Kantor Camat {word}" for word in names.AREAS],
        [f"Puskesmas {word}" for word in names.AREAS],
        ["RSUD Rekaan"],
        [f"Dinas {word} Daerah" for word in names.DINAS],
    ]
    found: list[str] = []
    for n in range(max(map(len, kinds))):
        found += [kind[n] for kind in kinds if n < len(kind)]
    return [
        found[n % len(found)] + (f" {n // len(found) + 1}" if n >= len(found) else "") for n in range(count)
    ]


def _heads(office: str) -> tuple[tuple[str, str], ...]:
    """Return the posts at the top of an office with their echelons, the head first."""
    for word, posts in (
        ("Dinas", (("Kepala Dinas", "II.b"), ("Sekretaris", "III.a"))),
        ("Badan", (("Kepala Badan", "II.b"), ("Sekretaris", "III.a"))),
        ("Kantor Camat", (("Camat", "III.a"), ("Sekretaris Camat", "III.b"))),
        ("Kelurahan", (("Lurah", "IV.a"), ("Sekretaris Lurah", "IV.b"))),
        ("RSUD", (("Direktur", "III.a"),)),
    ):
        if office.startswith(word):
            return posts
    return (("Kepala Puskesmas", "IV.a"),)


def _unit(office: str, size: int, before: int, draw: Random) -> Iterator[_Member]:
    """Yield an office's people, from the head down to helpers, each with a supervisor above.

    `before` people came before them, so that numbers are never given twice.
    """
    posts: list[tuple[str, str, str]] = [(post, echelon, "") for post, echelon in _heads(office)]
    if "II.b" in (echelon for _, echelon, _ in posts):
        fields = names.FIELDS[: min(len(names.FIELDS), size // 12)]
        posts += [(f"Kepala Bidang {word}", "III.b", f"Bidang {word}") for word in fields]
        posts += [
            (f"Kepala Sub Bidang {word} {n}", "IV.a", f"Bidang {word}") for word in fields for n in (1, 2)
        ]
    elif office.startswith(("Kantor Camat", "Kelurahan")):
        posts += [(f"Kepala Seksi {word}", "IV.a", "") for word in names.FIELDS[: size // 8]]
    posts = posts[:size]
    bidang = [sub_unit for _, echelon, sub_unit in posts if echelon == "III.b"] or [""]
    above: dict[str, str] = {}
    head = ""
    for n in range(size):
        if n < len(posts):
            post, echelon, sub_unit = posts[n]
            employment = "PNS"
        else:
            post, employment = _plain_post(office, draw)
            echelon, sub_unit = "", bidang[n % len(bidang)]
        person_id = _nip(draw, before + n) if employment != "Honorer" else f"NA-{before + n:06}"
        boss = head if n < 2 or echelon == "III.b" else above.get(sub_unit, head)
        yield _Member(
            unit=office, name=_name(draw), person_id=person_id, position=post, echelon=echelon,
            employment=employment, sub_unit=sub_unit, supervisor=boss,
        )  # fmt: skip
        head = head or person_id
        if echelon == "III.b":
            above[sub_unit] = person_id


def _plain_post(office: str, draw: Random) -> tuple[str, str]:
    if office.startswith(("RSUD", "Puskesmas")) and draw.random() < 0.6:
        return draw.choice(("Perawat Ahli", "Bidan Terampil", "Dokter Umum", "Apoteker")), "PNS"
    chance = draw.random()
    if chance < 0.45:
        return draw.choice(names.CLERKS), "PNS"
    if chance < 0.55:
        return draw.choice(names.SPECIALISTS), "PNS"
    return draw.choice(names.HELPERS), "Honorer"


def _name(draw: Random) -> str:
    return f"{draw.choice(names.GIVEN)} {draw.choice(names.GIVEN)} {draw.choice(names.FAMILY)}"


def _nip(draw: Random, order: int) -> str:
    """Return 18 digits: birth, appointment, sex, serial (PerBKN 22/2007); never twice within a city."""
    born = date(1966, 1, 1) + timedelta(days=order % 11_000)
    appointed = f"{born.year + 23 + draw.randint(0, 8)}{draw.randint(1, 12):02}"
    return f"{born:%Y%m%d}{appointed}{draw.randint(1, 2)}{(order // 11_000) % 999 + 1:03}"


def _posts(people: Sequence[_Member], draw: Random) -> dict[str, str]:
    """Return the counter of each officer; a counter has at least four officers, so that it is never empty."""
    found: dict[str, str] = {}
    plain: dict[str, list[_Member]] = {}
    for member in people:
        if not member.echelon:
            plain.setdefault(member.unit, []).append(member)
    for members in plain.values():
        officers = draw.sample(members, len(members) // 3)
        if len(officers) >= 4 * len(names.POSTS):
            found.update({m.person_id: names.POSTS[n % len(names.POSTS)] for n, m in enumerate(officers)})
    return found


def _row(member: _Member, post: str, draw: Random) -> Row:
    is_plain = not member.echelon
    able = draw.random() >= (0.1 if member.employment == "Honorer" else 0.04 if is_plain else 0)
    return (
        member.name,
        member.person_id,
        member.position,
        member.echelon,
        member.unit,
        member.sub_unit,
        member.employment,
        "Ya" if able else "Tidak",
        post,
        "Ya" if draw.random() < 0.1 else "",
        member.supervisor,
        f"0800{draw.randint(0, 99_999_999):08}",
        f"{-2.55 + draw.gauss(0, 0.02):.5f}",
        f"{120.32 + draw.gauss(0, 0.02):.5f}",
        f"tim {draw.choice('AB')}",
    )


def _absences(
    people: Sequence[_Member], posts: dict[str, str], first: date, last: date, draw: Random
) -> Iterator[Row]:
    """Yield absences of one to five days for about 12 % of the people in a fortnight, 5 % of person-days.

    Of a counter's officers only every fourth may be away.
    """
    length = (last - first).days
    officers: dict[tuple[str, str], int] = {}
    for member in people:
        if post := posts.get(member.person_id, ""):
            officers[member.unit, post] = officers.get((member.unit, post), -1) + 1
            if officers[member.unit, post] % 4:
                continue
        if draw.random() < 0.12 * (length + 1) / 12:
            begins = first + timedelta(days=draw.randint(0, length))
            ends = min(last, begins + timedelta(days=draw.randint(0, 4)))
            kind = draw.choices(("leave", "travel", "sick", "permit"), (5, 3, 2, 1))[0]
            yield member.person_id, begins.isoformat(), ends.isoformat(), kind


def _preferences(people: Sequence[_Member], draw: Random) -> Iterator[Row]:
    for member in people:
        if draw.random() < 0.15:
            day = draw.choice(("mon", "tue", "wed", "thu", "fri"))
            yield member.person_id, day, draw.choices(("home", "office"), (3, 1))[0], str(draw.randint(1, 3))
