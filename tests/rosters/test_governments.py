"""The five governments' scenarios: totals by arithmetic done by hand, exempt offices, the floor, rules that bind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.roster import HOME, OFFICE
from tests.running import giliran
from tests.scenarios import ROSTERS, home_days, shipped, solved

HOME_DAYS = {
    # 9 working days, Nyepi being off. BKPP: 64 people less the head, 5 below, 1 designated are 57; two pickets a day.
    "tangsel": {
        "BKPP": (64 - 1 - 5 - 1) * 9 - 2 * 9,
        "Inspektorat": (49 - 1 - 5) * 9 - 2 * 9,
        "Kelurahan Serua": (22 - 1 - 4) * 9 - 1 * 9,
        "UPTD Laboratorium Lingkungan": (17 - 1 - 1) * 9 - 2 * 9,
    },
    # 10 working days, Idul Adha being off; echelons II and III stay, two offices are exempt.
    "paser": {
        "Bagian Organisasi Setda": (19 - 1) * 10,
        "Dinas Kominfo": (64 - 1 - 5) * 10,
        "Disdukcapil": 0,
        "RSUD Panglima Sebaya": 0,
    },
    # First phase: 6 working days, Nyepi being off; the Kepala Dinas is pinned at home on one of them.
    "bontang": {
        "Bagian Organisasi Setda": (19 - 1) * 6,
        "Dinas Perpustakaan": (60 - 6) * 6 + 1,
        "Kantor Camat Bontang Barat": (40 - 2) * 6,
        "Kelurahan Kanaan": (17 - 1) * 6,
    },
    "parepare": {"Bagian Umum Setdako": 0, "Kantor Camat Bacukiki": 0, "Kelurahan Lompoe": 0, "SD Negeri 9": 0},
}  # fmt: skip


@pytest.mark.parametrize("name", HOME_DAYS)
def test_the_totals_are_those_of_the_letter_done_by_hand(name: str) -> None:
    assert home_days(shipped(name)) == HOME_DAYS[name]


def test_luwu_utara_sends_home_the_shares_of_seven_days() -> None:
    result = shipped("luwu-utara").results[0]
    totals = {q.rule: sum(day.home for day in q.days) for q in result.audit.quotas}
    # 15 × 50 % × 7 = 52.5, 12 × 24 % × 7 = 20.16, 9 × 50 % × 7 = 31.5: the carry gives one of both neighbours.
    assert totals["home_quota[pelaksana]"] in (52, 53)
    assert totals["home_quota[pengawas]"] in (20, 21)
    assert totals["home_quota[non_asn]"] in (31, 32)


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("luwu-utara", ["Kantor Camat Masamba", "RSUD Andi Djemma", "Puskesmas Masamba", "Pustu Kappuna"]),
        ("paser", ["Disdukcapil", "RSUD Panglima Sebaya"]),
        ("friday-home-2026", ["Kelurahan Baru"]),
    ],
)
def test_an_exempt_office_is_all_office(name: str, units: list[str]) -> None:
    results = [result for result in shipped(name).results if result.unit.name in units]
    assert len(results) == len(units)
    for result in results:
        days = [result.roster.days.index(day) for day in result.unit.horizon.workdays]
        assert {row[k] for row in result.roster.statuses for k in days} == {OFFICE}


def test_each_counter_of_tangsel_has_its_officer_on_site_every_day() -> None:
    for result in shipped("tangsel").results:
        posts = {post for person in result.unit.people for post in person.service_posts}
        rows = dict(zip(result.roster.people, result.roster.statuses, strict=True))
        for day in result.unit.horizon.workdays:
            k = result.roster.days.index(day)
            held = {
                role: person_id
                for (person_id, on), roles in result.roster.roles.items()
                for role in roles
                if on == day
            }
            assert posts <= set(held)
            assert {rows[held[post]][k] for post in posts} == {OFFICE}


def test_pickets_are_in_fair_turns() -> None:
    for result in shipped("tangsel").results:
        for sheet in result.audit.balances:
            if sheet.kind == "role":
                assert sheet.spread <= 1000


def test_every_office_of_parepare_has_one_monitor_each_day_and_those_ill_are_so() -> None:
    roster = shipped("parepare")
    for result in roster.results:
        for day in result.unit.horizon.workdays:
            held = [
                role
                for (_, on), roles in result.roster.roles.items()
                for role in roles
                if on == day and role in ("monitor", "deputy")
            ]
            assert len(held) == 1
    statuses = {status for result in roster.results for row in result.roster.statuses for status in row}
    assert {"isolation", "hospital", "travel"} <= statuses


def test_the_floor_holds_each_day() -> None:
    floor = "--min-on-site II=1 --min-on-site III=2 --quota administrator=50%"
    (result,) = solved(ROSTERS / "luwu-utara", floor, ["BKPSDM"]).results
    high = [i for i, person in enumerate(result.unit.people) if person.echelon.startswith("III.")]
    counts = [
        sum(result.roster.statuses[i][result.roster.days.index(day)] == OFFICE for i in high)
        for day in result.unit.horizon.workdays
    ]
    assert min(counts) >= 2
    assert any(count < len(high) for count in counts)


BINDING = [
    ("luwu-utara", "always_office[camat-kelurahan]", "Kantor Camat Masamba"),
    ("luwu-utara", "always_office[layanan]", "Pustu Kappuna"),
    ("luwu-utara", "home_quota[pelaksana]", "BKPSDM"),
    ("luwu-utara", "home_quota[pengawas]", "BKPSDM"),
    ("luwu-utara", "home_quota[non_asn]", "BKPSDM"),
    ("luwu-utara", "stint", "BKPSDM"),
    ("luwu-utara", "it_capable", "BKPSDM"),
    ("tangsel", "always_office[pimpinan]", "BKPP"),
    ("tangsel", "always_office[satu-tingkat-di-bawah]", "BKPP"),
    ("tangsel", "always_office[ditunjuk]", "BKPP"),
    ("tangsel", "always_home[selebihnya]", "BKPP"),
    ("tangsel", "service_post[Loket Berkas]", "BKPP"),
    ("tangsel", "service_post[Loket Pengaduan]", "BKPP"),
    ("paser", "always_office[dikecualikan]", "Disdukcapil"),
    ("paser", "always_office[pimpinan]", "Dinas Kominfo"),
    ("paser", "always_home[struktural]", "Dinas Kominfo"),
    ("paser", "always_home[ptt]", "Dinas Kominfo"),
    ("paser", "always_home[pelaksana-fungsional]", "Dinas Kominfo"),
    ("bontang", "always_office[eselon II dan III]", "Dinas Perpustakaan"),
    ("bontang", "always_office[daftar-jabatan]", "Kelurahan Kanaan"),
    ("bontang", "always_home[selebihnya]", "Kelurahan Kanaan"),
    ("parepare", "monitor", "Bagian Umum Setdako"),
    ("friday-home-2026", "always_office[layanan]", "Kelurahan Baru"),
    ("friday-home-2026", "weekday", "Dinas Pendidikan"),
    ("office-share-by-zone", "home_quota[merah]", "Dinas Pendidikan"),
    ("office-share-by-zone", "home_quota[oranye]", "Badan Kepegawaian"),
    ("office-share-by-zone", "home_quota[kuning]", "Kelurahan Baru"),
    ("two-days-a-week", "capacity", "Dinas Pendidikan"),
    ("hybrid-desks", "together[team A]", "Dinas Pendidikan"),
    ("hybrid-desks", "capacity", "Dinas Pendidikan"),
    ("split-teams", "cohort", "Dinas Pendidikan"),
    ("split-teams", "start_slot", "Dinas Pendidikan"),
]


@pytest.mark.parametrize(("name", "rule", "unit"), BINDING)
def test_without_a_rule_the_roster_is_another_where_it_binds(name: str, rule: str, unit: str) -> None:
    kept = next(result for result in shipped(name).results if result.unit.name == unit)
    (dropped,) = solved(ROSTERS / name, f"--set '{rule}.enabled=false'", [unit]).results
    assert (kept.roster.statuses, kept.roster.roles) != (dropped.roster.statuses, dropped.roster.roles)


def test_every_unit_of_every_shipped_scenario_keeps_every_rule() -> None:
    names = sorted(path.parent.name for path in ROSTERS.glob("*/policy.toml"))
    assert len(names) == 10
    for name in names:
        for result in shipped(name).results:
            assert result.audit.broken == ()


def test_elsewhere_the_rules_in_force_are_kept() -> None:
    friday = shipped("friday-home-2026")
    assert home_days(friday) == {"Dinas Pendidikan": 27 * 3, "Badan Kepegawaian": 8 * 3, "Kelurahan Baru": 0}
    zones = home_days(shipped("office-share-by-zone"))
    # 12 in the red zone: 9 home a day; 22 in the orange: 11; 8 in the yellow: 2; 18 in the green: none. Ten days.
    assert zones == {
        "Dinas Pendidikan": 9 * 10,
        "Badan Kepegawaian": 11 * 10,
        "Kelurahan Baru": 2 * 10,
        "Kantor Camat Baru": 0,
    }
    assert home_days(shipped("two-days-a-week")) == {"Dinas Pendidikan": 24 * 2 * 2}
    teams = shipped("split-teams").results[0]
    for day in teams.unit.horizon.workdays:
        k = teams.roster.days.index(day)
        there = {
            tag
            for person, row in zip(teams.unit.people, teams.roster.statuses, strict=True)
            for tag in person.tags
            if row[k] == OFFICE and not tag.startswith("giliran:")
        }
        assert len(there) == 1


def test_no_more_people_than_desks_and_teams_meet_on_their_day() -> None:
    desks = shipped("hybrid-desks").results[0]
    for day in desks.unit.horizon.workdays:
        k = desks.roster.days.index(day)
        office = [
            p for p, row in zip(desks.unit.people, desks.roster.statuses, strict=True) if row[k] == OFFICE
        ]
        assert len(office) <= 22
        if day.weekday() in (1, 3):
            team = "tim A" if day.weekday() == 1 else "tim B"
            members = [p for p in desks.unit.people if team in p.tags]
            assert 10 * sum(team in p.tags for p in office) >= 8 * len(members)  # fmt: skip


@pytest.mark.parametrize(
    ("phase", "first", "workdays", "pins"),
    [
        ("tahap pertama", date(2020, 3, 23), 6, 1),
        ("perpanjangan 1", date(2020, 4, 1), 14, 1),
        ("perpanjangan 2", date(2020, 4, 22), 14, 0),
        ("perpanjangan 3", date(2020, 5, 14), 10, 0),
    ],
)
def test_each_phase_of_bontang_has_its_own_dates(phase: str, first: date, workdays: int, pins: int) -> None:
    roster = shipped("bontang", f"--phase '{phase}'")
    assert roster.problem.first == first
    assert len(roster.problem.units[0].horizon.workdays) == workdays
    # Of 136 people stay 1 + 6 + 2 heads by echelon and one Lurah: 126 are at home each day.
    assert sum(home_days(roster).values()) == 126 * workdays + pins
    assert HOME in roster.results[0].roster.statuses[1]


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROSTERS.glob("*/policy.toml")))
def test_each_scenario_generates_and_verifies_with_exit_0(name: str, tmp_path: Path) -> None:
    made = giliran("generate", ROSTERS / name, "--out", tmp_path / "out", "--effort", 1, "-q")
    assert made.code == 0, made.err
    verified = giliran("verify", tmp_path / "out", "-q")
    assert verified.code == 0, verified.err
