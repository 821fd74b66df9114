"""roster.csv, ledger.csv and remainders.csv: columns, order, exact numbers, harmless text, the same bytes always."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.problem import Ledger, LedgerEntry
from scheduler.read.outputs.history import LEDGER_TABLE, REMAINDER_TABLE, _read_entries, _read_remainders
from scheduler.read.outputs.revision import read_statuses
from scheduler.roster import Roster
from scheduler.table_format import (
    days_text,
    guard,
    parse_days,
    parse_role_balances,
    parse_roles,
    role_balances_text,
    roles_text,
    table_bytes,
    unguard,
)
from scheduler.write.tables import write_ledger_csv, write_remainders_csv, write_roster_csv
from tests.samples import sample_roster

LEDGER = Ledger(
    entries={
        "NonASN-1": LedgerEntry(person_id="NonASN-1", unit="B", rank="non_asn", balance=-1, due=999),
        "197001": LedgerEntry(
            person_id="197001", unit="A", rank="pelaksana", due=10500, home_days=11, balance=500,
            monday_friday_balance=-1250, role_balances={"monitor": -100, "Loket Berkas": 250, "a;b=50%": 1000},
            last_status="home", last_stint=2,
        ),
    },
    remainders={("B", "home_quota"): Fraction(0), ("A", "home_quota[pelaksana]"): Fraction(37, 100)},
)  # fmt: skip


def with_name(roster: Roster, name: str) -> Roster:
    """The roster with its first person called `name`."""
    first = roster.results[0]
    people = (replace(first.unit.people[0], name=name), *first.unit.people[1:])
    changed = replace(first, unit=replace(first.unit, people=people))
    return replace(roster, results=(changed, *roster.results[1:]))


def test_roster_csv_has_the_columns_of_the_contract_in_date_unit_list_order(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "roster.csv").read_text(encoding="utf-8"))))
    assert rows[0] == ["date", "unit", "person_id", "name", "rank", "status", "role", "fixed_by"]
    people = [p.id for result in sample_roster().results for p in result.unit.people]
    order = {person: n for n, person in enumerate(people)}
    keys = [(row[0], order[row[2]]) for row in rows[1:]]
    assert keys == sorted(keys)
    assert rows[3][5:] == ["office", "Loket Berkas", ""]


def test_days_off_are_written_and_days_outside_employment_are_not(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    statuses = read_statuses(tmp_path)
    assert statuses["198001012005011001", date(2021, 8, 1)].status == "off"
    assert ("NonASN-1522", date(2021, 7, 30)) not in statuses
    assert statuses["NonASN-1522", date(2021, 8, 2)].status == "home"
    assert len(statuses) == 7 * 15 - 5


def test_pandas_reads_roster_csv_as_it_is_and_every_digit_of_a_nip_is_there(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    table = pandas.read_csv(tmp_path / "roster.csv")
    assert list(table.columns[:3]) == ["date", "unit", "person_id"]
    assert "198001012005011001" in set(table["person_id"].astype(str))


def test_the_bytes_have_no_byte_order_mark_and_line_feeds_only(tmp_path: Path) -> None:
    write_roster_csv(sample_roster(), tmp_path / "roster.csv")
    data = (tmp_path / "roster.csv").read_bytes()
    assert data.startswith(b"date,") and b"\r" not in data and data.endswith(b"\n")


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+62",
        "-x",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "＝1",
        "'=1",
        "''@",
        'a,"b"',
        "Ma'mur",
        "a\rb",
        "a\n b",
        "'",
    ],
)
def test_a_name_that_a_spreadsheet_would_run_is_harmless_and_comes_back(tmp_path: Path, name: str) -> None:
    write_roster_csv(with_name(sample_roster(), name), tmp_path / "roster.csv")
    text = (tmp_path / "roster.csv").read_bytes().decode()
    cell = next(row for row in csv.reader(io.StringIO(text, newline="")) if "198001012005011001" in row)[3]
    assert cell[0] not in "=+-@\t\r＝"
    assert read_statuses(tmp_path)["198001012005011001", date(2021, 7, 28)].name == name


def test_a_lone_surrogate_does_not_stop_the_writing(tmp_path: Path) -> None:
    write_roster_csv(with_name(sample_roster(), "Bu\ud800di"), tmp_path / "roster.csv")
    assert read_statuses(tmp_path)["198001012005011001", date(2021, 7, 28)].name == "Bu?di"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_from_a_guarded_cell(text: str) -> None:
    assert unguard(guard(text)) == text
    data = table_bytes(("a", "b"), [(guard(text), "x")]).decode()
    rows = list(csv.reader(io.StringIO(data, newline=""), strict=True))
    assert [unguard(cell) for cell in rows[1]] == [text, "x"]


@given(st.integers(-(10**12), 10**12))
def test_days_have_exactly_three_decimals_and_come_back(thousandths: int) -> None:
    text = days_text(thousandths)
    assert len(text.partition(".")[2]) == 3
    assert parse_days(text) == thousandths


def test_what_is_no_number_of_days_is_refused() -> None:
    for text in ("", "1,5", "1.2345", "1e3", "nan", " 1", "+1", "١", "-", "."):
        with pytest.raises(ValueError):
            parse_days(text)


@given(st.lists(st.text(min_size=1), unique=True))
def test_roles_come_back_whatever_they_are_called(roles: list[str]) -> None:
    assert parse_roles(roles_text(roles)) == tuple(roles)
    balances = {role: n - 2 for n, role in enumerate(roles)}
    assert parse_role_balances(role_balances_text(balances)) == balances


def test_ledger_csv_is_as_the_contract_says(tmp_path: Path) -> None:
    write_ledger_csv(LEDGER, tmp_path / LEDGER_TABLE)
    assert (tmp_path / LEDGER_TABLE).read_text(encoding="utf-8").splitlines() == [
        "person_id,unit,rank,due_days,home_days,balance,monday_friday_balance,role_balances,last_status,last_stint",
        "197001,A,pelaksana,10.500,11,0.500,-1.250,Loket Berkas=0.250;a%3Bb%3D50%25=1.000;monitor=-0.100,home,2",
        "NonASN-1,B,non_asn,0.999,0,-0.001,0.000,,,0",
    ]


def test_remainders_are_exact_fractions(tmp_path: Path) -> None:
    write_remainders_csv(LEDGER, tmp_path / REMAINDER_TABLE)
    lines = (tmp_path / REMAINDER_TABLE).read_text(encoding="utf-8").splitlines()
    assert lines == ["unit,rule,remainder", "A,home_quota[pelaksana],37/100", "B,home_quota,0"]


def test_ledger_and_remainders_come_back_as_they_were(tmp_path: Path) -> None:
    write_ledger_csv(LEDGER, tmp_path / LEDGER_TABLE)
    write_remainders_csv(LEDGER, tmp_path / REMAINDER_TABLE)
    assert _read_entries(tmp_path / LEDGER_TABLE) == dict(LEDGER.entries)
    assert _read_remainders(tmp_path / REMAINDER_TABLE) == dict(LEDGER.remainders)


def test_the_order_in_which_a_ledger_was_put_together_does_not_show(tmp_path: Path) -> None:
    turned = replace(
        LEDGER,
        entries=dict(reversed(LEDGER.entries.items())),
        remainders=dict(reversed(LEDGER.remainders.items())),
    )
    for number, ledger in enumerate((LEDGER, turned)):
        write_ledger_csv(ledger, tmp_path / f"{number}.csv")
        write_remainders_csv(ledger, tmp_path / f"{number}r.csv")
    assert (tmp_path / "0.csv").read_bytes() == (tmp_path / "1.csv").read_bytes()
    assert (tmp_path / "0r.csv").read_bytes() == (tmp_path / "1r.csv").read_bytes()


def test_the_same_roster_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from scheduler.ledger import close_ledger\n"
        "from scheduler.write.certificate import certificate, file_hashes, write_certificate\n"
        "from scheduler.write.tables import *\n"
        "from tests.samples import sample_roster\n"
        "folder = Path(sys.argv[1]); roster = sample_roster(); ledger = close_ledger(roster)\n"
        "write_roster_csv(roster, folder / 'roster.csv'); write_ledger_csv(ledger, folder / 'ledger.csv')\n"
        "write_remainders_csv(ledger, folder / 'remainders.csv')\n"
        "write_certificate(certificate(roster, inputs={'b': '1', 'a': '2'}, versions={'x': '1'}, seed=1,\n"
        "    files=file_hashes(folder)), folder / 'certificate.json')\n"
    )
    seen = set()
    for seed in ("0", "1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", program, str(folder)], check=True, env=environment)
        seen.add(tuple((path.name, path.read_bytes()) for path in sorted(folder.iterdir())))
    assert len(seen) == 1
    assert [name for name, _ in seen.pop()] == [
        "certificate.json",
        "ledger.csv",
        "remainders.csv",
        "roster.csv",
    ]
