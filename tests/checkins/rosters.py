"""Invented rosters of any size for the tests of check-ins: home and office days in turn, some absences."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from scheduler.checkins.roster_days import RosterDays
from scheduler.problem import Person

FIRST = date(2021, 7, 28)
GIVEN = [
    "Andi",
    "Budi",
    "Citra",
    "Dewi",
    "Eko",
    "Fitri",
    "Gita",
    "Hadi",
    "Indah",
    "Joko",
    "Kartika",
    "Lukman",
    "Maya",
    "Nur",
    "Oki",
    "Putri",
    "Rahmat",
    "Sari",
    "Tono",
    "Umar",
]
FAMILY = [
    "Santoso",
    "Pertiwi",
    "Lestari",
    "Wijaya",
    "Hidayat",
    "Rahman",
    "Saputra",
    "Utami",
    "Nugroho",
    "Palimbong",
    "Tandi",
    "Mangiwa",
    "Pasau",
    "Lolo",
    "Rante",
]


def roster(
    people: int = 24,
    days: int = 8,
    units: int = 6,
    *,
    first: date = FIRST,
    with_phones: bool = True,
    with_telegram: bool = True,
    seed: int = 1,
) -> RosterDays:
    """People spread over units, home every other working day, now and then on leave or sick."""
    random = Random(seed)
    crowd = []
    for n in range(people):
        phone = f"62812{10_000_000 + n:08}" if with_phones and n % 5 else ""
        crowd.append(
            Person(
                id=f"19800101200501{1000 + n % 2:04}"[:15] + f"{n % 1000:03}" if n < 1000 else f"P-{n:05}",
                name=f"{GIVEN[n % 20]} {FAMILY[(n // 20 + n) % 15]} {chr(65 + n // 300)}{n}",
                unit=f"Dinas {chr(65 + (n * units // people) % 26)}{n * units // people}",
                phone=phone,
                telegram=f"user{7_000_000 + n}" if with_telegram and n % 3 else "",
                latitude=round(-2.5 - random.random() * 0.2, 6) if n % 4 else None,
                longitude=round(120.2 + random.random() * 0.2, 6) if n % 4 else None,
                nip="",
            )
        )
    every = [first + timedelta(days=i) for i in range(days)]
    statuses = {}
    for n, person in enumerate(crowd):
        for i, day in enumerate(every):
            if day.weekday() >= 5:
                statuses[person.id, day] = "off"
            elif random.random() < 0.05:
                statuses[person.id, day] = random.choice(["leave", "sick", "travel", "permit"])
            else:
                statuses[person.id, day] = "home" if (n + i) % 2 else "office"
    crowd.sort(key=lambda p: int(p.unit[7:]))
    return RosterDays(people=tuple(crowd), days=tuple(every), statuses=statuses)
