"""Replanning end to end: past days stay, few others change, the notice tells why, and the output alone is enough."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from scheduler.errors import InputError, UsageError
from scheduler.pipeline import Order, generate
from scheduler.read.outputs.kept import read_kept, read_revision
from scheduler.read.outputs.revision import previous_sequences, read_statuses
from scheduler.read.requests import Words
from scheduler.revise.history import compare, read_log
from scheduler.revise.replan import Replanned, Request, replan
from scheduler.verify import audit, false_claims
from tests.revise.offices import NOW, POLICY, STAFF, make_output

ANI, BUDI, EKA = "198001012005012001", "198001012005011002", "198001012005012005"
TOMORROW = date(2021, 8, 4)


def run(output: Path, **asked: object) -> Replanned:
    """Replan with few resources."""
    words = {key: asked.pop(key) for key in ("absent", "pin", "swap", "recall", "leaves") if key in asked}
    request = Request(output=output, words=Words(**words), workers=1, effort=2.0, **asked)  # type: ignore[arg-type]
    return replan(request, NOW)


def assert_verified(output: Path) -> None:
    """The current revision, read back from its folder alone, keeps every rule and claim."""
    kept = read_revision(output)
    for unit in kept.scenario.problem.units:
        found = audit(unit, kept.rosters[unit.name], kept.replaced.get(unit.name))
        assert found.broken == ()
        assert list(false_claims(kept.claims[unit.name], found.objectives)) == []


def test_the_problem_behind_an_output_is_read_back_from_its_inputs_alone(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    scenario = read_kept(output)
    (tmp_path / "kantor" / "staff.csv").unlink()
    again = read_kept(output)
    assert again.problem == scenario.problem
    assert scenario.problem.name == "kantor"
    assert_verified(output)


def test_an_absence_changes_no_past_day_and_no_other_unit_and_calendars_count_only_what_changed(
    tmp_path: Path,
) -> None:
    output = make_output(tmp_path)
    before = read_statuses(output)
    done = run(output, absent=["Ani Lestari:2021-08-03..2021-08-06=cuti"])
    after = read_statuses(output)
    changed = {key for key in before if before[key].status != after[key].status}
    assert all(day >= TOMORROW for _, day in changed)
    assert {before[key].unit for key in changed} == {"Dinas Satu"}
    assert {day for person, day in changed if person == ANI} >= {date(2021, 8, d) for d in (4, 5, 6)}
    assert after[ANI, date(2021, 8, 3)].status == before[ANI, date(2021, 8, 3)].status
    assert {(move.person.id, move.day) for move in done.notice.moves} == changed
    assert set(previous_sequences(output)) == changed
    assert_verified(output)


def test_the_notice_tells_who_moves_when_and_why(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    run(output, absent=["Ani Lestari:2021-08-05=sakit"])
    text = (output / "changes.txt").read_text(encoding="utf-8")
    assert "revisi 2 menggantikan revisi 1, mulai 4 Agustus 2021" in text
    assert "Ani Lestari" in text and "Kamis, 5 Agustus 2021" in text
    assert "sakit" not in text.casefold()
    assert (output / "changes.xlsx").is_file()


def test_a_swap_exchanges_two_places_and_is_kept_by_the_next_replanning(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    before = read_statuses(output)
    day = date(2021, 8, 10)
    home = next(
        p for (p, d), c in before.items() if d == day and c.unit == "Dinas Satu" and c.status == "home"
    )
    office = next(
        p for (p, d), c in before.items() if d == day and c.unit == "Dinas Satu" and c.status == "office"
    )
    run(output, swap=[f"{home},{office}:10/8/2021"])
    after = read_statuses(output)
    assert (after[home, day].status, after[office, day].status) == ("office", "home")
    run(output, absent=[f"{EKA}:2021-08-11=dl"])
    last = read_statuses(output)
    assert (last[home, day].status, last[office, day].status) == ("office", "home")
    assert [entry.number for entry in read_log(output)] == [3, 2, 1]
    assert_verified(output)


def test_somebody_is_called_in_today_while_there_is_time_to_come(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    before = read_statuses(output)
    today = date(2021, 8, 3)
    person = next(p for (p, d), c in before.items() if d == today and c.status == "home")
    with pytest.raises(InputError, match="fault"):
        run(output, recall=[f"{person}:2021-08-03"], lead_minutes=7 * 60)
    run(output, recall=[f"{person}:2021-08-03"])
    after = read_statuses(output)
    assert after[person, today].status == "office"
    assert all(
        after[key].status == before[key].status
        for key in before
        if key[1] <= today and key != (person, today)
    )
    assert_verified(output)


def test_who_leaves_and_who_comes_are_taken_from_a_new_list(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    staff = tmp_path / "baru.csv"
    rows = [line for line in STAFF.splitlines() if "Budi" not in line]
    rows.append("Gita Sari,198001012005012007,Pelaksana,Dinas Satu,pelaksana")
    staff.write_text("\n".join(rows) + "\n", encoding="utf-8")
    run(output, staff=staff)
    after = read_statuses(output)
    assert (BUDI, date(2021, 8, 3)) in after and (BUDI, TOMORROW) not in after
    gita = "198001012005012007"
    assert (gita, date(2021, 8, 3)) not in after and (gita, TOMORROW) in after
    assert_verified(output)


def test_an_amended_policy_holds_from_tomorrow_and_leaves_the_past(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    before = read_statuses(output)
    policy = tmp_path / "policy.toml"
    policy.write_text(
        POLICY + '\n[[rules.min_on_site]]\nfor = { unit = "Dinas Satu" }\nat_least = 3\n', encoding="utf-8"
    )
    run(output, policy=policy)
    after = read_statuses(output)
    for day in sorted({d for _, d in after}):
        on_site = sum(
            c.status == "office" for (_, d), c in after.items() if d == day and c.unit == "Dinas Satu"
        )
        if day < TOMORROW:
            assert all(after[key].status == before[key].status for key in before if key[1] == day)
        elif day.weekday() < 5:
            assert on_site >= 3
    assert_verified(output)


def test_the_certificate_names_what_was_replaced_and_the_inputs_hold_every_change(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    run(output, pin=[f"{ANI}:2021-08-12=wfo"], absent=[f"{EKA}:2021-08-12=cuti"])
    certificate = json.loads((output / "certificate.json").read_text(encoding="utf-8"))
    assert certificate["replaces"]["revision"] == 1
    assert certificate["flags"]["--as-of"] == "2021-08-04"
    (step,) = read_revision(output).steps
    assert [pin.person_id for pin in step.pins] == [ANI]
    assert [absence.kind for absence in step.absences] == ["leave"]
    assert (output / "revisions" / "1" / "roster.csv").is_file()
    assert read_revision(output / "revisions" / "1").number == 1


def test_the_same_replanning_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = make_output(tmp_path), make_output(tmp_path, out="again")
    for output in (first, second):
        run(output, absent=[f"{ANI}:2021-08-05..2021-08-06=cuti"])
    for name in (
        "roster.csv",
        "certificate.json",
        "changes.txt",
        "changes.xlsx",
        "inputs/changes.json",
        "roster.xlsx",
    ):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_every_fault_of_what_is_asked_is_told_at_once(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    with pytest.raises(InputError) as caught:
        run(
            output,
            absent=["Anni Lestari:2021-08-05=cuti", f"{ANI}:2021-08-05=liburan", f"{ANI}:2021-08-02=cuti"],
            pin=[f"{ANI}:2021-08-03=home", f"{ANI}:2021-08-07=home", "Ani"],
            swap=[f"{ANI},{ANI}:2021-08-09"],
        )
    said = [fault.describe("en") for fault in caught.value.faults]
    assert len(said) == 7
    assert "Did you mean Ani Lestari" in said[0]
    assert "unknown kind" in said[1]
    assert "past" in said[2] and "past" in said[3]
    assert "no working day" in said[4]
    with pytest.raises(UsageError):
        run(output)


def test_units_made_anew_leave_the_others_as_they_are(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    run(output, absent=[f"{EKA}:2021-08-11=dl"])
    before = read_statuses(output)
    order = Order(
        scenario=tmp_path / "kantor", out=output, units=("Dinas Satu",), seed=7, workers=1, effort=2.0
    )
    generate(order)
    after = read_statuses(output)
    assert {key: cell.status for key, cell in before.items() if cell.unit == "Dinas Dua"} == {
        key: cell.status for key, cell in after.items() if cell.unit == "Dinas Dua"
    }
    assert {cell.unit for cell in after.values()} == {"Dinas Satu", "Dinas Dua"}
    assert after[EKA, date(2021, 8, 11)].status == "travel"
    assert_verified(output)


def test_a_unit_generated_later_joins_those_the_folder_holds(tmp_path: Path) -> None:
    output = make_output(tmp_path, units=("Dinas Satu",))
    assert {cell.unit for cell in read_statuses(output).values()} == {"Dinas Satu"}
    make_output(tmp_path, units=("Dinas Dua",))
    assert {cell.unit for cell in read_statuses(output).values()} == {"Dinas Satu", "Dinas Dua"}
    assert_verified(output)


def test_two_rosters_are_compared_by_person_and_day(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    done = run(output, absent=[f"{ANI}:2021-08-05=cuti"])
    found = compare(output / "revisions" / "1", output)
    assert {(item.person_id, item.day) for item in found} == {(m.person.id, m.day) for m in done.notice.moves}
    assert next(item for item in found if item.person_id == ANI).after == "leave"
    assert compare(output, output) == ()
