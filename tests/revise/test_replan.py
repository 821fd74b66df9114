"""Replanning end to end: past days stay, few others change, the notice tells why, and the output alone is enough."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import icalendar
import pytest

from scheduler.errors import InputError, UsageError
from scheduler.pipeline import Order, generate
from scheduler.read.outputs.kept import read_kept, read_revision
from scheduler.read.outputs.revision import previous_sequences, read_statuses
from scheduler.read.requests import Words
from scheduler.read.tweaks import Tweaks
from scheduler.revise.history import compare, read_log
from scheduler.revise.replan import Replanned, Request, replan
from scheduler.solve.effort import Effort
from scheduler.solve.executors import Answer, Task
from scheduler.solve.executors.here import HereExecutor
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
    done = run(output, staff=staff)
    after = read_statuses(output)
    assert (BUDI, date(2021, 8, 3)) in after and (BUDI, TOMORROW) not in after
    told = {move.day for move in done.notice.moves if move.person.id == BUDI}
    assert told == {date(2021, 8, d) for d in (4, 5, 6, 9, 10, 11, 12, 13)}  # no weekend
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


def test_an_output_moved_to_another_machine_is_replanned_without_its_scenario_under_the_same_addresses(
    tmp_path: Path,
) -> None:
    output = make_output(tmp_path)
    names = {path.name for path in (output / "calendars" / "people").iterdir()}
    elsewhere = tmp_path / "elsewhere" / "roster"
    shutil.copytree(output, elsewhere)
    shutil.rmtree(tmp_path / "kantor")
    shutil.rmtree(output)
    run(elsewhere, absent=[f"{ANI}:2021-08-05=cuti"])
    assert {path.name for path in (elsewhere / "calendars" / "people").iterdir()} == names
    for folder in (elsewhere, elsewhere / "revisions" / "1"):
        assert "calendar.key" not in (folder / "certificate.json").read_text(encoding="utf-8")
        if os.name == "posix":
            assert (folder / "inputs" / "calendar.key").stat().st_mode & 0o077 == 0
    (elsewhere / "inputs" / "calendar.key").unlink()
    with pytest.raises(InputError) as caught:
        run(elsewhere, absent=[f"{ANI}:2021-08-06=cuti"])
    assert "Name the scenario folder by --scenario" in caught.value.faults[0].describe("en")


def test_only_what_changed_gets_a_higher_sequence_and_no_event_another_uid(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    before = _events(output)
    done = run(output, absent=[f"{ANI}:2021-08-05=cuti"])
    after = _events(output)
    changed = {key for key in after if after[key] != before.get(key)}
    assert after.keys() == before.keys()
    assert all(after[key][0] > 0 for key in changed)
    assert all(after[key] == (0, before[key][1]) for key in after.keys() - changed)
    moved = {(move.person.id, move.day) for move in done.notice.moves}
    assert len(changed) == len(moved) + len({day for _, day in moved})  # of the people, and of their unit


def _events(output: Path) -> dict[tuple[str, str], tuple[int, str]]:
    """SEQUENCE and what the event says, by file and UID."""
    found = {}
    for path in (output / "calendars").rglob("*.ics"):
        for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
            said = f"{event.get('SUMMARY')} {event.get('DESCRIPTION')}"
            found[path.name, str(event["UID"])] = (int(event.get("SEQUENCE", 0)), said)
    return found


def test_going_back_restores_what_an_earlier_revision_says_of_the_days_to_come(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    first = read_statuses(output)
    run(output, absent=[f"{ANI}:2021-08-04..2021-08-06=cuti"], pin=[f"{BUDI}:2021-08-12=wfo"])
    run(output, recall=[_at_home(output, "Dinas Dua", date(2021, 8, 10)) + ":2021-08-10"])
    third = read_statuses(output)
    friday = date(2021, 8, 6)
    done = run(output, to_revision=1, as_of=friday)
    now = read_statuses(output)
    assert all(now[key].status == third[key].status for key in now if key[1] < friday)
    others = [key for key in now if key[1] >= friday and now[key].status != first[key].status]
    changes = [o for result in done.outcome.roster.results for o in result.objectives if o.name == "changes"]
    assert all(o.is_optimal for o in changes)
    assert sum(o.value for o in changes) == len(others), "as few as the days that have passed leave"
    reasons = {True: "as in revision 1 again", False: "because the days before stay as they were"}
    assert done.notice.moves and all(move.why.en == reasons[move.asked] for move in done.notice.moves)
    assert all(
        move.after == first[move.person.id, move.day].status for move in done.notice.moves if move.asked
    )
    kept = read_revision(output)
    assert (kept.number, kept.steps[-1].restores) == (4, 1)
    assert kept.scenario.problem.units[0].absences == {(ANI, date(2021, 8, d)): "leave" for d in (4, 5)}
    assert kept.scenario.problem.units[0].pins == {}
    assert_verified(output)
    run(output, to_revision=3, as_of=friday)
    assert {key: cell.status for key, cell in read_statuses(output).items()} == {
        key: cell.status for key, cell in read_statuses(output / "revisions" / "3").items()
    }
    assert_verified(output)


def test_going_back_before_somebody_came_lets_them_leave_and_brings_back_who_was_struck_off(
    tmp_path: Path,
) -> None:
    output = make_output(tmp_path)
    staff = tmp_path / "baru.csv"
    rows = [line for line in STAFF.splitlines() if "Budi" not in line]
    staff.write_text(
        "\n".join([*rows, "Gita Sari,198001012005012007,Pelaksana,Dinas Satu,pelaksana\n"]), encoding="utf-8"
    )
    run(output, staff=staff)
    run(output, to_revision=1, as_of=date(2021, 8, 9))
    after = read_statuses(output)
    gita = "198001012005012007"
    assert (gita, date(2021, 8, 6)) in after and (gita, date(2021, 8, 9)) not in after
    assert after[BUDI, date(2021, 8, 9)].status in ("home", "office")
    assert_verified(output)


def test_going_back_is_refused_to_what_is_not_there_and_with_anything_beside_it(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    run(output, absent=[f"{ANI}:2021-08-05=cuti"])
    with pytest.raises(InputError) as caught:
        run(output, to_revision=7)
    assert "no such revision" in caught.value.faults[0].describe("en")
    for asked in ({"to_revision": 2}, {"to_revision": 1, "pin": [f"{ANI}:2021-08-12=wfo"]}):
        with pytest.raises(UsageError):
            run(output, **asked)


def _at_home(output: Path, unit: str, day: date) -> str:
    return next(
        p for (p, d), c in read_statuses(output).items() if (d, c.unit, c.status) == (day, unit, "home")
    )


def test_units_made_anew_leave_the_others_as_they_are(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    run(output, absent=[f"{EKA}:2021-08-11=dl"])
    before = read_statuses(output)
    order = Order(
        scenario=tmp_path / "kantor", out=output, units=("Dinas Satu",), seed=7, workers=1, effort=2.0
    )
    asked: list[str] = []

    class Opened(HereExecutor):
        def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
            asked.extend(task.unit.name for task in tasks)
            return super().solve(tasks, effort)

    generate(order, executor=Opened(1))
    assert asked == ["Dinas Satu"], "in the executor that is open already"
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
    assert next(i for i in found if (i.person_id, i.day) == (ANI, date(2021, 8, 5))).after == "leave"
    assert compare(output, output) == ()


def test_a_day_declared_off_later_is_told_once_and_whoever_moves_for_it_is_told_why(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    friday = date(2021, 8, 6)
    done = run(output, tweaks=Tweaks(holiday=("2021-08-06",)))
    off = [move for move in done.notice.moves if move.day == friday]
    assert {move.person.unit for move in off} == {"Dinas Satu", "Dinas Dua"}
    assert {(move.after, move.asked, move.why.id) for move in off} == {("off", True, "ditetapkan libur")}
    follow = {move.why.id for move in done.notice.moves if move.day != friday}
    assert follow and all("karena 6 Agustus 2021 menjadi hari libur" in why for why in follow)
    text = (output / "changes.txt").read_text(encoding="utf-8")
    assert "_Jumat, 6 Agustus 2021_\n- 4 orang: Libur (ditetapkan libur)\n" in text
    assert_verified(output)
    later = run(output, absent=["Ani Lestari:2021-08-10=cuti"])
    assert all(move.day > friday for move in later.notice.moves)  # the day off stays in force


@pytest.mark.parametrize("day", ["2021-08-03", "2021-08-16"])
def test_a_day_off_that_is_past_or_of_another_period_is_refused(tmp_path: Path, day: str) -> None:
    with pytest.raises(UsageError, match="2021-08-04 to 2021-08-13"):
        run(make_output(tmp_path), tweaks=Tweaks(holiday=(day,)))


def test_where_nothing_is_asked_the_files_that_changed_are_named_with_the_flag_for_each(
    tmp_path: Path,
) -> None:
    output, scenario = make_output(tmp_path), tmp_path / "kantor"
    with pytest.raises(UsageError) as refused:
        run(output)
    assert "berubah sejak" not in refused.value.describe("id")
    (scenario / "policy.toml").write_text(POLICY.replace("50%", "25%"), encoding="utf-8")
    (scenario / "absences.csv").write_text("person_id,from,to,kind\n", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        run(output)
    said = refused.value.describe("id")
    assert (
        f"policy.toml berubah sejak revisi ini; untuk memakainya: --policy {(scenario / 'policy.toml').as_posix()}."
        in said
    )
    assert "absences.csv berubah sejak revisi ini; sebut yang baru dengan --absent" in said
    assert "--staff kantor" not in said


def test_once_the_period_is_over_nothing_is_published_and_the_next_period_is_named(tmp_path: Path) -> None:
    output = make_output(tmp_path)
    with pytest.raises(UsageError, match=r"ends on 13 August 2021: from 16 August 2021 .* `giliran next`"):
        run(output, absent=["Ani Lestari:2021-08-16=cuti"], as_of=date(2021, 8, 16))
    assert not (output / "revisions").exists()
