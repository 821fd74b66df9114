"""A small finished roster of two offices, made without reader or solver, for the tests of what writes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from scheduler.language import Bilingual
from scheduler.problem import (
    Horizon,
    Ledger,
    Letter,
    Person,
    Pin,
    Policy,
    Problem,
    Reading,
    Signature,
    Unit,
)
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

FIRST, LAST = date(2021, 7, 28), date(2021, 8, 11)
DAYS = tuple(FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
HOLIDAYS = {date(2021, 8, 11): "Tahun Baru Islam 1443 H"}
LETTERS = {"H": "home", "O": "office", "L": "leave", "S": "sick", "T": "travel", "-": "off", " ": ""}


def horizon(last_weekday: int = 4) -> Horizon:
    """The fifteen days of the sample; `last_weekday` 4 for five-day weeks, 5 for six-day weeks."""
    worked = tuple(d for d in DAYS if d.weekday() <= last_weekday and d not in HOLIDAYS)
    return Horizon(days=DAYS, workdays=worked, holidays=HOLIDAYS)


def person(number: int, name: str, unit: str, **fields: object) -> Person:
    """One member of staff with a NIP made of `number`."""
    nip = f"1980010120050110{number:02d}"
    plain = {
        "rank": "pelaksana",
        "position": "Analis Data",
        "employment": "PNS",
        "it_capable": True,
        "nip": nip,
    }
    return Person(**{"id": nip, "name": name, "unit": unit, **plain, **fields})  # type: ignore[arg-type]


def office(name: str, people: tuple[Person, ...], rows: tuple[str, ...], last_weekday: int = 4) -> UnitResult:
    """One unit's result; `rows` has a letter for each working day of each person (see `LETTERS`)."""
    days = horizon(last_weekday)
    worked = {d: i for i, d in enumerate(days.workdays)}
    unit = Unit(name=name, people=people, horizon=days, rules=(), unit_class="dinas")
    grid = tuple(
        tuple(
            "" if not p.is_employed_on(d) else LETTERS[row[worked[d]]] if d in worked else "off"
            for d in days.days
        )
        for p, row in zip(people, rows, strict=True)
    )
    roster = UnitRoster(unit=name, people=tuple(p.id for p in people), days=days.days, statuses=grid)
    group = tuple(p.id for p in people if p.rank == "pelaksana")
    quota = QuotaReport(
        rule="home_quota[pelaksana]",
        people=group,
        days=tuple(
            QuotaDay(
                day=d,
                base=len(group),
                target=len(group) // 2,
                home=sum(row[i] == "H" for p, row in zip(people, rows, strict=True) if p.id in group),
            )
            for d, i in worked.items()
        ),
    )
    sheet = BalanceSheet(
        name="home_quota[pelaksana]",
        kind="home",
        taken={p: rows[i].count("H") for i, p in enumerate(roster.people) if p in group},
        due=dict.fromkeys(group, 5000),
        balance={p: 1000 * rows[i].count("H") - 5000 for i, p in enumerate(roster.people) if p in group},
        monday_friday=dict.fromkeys(group, 0),
    )
    audit = Audit(
        unit=name,
        violations=(),
        objectives={"shortfall": 0, "fairness_spread": sheet.spread},
        quotas=(quota,),
        balances=(sheet,),
        notes=(Bilingual(id="3 Agustus 2021: tunjuk Plh.", en="3 August 2021: appoint an acting head."),),
    )
    objectives = (
        ObjectiveValue(name="shortfall", value=0, bound=0),
        ObjectiveValue(name="fairness_spread", value=sheet.spread, bound=0),
    )
    return UnitResult(unit=unit, roster=roster, objectives=objectives, audit=audit)


def sample_roster(number: int = 1) -> Roster:
    """Two offices: five people over a five-day week, two over a six-day week; 28 July to 11 August 2021."""
    kadis = person(
        1,
        "Siti Aminah",
        "Dinas Contoh",
        rank="jpt",
        echelon="II.b",
        position="Kepala Dinas",
        printed_name="Dr. Hj. Siti Aminah, S.Sos., M.Si",
        grade="Pembina Utama Muda (IV/c)",
    )
    people = (
        kadis,
        person(
            2,
            "Budi Santoso",
            "Dinas Contoh",
            printed_name="Budi Santoso, S.Kom",
            supervisor=kadis.id,
            phone="6281234567890",
            latitude=-2.55,
            longitude=120.32,
        ),
        person(3, "Ma'mur Andi", "Dinas Contoh", supervisor=kadis.id, service_posts=("Loket Berkas",)),
        person(4, "=HYPERLINK Rahmi", "Dinas Contoh", supervisor=kadis.id, it_capable=False),
        Person(
            id="NonASN-1522",
            name="Puspa Sihombing",
            unit="Dinas Contoh",
            rank="non_asn",
            employment="Non ASN",
            position="Operator",
            joins=date(2021, 8, 2),
        ),
    )
    first = office(
        "Dinas Contoh", people, ("OOOOOOOOOO", "HHOOHHOOHO", "OOHHOOHHOH", "OOOLLOOOOO", "   HHOOHHO")
    )
    first = replace(
        first,
        roster=replace(
            first.roster,
            roles={(people[2].id, date(2021, 7, 28)): ("Loket Berkas",)},
            fixed_by={(people[3].id, date(2021, 8, 2)): "absence"},
        ),
        unit=replace(first.unit, pins={(people[1].id, date(2021, 7, 28)): Pin(status="home", why="WFH")}),
        readings=(
            Reading(
                key="home_quota.rounding", text=Bilingual(id="Pembulatan: carry.", en="Rounding: carry.")
            ),
        ),
    )
    nurses = (
        person(6, "Rina Pertiwi", "RSUD ../Contoh", rank="fungsional"),
        person(7, "Joko", "RSUD ../Contoh"),
    )
    second = office("RSUD ../Contoh", nurses, ("OOOOOOOOOOOO", "HOHOHOHOHOHO"), last_weekday=5)
    policy = Policy(
        title="Penyesuaian sistem kerja, tahap I",
        timezone="Asia/Makassar",
        rules=(),
        letter=Letter(number="800/935/BKPSDM/2021", day=date(2021, 7, 27), issuer="Bupati Luwu Utara"),
        signature=Signature(place="Masamba"),
        checkins={"point": [{"at": ["08:00", "11:00", "14:00", "16:00"], "required_on": ["home"]}]},
    )
    ledger = Ledger(remainders={("Dinas Contoh", "home_quota[pelaksana]"): Fraction(1, 2)})
    problem = Problem(
        name="contoh", policy=policy, first=FIRST, last=LAST, units=(first.unit, second.unit), ledger=ledger
    )
    return Roster(problem=problem, results=(first, second), number=number, replaced=number - 1 or None)
