"""The main job on real input: Luwu Utara from the personnel office's spreadsheet to a verified roster."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction
from hashlib import sha256
from itertools import groupby
from math import floor
from pathlib import Path

import pytest

from scheduler.errors import InfeasibleError, InputError, VerificationError
from scheduler.pipeline import Order, Outcome, generate, order_next, read_problem, solve
from scheduler.problem import Problem
from scheduler.read.tweaks import Tweaks
from scheduler.roster import HOME, OFF, OFFICE
from scheduler.verify import audit
from tests.revise.offices import make_scenario
from tests.running import ROSTERS, giliran

POSTS = """
[[rules.service_post]]
name = "Loket Pengaduan"
at_least = 1

[[rules.service_post]]
name = "Loket Berkas"
at_least = 1

[[rules.min_on_site]]
name = "pimpinan"
for = { echelon = ["II", "III"] }
at_least = 1
"""


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "roster.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everyone_able(problem: Problem, unit: str) -> Problem:
    """The problem of one unit as it would be if everybody could use IT."""
    chosen = next(u for u in problem.units if u.name == unit)
    people = tuple(replace(person, it_capable=True) for person in chosen.people)
    return replace(problem, units=(replace(chosen, people=people),))


def test_every_pass_of_every_unit_is_proven_optimal(luwu_utara: Outcome) -> None:
    certificate = json.loads((luwu_utara.folder / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["optimal"] is True
    assert [unit["optimal"] for unit in certificate["units"]] == [True] * 6
    assert all(
        objective["value"] == objective["bound"]
        for u in certificate["units"]
        for objective in u["objectives"]
    )


def test_all_618_people_have_a_status_on_each_of_nine_days(luwu_utara: Outcome) -> None:
    lines = rows(luwu_utara.folder)
    assert len(lines) == 618 * 9
    assert len({(line["date"], line["person_id"]) for line in lines}) == 618 * 9
    assert {line["status"] for line in lines} == {HOME, OFFICE, OFF}


def test_each_days_home_places_are_the_letters_share_carried_in_exact_fractions(luwu_utara: Outcome) -> None:
    sizes = {("BKPSDM", "pelaksana"): 15, ("BKPSDM", "pengawas"): 12, ("BKPSDM", "non_asn"): 9}
    sizes |= {
        ("Dinas Pendidikan", "pelaksana"): 31,
        ("Dinas Pendidikan", "pengawas"): 9,
        ("Dinas Pendidikan", "non_asn"): 40,
    }
    shares = {"pelaksana": Fraction(1, 2), "pengawas": Fraction(24, 100), "non_asn": Fraction(1, 2)}
    found = Counter((r["unit"], r["rank"], r["date"]) for r in rows(luwu_utara.folder) if r["status"] == HOME)
    days = sorted({day for _, _, day in found})
    assert len(days) == 7
    for (unit, rank), size in sizes.items():
        wanted = shares[rank] * size
        counts = [found[unit, rank, day] for day in days]
        assert {floor(wanted), -floor(-wanted)} >= set(counts), (unit, rank, counts)
        assert floor(7 * wanted) <= sum(counts) <= -floor(-7 * wanted)
    assert sum(found.values()) == sum(found[unit, rank, day] for unit, rank in sizes for day in days), (
        "nobody else is at home"
    )


def test_bkpsdm_reaches_the_known_person_day_totals_before_it_and_leave() -> None:
    order = Order(scenario=ROSTERS / "luwu-utara")
    problem = everyone_able(read_problem(order).problem, "BKPSDM")
    result = solve(problem, order)[0]
    assert result.is_optimal
    home = dict(zip(result.roster.people, (row.count(HOME) for row in result.roster.statuses), strict=True))
    known = {
        "pelaksana": (15, {52, 53}, {3, 4}),
        "pengawas": (12, {20, 21}, {1, 2}),
        "non_asn": (9, {31, 32}, {3, 4}),
    }
    for rank, (size, totals, each) in known.items():
        counts = [home[person.id] for person in result.unit.people if person.rank == rank]
        assert len(counts) == size
        assert sum(counts) in totals
        assert set(counts) <= each


def test_exempt_offices_are_all_at_the_office_and_work_six_days_where_they_do(luwu_utara: Outcome) -> None:
    exempt = {"Kantor Camat Masamba": 7, "RSUD Andi Djemma": 8, "Puskesmas Masamba": 8, "Pustu Kappuna": 8}
    for unit, working_days in exempt.items():
        lines = [line for line in rows(luwu_utara.folder) if line["unit"] == unit]
        assert {line["status"] for line in lines} == {OFFICE, OFF}
        assert len({line["date"] for line in lines if line["status"] == OFFICE}) == working_days


def test_nobody_is_at_home_who_cannot_use_it_or_has_a_rank_the_letter_does_not_name(
    luwu_utara: Outcome,
) -> None:
    home = {line["person_id"] for line in rows(luwu_utara.folder) if line["status"] == HOME}
    rotating = {
        person.id
        for unit in luwu_utara.roster.problem.units[:2]
        for person in unit.people
        if person.rank in ("pelaksana", "pengawas", "non_asn")
    }
    able = {p.id for unit in luwu_utara.roster.problem.units[:2] for p in unit.people if p.it_capable}
    assert len(rotating) == 116
    assert home == rotating & able


def test_at_fifty_percent_turns_alternate_by_one_or_two_days(luwu_utara: Outcome) -> None:
    for result in luwu_utara.roster.results[:2]:
        worked = [result.roster.days.index(day) for day in result.unit.horizon.workdays]
        for person, row in zip(result.unit.people, result.roster.statuses, strict=True):
            if person.rank in ("pelaksana", "non_asn") and HOME in row:
                runs = [(status, len(list(run))) for status, run in groupby(row[k] for k in worked)]
                assert max(length for _, length in runs) <= 2, (person.name, runs)


def test_the_offices_of_a_city_do_not_all_round_up_on_the_same_day() -> None:
    order = Order(scenario=ROSTERS / "luwu-utara")
    unit = read_problem(order).problem.units[0]
    first = {replace(unit, name=f"Dinas {n}").remainder("home_quota[pelaksana]", 2) for n in range(20)}
    assert first == {Fraction(0), Fraction(1, 2)}


def test_readings_assumed_are_named_in_the_certificate(luwu_utara: Outcome) -> None:
    certificate = json.loads((luwu_utara.folder / "certificate.json").read_text(encoding="utf-8"))
    keys = {reading["key"] for reading in certificate["readings"]}
    assert {"letter.24", "letter.exempt", "default.office"} <= keys
    assert {"home_quota[pelaksana].rounding"} <= {
        r["key"] for u in certificate["units"] for r in u["readings"]
    }


# Posts, absences, pins and two periods ------------------------------------------------------------------------------


@pytest.fixture
def busy(scenario: Path) -> Path:
    """Luwu Utara with counters, a floor for leaders, leave, travel and pins."""
    policy = scenario / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + POSTS, encoding="utf-8")
    (scenario / "absences.csv").write_text(
        "nip;dari;sampai;jenis\n"
        "198511142007022975;28/7/2021;30/7/2021;cuti\n"
        "Suci;2/8/2021;3/8/2021;dinas luar\n"
        "196412241988031994;2/8/2021;2/8/2021;sakit\n",
        encoding="utf-8",
    )
    (scenario / "pins.csv").write_text(
        "person_id,date,status,why\n197804232004061919,2021-07-29,office,apel\n196608071995042985,2021-08-02,home,rapat daring\n",
        encoding="utf-8",
    )
    return scenario


def test_counters_leave_and_pins_hold_and_the_shortfall_is_reported_by_cause(
    busy: Path, tmp_path: Path
) -> None:
    outcome = generate(Order(scenario=busy, out=tmp_path / "out", units=("BKPSDM", "Dinas *")))
    lines = {(line["person_id"], line["date"]): line for line in rows(tmp_path / "out")}
    assert lines["198511142007022975", "2021-07-29"]["status"] == "leave"
    assert lines["197804232004061919", "2021-07-29"]["status"] == OFFICE
    assert lines["197804232004061919", "2021-07-29"]["fixed_by"] == "pin"
    assert lines["196608071995042985", "2021-08-02"]["status"] == HOME
    for result in outcome.roster.results:
        assert result.is_optimal
        assert result.audit.broken == ()
        for day in result.unit.horizon.workdays:
            held = [
                line
                for (_, on), line in lines.items()
                if on == str(day) and line["unit"] == result.unit.name and line["role"]
            ]
            assert Counter(line["role"] for line in held) == {"Loket Pengaduan": 1, "Loket Berkas": 1}
            assert {line["status"] for line in held} == {OFFICE}
    posts = [sheet for sheet in outcome.roster.results[0].audit.balances if sheet.kind == "role"]
    assert {sheet.name for sheet in posts} == {"Loket Pengaduan", "Loket Berkas"}
    assert all(sheet.spread <= 1100 for sheet in posts), "turns at the counters go round"


def test_a_day_without_any_leader_is_made_with_a_note_that_names_it(busy: Path) -> None:
    leaders = [
        p.id
        for p in read_problem(Order(scenario=busy)).problem.units[0].people
        if p.echelon.startswith(("II.", "III."))
    ]
    listed = "".join(
        f"{person};2/8/2021;2/8/2021;cuti\n" for person in leaders if person != "196412241988031994"
    )
    absences = busy / "absences.csv"
    absences.write_text(absences.read_text(encoding="utf-8") + listed, encoding="utf-8")
    order = Order(scenario=busy, units=("BKPSDM",))
    result = solve(read_problem(order).problem, order)[0]
    assert any("2 August 2021" in note.en and "acting" in note.en for note in result.audit.notes)
    strict = replace(order, tweaks=Tweaks(settings=("min_on_site[pimpinan].strict=true",)))
    with pytest.raises(InfeasibleError) as refused:
        solve(read_problem(strict).problem, strict)
    assert any(
        "2 August 2021" in line.en and "min_on_site[pimpinan]" in line.en for line in refused.value.conflict
    )


def test_two_periods_carry_ledger_remainders_and_open_stints(busy: Path, tmp_path: Path) -> None:
    offices = ("BKPSDM", "Dinas *")
    first = generate(Order(scenario=busy, out=tmp_path / "one", units=offices))
    search = {"out": tmp_path / "two", "units": offices, "effort": 0.5}
    following = order_next(tmp_path / "one", None, Tweaks(), None, search)
    assert (following.tweaks.first, following.tweaks.last) == (date(2021, 8, 6), date(2021, 8, 14))
    second = generate(following)
    for before, after in zip(first.roster.results[:2], second.roster.results[:2], strict=True):
        reached = {objective.name: objective.is_optimal for objective in after.objectives}
        assert all(reached[name] for name in ("shortfall", "fairness_spread", "fairness_total"))
        assert after.unit.adjoins
        assert audit(after.unit, after.roster).broken == ()
        _assert_home_stints_of_at_most_two(before, after)
        for earlier, later in zip(before.audit.quotas, after.audit.quotas, strict=True):
            days = [*earlier.days, *later.days]
            share = {"pelaksana": Fraction(1, 2), "pengawas": Fraction(24, 100), "non_asn": Fraction(1, 2)}[
                earlier.rule[11:-1]
            ]
            exact = sum(share * day.base for day in days)
            assert floor(exact) <= sum(day.target for day in days) <= -floor(-exact)
        sheets = {sheet.name: sheet for sheet in after.audit.balances}
        for sheet in before.audit.balances:
            if sheet.kind == "home":
                assert abs(sum(sheet.balance.values())) == 0
                assert sheets[sheet.name].spread <= 2000


def _assert_home_stints_of_at_most_two(before, after) -> None:  # type: ignore[no-untyped-def]
    days: dict[str, list[str]] = defaultdict(list)
    for result in (before, after):
        for person, row in zip(result.roster.people, result.roster.statuses, strict=True):
            days[person] += [row[result.roster.days.index(day)] for day in result.unit.horizon.workdays]
    for person, statuses in days.items():
        pinned = any(key[0] == person for key in before.unit.pins)
        longest = max((len(list(run)) for status, run in groupby(statuses) if status == HOME), default=0)
        assert longest <= 2 or pinned, (person, statuses)


# Revisions, bytes, failures -----------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_bytes_for_any_number_of_workers_and_any_hash_seed(
    tmp_path: Path,
) -> None:
    written = []
    for seed, workers in (("1", "1"), ("2", "4")):
        out = tmp_path / seed
        subprocess.run(
            [
                sys.executable,
                "-m",
                "scheduler",
                "generate",
                str(ROSTERS / "luwu-utara"),
                "-q",
                "--out",
                str(out),
                "--workers",
                workers,
                "--executor",
                "local",
            ],
            check=True,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "TZ": "Asia/Jakarta" if seed == "1" else "America/New_York",
            },
        )
        written.append(
            {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
        )
    assert written[0].keys() == written[1].keys()
    assert [name for name in written[0] if written[0][name] != written[1][name]] == []
    assert len(written[0]) > 618


def test_making_the_same_again_keeps_the_revision_and_a_change_makes_the_next(
    scenario: Path, tmp_path: Path
) -> None:
    order = Order(scenario=scenario, out=tmp_path / "out", units=("BKPSDM",))
    generate(order)
    before = (tmp_path / "out" / "roster.csv").read_bytes()
    again = generate(order)
    assert (again.unchanged, again.roster.number) == (True, 1)
    (scenario / "pins.csv").write_text(
        "nip,tanggal,status\n197804232004061919,28/7/2021,WFO\n", encoding="utf-8"
    )
    changed = generate(order)
    assert (changed.unchanged, changed.roster.number) == (False, 2)
    assert (tmp_path / "out" / "revisions" / "1" / "roster.csv").read_bytes() == before
    certificate = json.loads((tmp_path / "out" / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["replaces"]["revision"] == 1
    assert set(changed.roster.sequences.values()) <= {1}
    assert len(changed.roster.sequences) > 0


def test_every_fault_of_every_file_is_reported_at_once_and_nothing_is_written(
    scenario: Path, tmp_path: Path
) -> None:
    policy = scenario / "policy.toml"
    text = (
        policy.read_text(encoding="utf-8")
        .replace('share = "24%"', 'share = "240%"')
        .replace("home = [1, 2]", "hone = [1, 2]")
    )
    policy.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        generate(Order(scenario=scenario, out=tmp_path / "out"))
    described = caught.value.describe("en")
    assert "rules.home_quota.share" in described
    assert "240%" in described
    assert "Did you mean “home”?" in described
    lines = {fault.row for fault in caught.value.faults}
    assert lines >= {
        number
        for number, line in enumerate(text.splitlines(), 1)
        if "240%" in line or line.startswith("hone")
    }
    assert not (tmp_path / "out").exists()


def test_faults_of_the_tables_come_with_file_row_and_value(scenario: Path) -> None:
    (scenario / "absences.csv").write_text(
        "nip,dari,sampai,jenis\n000,28/7/2021,29/7/2021,cuti\n", encoding="utf-8"
    )
    (scenario / "pins.csv").write_text(
        "nip,tanggal,status\n197804232004061919,31/31/2021,WFO\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        read_problem(Order(scenario=scenario))
    places = {(Path(fault.file).name, fault.row, fault.value) for fault in caught.value.faults}
    assert places == {("absences.csv", 2, "000"), ("pins.csv", 2, "31/31/2021")}


def test_where_no_roster_can_exist_the_rules_in_conflict_are_named(scenario: Path, tmp_path: Path) -> None:
    (scenario / "pins.csv").write_text(
        "nip,tanggal,status\n199008102018061967,28/7/2021,WFH\n", encoding="utf-8"
    )
    with pytest.raises(InfeasibleError) as caught:
        generate(Order(scenario=scenario, out=tmp_path / "out"))
    said = caught.value.describe("en")
    assert "Yosef Ramadan cannot use IT" in said
    assert "pinned at home" in said
    assert len(caught.value.conflict) >= 2
    assert not (tmp_path / "out").exists()


def test_a_roster_that_fails_verification_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler.solve.executors import here

    real = here.solve_unit

    def lying(unit, *rest):  # type: ignore[no-untyped-def]
        solution = real(unit, *rest)
        flipped = tuple(tuple(OFFICE if s == HOME else s for s in row) for row in solution.roster.statuses)
        return replace(solution, roster=replace(solution.roster, statuses=flipped))

    monkeypatch.setattr(here, "solve_unit", lying)
    with pytest.raises(VerificationError, match="was not written"):
        generate(Order(scenario=ROSTERS / "luwu-utara", out=tmp_path / "out", units=("BKPSDM",)))
    assert not (tmp_path / "out").exists()


def test_a_file_edited_while_the_roster_is_worked_out_is_kept_as_it_was_read(tmp_path: Path) -> None:
    scenario, out = make_scenario(tmp_path / "kantor"), tmp_path / "out"
    staff = (scenario / "staff.csv").read_bytes()

    def edit(_: str) -> None:
        (scenario / "staff.csv").write_text("somebody saved another list meanwhile", encoding="utf-8")

    generate(Order(scenario=scenario, out=out, workers=1, effort=2.0), edit)
    assert (out / "inputs" / "staff.csv").read_bytes() == staff
    told = json.loads((out / "certificate.json").read_text(encoding="utf-8"))["inputs"]["staff.csv"]
    assert told == sha256(staff).hexdigest()
    assert giliran("verify", out).code == 0
