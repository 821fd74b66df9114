"""Ledgers of earlier periods: the latest counts for each unit, overlaps are refused, all faults come at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.ledger import close_ledger
from scheduler.problem import Ledger, LedgerEntry
from scheduler.read.outputs.history import read_history
from scheduler.write.tables import write_ledger_csv, write_remainders_csv
from tests.samples import sample_roster

LEDGER_HEADING = "person_id,unit,rank,due_days,home_days,balance,monday_friday_balance,role_balances,last_status,last_stint"


def entry(person: str, unit: str, balance: int = 0, last_status: str = "home") -> LedgerEntry:
    return LedgerEntry(
        person_id=person, unit=unit, rank="pelaksana", balance=balance, last_status=last_status, last_stint=1
    )


def output(
    parent: Path,
    first: str,
    last: str,
    entries: Iterable[LedgerEntry] = (),
    left: dict[tuple[str, str], Fraction] | None = None,
) -> Path:
    """An output folder with a certificate and the two tables of a ledger."""
    folder = parent / f"{first}_{last}"
    folder.mkdir(parents=True)
    (folder / "certificate.json").write_text(
        json.dumps({"revision": 1, "period": {"from": first, "to": last}})
    )
    ledger = Ledger(entries={e.person_id: e for e in entries}, remainders=left or {})
    write_ledger_csv(ledger, folder / "ledger.csv")
    write_remainders_csv(ledger, folder / "remainders.csv")
    return folder


def test_a_ledger_written_by_one_period_is_what_the_next_begins_with(tmp_path: Path) -> None:
    sample = sample_roster()
    quota = replace(sample.results[0].audit.quotas[0], remainder=Fraction(37, 100))
    first = replace(sample.results[0], audit=replace(sample.results[0].audit, quotas=(quota,)))
    ledger = close_ledger(replace(sample, results=(first, sample.results[1])))
    folder = output(tmp_path, "2021-07-28", "2021-08-11", ledger.entries.values(), dict(ledger.remainders))
    assert read_history([folder]) == ledger


def test_no_history_is_an_empty_ledger() -> None:
    assert read_history([]) == Ledger()


def test_later_periods_win_for_their_units_whatever_the_order_given(tmp_path: Path) -> None:
    early = output(
        tmp_path, "2021-07-01", "2021-07-31", [entry("1", "A", 100), entry("2", "A", -100), entry("3", "B", 7)],
        {("A", "q"): Fraction(1, 2), ("B", "q"): Fraction(1, 3)},
    )  # fmt: skip
    late = output(tmp_path, "2021-08-01", "2021-08-31", [entry("1", "A", 40)], {("A", "q"): Fraction(1, 4)})
    for given in ([early, late], [late, early], [late, early, late]):
        ledger = read_history(given)
        assert ledger.last_day == date(2021, 8, 31)
        assert set(ledger.entries) == {"1", "3"}
        assert ledger.entries["1"] == entry("1", "A", 40)
        assert ledger.remainders == {("A", "q"): Fraction(1, 4), ("B", "q"): Fraction(1, 3)}


def test_a_stint_of_an_earlier_period_is_no_longer_open(tmp_path: Path) -> None:
    early = output(tmp_path, "2021-07-01", "2021-07-31", [entry("3", "B", 7)])
    late = output(tmp_path, "2021-08-01", "2021-08-31", [entry("1", "A")])
    ledger = read_history([early, late])
    assert (ledger.entries["3"].balance, ledger.entries["3"].last_status, ledger.entries["3"].last_stint) == (
        7,
        "",
        0,
    )
    assert ledger.entries["1"].last_status == "home"


def test_who_moved_to_another_unit_has_the_later_entry_alone(tmp_path: Path) -> None:
    early = output(tmp_path, "2021-07-01", "2021-07-31", [entry("1", "A", 5), entry("2", "A", 6)])
    late = output(tmp_path, "2021-08-01", "2021-08-31", [entry("1", "B", 9)])
    entries = read_history([early, late]).entries
    assert entries["1"] == entry("1", "B", 9)
    assert entries["2"].balance == 6


def test_a_scenarios_folder_stands_for_its_latest_period(tmp_path: Path) -> None:
    output(tmp_path, "2021-07-01", "2021-07-31", [entry("1", "A", 1)])
    output(tmp_path, "2021-08-01", "2021-08-31", [entry("1", "A", 2)])
    assert read_history([tmp_path]).entries["1"].balance == 2


def test_periods_that_overlap_are_refused(tmp_path: Path) -> None:
    early = output(tmp_path, "2021-07-01", "2021-08-02")
    late = output(tmp_path, "2021-08-02", "2021-08-31")
    with pytest.raises(InputError) as caught:
        read_history([late, early])
    line = caught.value.faults[0].describe("id")
    assert "2 Agustus 2021" in line and str(late) in line and str(early) in line


def test_all_faults_of_all_files_come_at_once_with_their_rows(tmp_path: Path) -> None:
    first = output(tmp_path, "2021-07-01", "2021-07-31")
    (first / "ledger.csv").write_text(
        LEDGER_HEADING + "\n"
        "1,A,pelaksana,1.000,1,0.000,0.000,,home,1\n"
        ",,raja,-1.000,1.5,x,0.0000,monitor,wfh,-1\n"
        "1,A,,0.000,0,0.000,0.000,,,0\n"
        "short\n",
        encoding="utf-8",
    )
    (first / "remainders.csv").write_text(
        "unit,rule,remainder\nA,q,1/2\nA,q,1/3\nA,r,3/2\nA,s,1/0\nA,t,-1/2\n,u,x\nA,v,1e9999999\n",
        encoding="utf-8",
    )
    second = output(tmp_path, "2021-08-01", "2021-08-31")
    (second / "ledger.csv").unlink()
    (second / "remainders.csv").write_text("unit;rule;remainder\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_history([first, second, tmp_path / "none"])
    places = [(Path(f.file).parent.name[:7], Path(f.file).name, f.row, f.field) for f in caught.value.faults]
    ledger, remainders = ("2021-07", "ledger.csv"), ("2021-07", "remainders.csv")
    assert places == [
        *[(*ledger, 3, field) for field in LEDGER_HEADING.split(",")],
        (*ledger, 4, "person_id"),
        (*ledger, 5, ""),
        (*remainders, 3, "rule"),
        (*remainders, 4, "remainder"),
        (*remainders, 5, "remainder"),
        (*remainders, 6, "remainder"),
        (*remainders, 7, "unit"),
        (*remainders, 7, "remainder"),
        (*remainders, 8, "remainder"),
        ("2021-08", "ledger.csv", 0, ""),
        ("2021-08", "remainders.csv", 1, ""),
        (places[-1][0], "none", 0, ""),
    ]
    assert "“raja”" in caught.value.describe("id") and "jpt, administrator" in caught.value.describe("id")
    assert "0 or more" in caught.value.describe("en")


def test_whole_home_days_may_be_written_with_decimals(tmp_path: Path) -> None:
    folder = output(tmp_path, "2021-07-01", "2021-07-31")
    (folder / "ledger.csv").write_text(
        LEDGER_HEADING + "\n1,A,,4.5,4.000,-0.5,0,monitor=0.25,,0\n", encoding="utf-8"
    )
    found = read_history([folder]).entries["1"]
    assert (found.due, found.home_days, found.balance, found.role_balances) == (
        4500,
        4,
        -500,
        {"monitor": 250},
    )
