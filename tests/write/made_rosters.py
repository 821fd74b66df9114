"""Rosters of any size, made without reader or solver: for the looks of workbook and page, and for their timing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from scheduler.language import Bilingual
from scheduler.problem import Horizon, Person, Problem, Unit
from scheduler.roster import (
    Audit,
    BalanceSheet,
    ObjectiveValue,
    QuotaDay,
    QuotaReport,
    Roster,
    UnitResult,
    UnitRoster,
)
from tests.samples import sample_roster

NAMES = ("Siti Aminah", "Budi Santoso", "Ma'mur Andi Baso", "Rahmi", "Yohanis Pasambe", "Nur Hidayah Arsyad")
DEGREES = ("S.Sos., M.Si", "S.Kom", "", "A.Md", "S.STP., M.AP", "SE")
POSITIONS = ("Analis Sumber Daya Manusia Aparatur", "Pengadministrasi Umum", "Pengelola Data", "Operator")
KINDS = ("leave", "sick", "travel", "isolation", "hospital", "permit", "study")


def made_unit(
    name: str, people: int, first: date, days: int, *, holidays: Sequence[date] = (), long_names: bool = False
) -> UnitResult:
    """One unit where everybody but the head alternates at home by two days; absences and a counter here and there."""
    calendar = tuple(first + timedelta(days=n) for n in range(days))
    named = dict.fromkeys(holidays, "Hari Raya Idul Adha 1442 Hijriah")
    worked = tuple(day for day in calendar if day.weekday() < 5 and day not in named)
    staff = tuple(_person(n, name, long_names) for n in range(people))
    grid, roles = [], {}
    for n, person in enumerate(staff):
        row, place = [], 0
        for day in calendar:
            if day not in worked:
                row.append("off")
                continue
            at_home = n > 0 and ((place + n) // 2) % 2 == 0
            absent = (n * 7 + place * 3) % 41 == 5
            row.append(KINDS[(n + place) % 7] if absent else "home" if at_home else "office")
            if row[-1] == "office" and n and (n + place) % 9 == 0:
                roles[person.id, day] = ("Loket Perizinan",)
            place += 1
        grid.append(tuple(row))
    group = staff[1:]
    column = {day: calendar.index(day) for day in worked}
    quota = QuotaReport(
        rule="home_quota[pelaksana]",
        people=tuple(person.id for person in group),
        days=tuple(_quota_day(day, [row[column[day]] for row in grid[1:]]) for day in worked),
    )
    taken = {person.id: row.count("home") for person, row in zip(group, grid[1:], strict=True)}
    due = 1000 * sum(taken.values()) // max(1, len(group))
    sheet = BalanceSheet(
        name="home_quota[pelaksana]",
        kind="home",
        taken=taken,
        due=dict.fromkeys(taken, due),
        balance={key: 1000 * value - due for key, value in taken.items()},
        monday_friday=dict.fromkeys(taken, 0),
    )
    note = Bilingual(id="Tidak ada pejabat eselon III pada 3 Agustus 2021: tunjuk Plh.", en="No echelon III on 3 August 2021: appoint an acting one.")  # fmt: skip
    return UnitResult(
        unit=Unit(
            name=name, people=staff, horizon=Horizon(days=calendar, workdays=worked, holidays=named), rules=()
        ),
        roster=UnitRoster(
            unit=name, people=tuple(p.id for p in staff), days=calendar, statuses=tuple(grid), roles=roles
        ),
        objectives=(ObjectiveValue(name="shortfall", value=0, bound=0),),
        audit=Audit(
            unit=name, violations=(), objectives={}, quotas=(quota,), balances=(sheet,), notes=(note,)
        ),
    )


def made_roster(units: Sequence[UnitResult]) -> Roster:
    """A roster of these units under the sample's policy."""
    policy = sample_roster().problem.policy
    days = units[0].roster.days
    problem = Problem(
        name="made", policy=policy, first=days[0], last=days[-1], units=tuple(u.unit for u in units)
    )
    return Roster(problem=problem, results=tuple(units))


def without_people(result: UnitResult) -> UnitResult:
    """The same unit with nobody in it."""
    return replace(
        result,
        unit=replace(result.unit, people=()),
        roster=replace(result.roster, people=(), statuses=(), roles={}),
        audit=replace(result.audit, quotas=(), balances=()),
    )


def _person(n: int, unit: str, long_names: bool) -> Person:
    name, degree = NAMES[n % 6], DEGREES[n % 5]
    printed = f"{name}, {degree}" if degree else name
    position = POSITIONS[n % 4]
    if long_names:
        printed = (
            f"Prof. Dr. Ir. H. Andi {name} Muhammad Syarifuddin Daeng Mattawang, {degree or 'SH'}, MH, M.Kes"
        )
        position = f"{position} dan Pengembangan Kompetensi Jabatan Fungsional Tertentu"
    nip = f"19800101200501{1 + n % 2}{n % 1000:03d}"
    head = {
        "rank": "jpt",
        "echelon": "II.b",
        "position": f"Kepala {unit}",
        "grade": "Pembina Utama Muda (IV/c)",
    }
    plain = {"rank": "pelaksana", "position": position}
    return Person(
        id=f"{unit}-{n}", name=name, printed_name=printed, unit=unit, nip=nip, **(plain if n else head)
    )  # type: ignore[arg-type]


def _quota_day(day: date, statuses: Sequence[str]) -> QuotaDay:
    home, target = statuses.count("home"), len(statuses) // 2
    cause = Bilingual(id="cuti mengurangi yang dapat WFH", en="leave reduced who could stay home")
    short = max(0, target - home)
    return QuotaDay(
        day=day,
        base=len(statuses),
        target=target,
        home=home,
        shortfall=short,
        causes=(cause,) if short else (),
    )
