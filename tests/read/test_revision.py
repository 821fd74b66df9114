"""Rosters read back with every fault and its row; how often each person-day changed over the revisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.read.outputs.recovery import Siblings
from scheduler.read.outputs.revision import PersonDay, next_sequences, previous_sequences, read_statuses
from scheduler.roster import Roster
from scheduler.write.publish import Revision, publish
from scheduler.write.tables import write_roster_csv
from tests.samples import sample_roster

BUDI, MAMUR = "198001012005011002", "198001012005011003"
DAY = date(2021, 7, 28)
HEADING = "date,unit,person_id,name,rank,status,role,fixed_by\n"


def changed(
    roster: Roster, person: str, day: date, status: str | None = None, roles: tuple[str, ...] | None = None
) -> Roster:
    """The roster with one cell of the first unit changed; the status "" takes the day away."""
    result = roster.results[0]
    grid = [list(row) for row in result.roster.statuses]
    if status is not None:
        grid[result.roster.people.index(person)][result.roster.days.index(day)] = status
    held = dict(result.roster.roles)
    if roles is not None:
        held[person, day] = roles
    new = replace(result.roster, statuses=tuple(map(tuple, grid)), roles=held)
    return replace(roster, results=(replace(result, roster=new), *roster.results[1:]))


def put(folder: Path, roster: Roster) -> None:
    """Publish a roster as the next revision."""

    def write(new: Path, revision: Revision) -> None:
        write_roster_csv(roster, new / "roster.csv")

    publish(folder, write)


def test_a_roster_comes_back_in_its_own_order(tmp_path: Path) -> None:
    roster = sample_roster()
    write_roster_csv(roster, tmp_path / "roster.csv")
    expected = {
        (a.person.id, a.day): PersonDay(a.unit, a.status, a.roles, a.fixed_by, a.person.name, a.person.rank)
        for a in roster.assignments()
    }
    assert list(read_statuses(tmp_path).items()) == list(expected.items())
    assert read_statuses(tmp_path / "roster.csv") == expected


def test_a_byte_order_mark_and_carriage_returns_of_another_program_are_taken(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    expected = read_statuses(tmp_path)
    data = (tmp_path / "roster.csv").read_bytes()
    (tmp_path / "roster.csv").write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    assert read_statuses(tmp_path) == expected


def test_all_faults_come_at_once_each_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        HEADING + "2021-08-02,A,1,Ani,,home,,\n"
        "3/8/2021,A,1,Ani,,home,,\n"
        '2021-08-04,,,"two\nlines",,wfh,,\n'
        "2021-08-05,A,1\n"
        "\n"
        "2021-08-02,A,1,Ani,,office,,\n"
        "2021-02-30,A,2,Budi,,off,,\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_statuses(tmp_path)
    places = [(fault.row, fault.field) for fault in caught.value.faults]
    assert places == [
        (3, "date"),
        (4, "unit"),
        (4, "person_id"),
        (4, "status"),
        (6, ""),
        (8, "person_id"),
        (9, "date"),
    ]
    line = caught.value.faults[3].describe("id")
    assert "roster.csv, baris 4, status" in line and "“wfh”" in line and "office, home, leave" in line
    assert "ubahlah roster.xlsx" in line


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (HEADING.replace(",", ";").encode(), "wrong column headings"),
        (b"", "wrong column headings"),
        (HEADING.encode() + b"\xff\xfe", "no CSV in UTF-8"),
        (HEADING.encode() + b'"open', "no CSV in UTF-8"),
    ],
)
def test_a_file_that_is_not_our_table_is_one_fault(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "roster.csv").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_statuses(tmp_path)
    assert len(caught.value.faults) == 1
    assert words in caught.value.describe("en")


def test_a_missing_table_is_one_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_statuses(tmp_path / "roster.csv")
    assert "cannot be read" in caught.value.describe("en")


def test_person_days_count_the_revisions_in_which_status_or_roles_changed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    first = sample_roster()
    second = changed(first, BUDI, DAY, "office")
    third = changed(changed(second, BUDI, DAY, "home"), MAMUR, DAY, roles=("monitor",))
    assert next_sequences(folder, first) == {}
    put(folder, first)
    assert previous_sequences(folder) == {}
    assert next_sequences(folder, first) == {}
    assert next_sequences(folder, second) == {(BUDI, DAY): 1}
    put(folder, second)
    assert previous_sequences(folder) == {(BUDI, DAY): 1}
    assert next_sequences(folder, third) == {(BUDI, DAY): 2, (MAMUR, DAY): 1}
    put(folder, third)
    put(folder, third)
    assert previous_sequences(folder) == {(BUDI, DAY): 2, (MAMUR, DAY): 1}


def test_counts_go_on_over_more_than_nine_revisions(tmp_path: Path) -> None:
    rosters = [changed(sample_roster(), BUDI, DAY, status) for status in ("home", "office")]
    for number in range(11):
        put(tmp_path / "out", rosters[number % 2])
    assert previous_sequences(tmp_path / "out") == {(BUDI, DAY): 10}


def test_a_day_that_goes_and_comes_back_never_counts_down(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for roster in (
        sample_roster(),
        changed(sample_roster(), BUDI, DAY, ""),
        sample_roster(),
        sample_roster(),
    ):
        put(folder, roster)
    assert previous_sequences(folder) == {(BUDI, DAY): 2}


def test_a_day_that_is_new_in_a_later_revision_starts_at_nothing(tmp_path: Path) -> None:
    put(tmp_path / "out", changed(sample_roster(), BUDI, DAY, ""))
    assert next_sequences(tmp_path / "out", sample_roster()) == {}


def test_a_reason_alone_is_no_change(tmp_path: Path) -> None:
    put(tmp_path / "out", sample_roster())
    result = sample_roster().results[0]
    named = replace(result, roster=replace(result.roster, fixed_by={(BUDI, DAY): "pin"}))
    assert (
        next_sequences(tmp_path / "out", replace(sample_roster(), results=(named,))).get((BUDI, DAY), 0) == 0
    )


def test_counting_first_settles_what_a_crash_left(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    put(folder, sample_roster())
    put(folder, changed(sample_roster(), BUDI, DAY, "office"))
    folder.rename(Siblings.of(folder).previous)
    assert previous_sequences(folder) == {(BUDI, DAY): 1}


def test_counting_tells_the_faults_of_an_earlier_revision(tmp_path: Path) -> None:
    put(tmp_path / "out", sample_roster())
    put(tmp_path / "out", sample_roster())
    table = tmp_path / "out" / "revisions" / "1" / "roster.csv"
    for spoilt in ("3/8/2021,A,1,Ani,,home,,\n", "2021-08-03,A\n", 2 * "2021-08-03,A,1,Ani,,home,,\n"):
        table.write_text(HEADING + spoilt, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            previous_sequences(tmp_path / "out")
        assert len(caught.value.faults) == 1
        assert "revisions" in caught.value.faults[0].file
