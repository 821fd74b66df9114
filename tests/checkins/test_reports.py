"""checkins.csv, .xlsx, .html and the tables beside them."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.checkins.pipeline import Outcome, Request, check
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.report.tables import CHECKIN_COLUMNS
from scheduler.checkins.tally import CATEGORIES
from scheduler.synth.evidence import write_evidence
from tests.checkins.rosters import roster as big_roster
from tests.checkins.tools import ALIASES, DAY, MAKASSAR, POINTS, chat, here, roster

CHAT = chat(
    ("28/07/21, 08:03", "Budi Santoso", here()), ("28/07/21, 11:31", "Budi Santoso", here(-2.5501)), ("28/07/21, 08:05", "=HYPERLINK(1)", here()),
    ("28/07/21, 08:06", "<script>alert(1)</script>", here()), ("28/07/21, 08:07", "Budi S", here(-2.5502)), ("30/07/21, 18:00", "Ani", "ok"),
    ("30/07/21, 18:01", "+62 899-0000-002", "ok"),
)  # fmt: skip
COORDINATE = re.compile(r"-?2[.,]55|120[.,]3")


def run(
    folder: Path, text: str = CHAT, settings: dict[str, Any] = POINTS, **more: Any
) -> tuple[Path, Outcome]:
    (folder / "chat.txt").write_text(text, "utf-8")
    out = folder / "checkins"
    out.mkdir()
    given = {"roster": roster(), "aliases": ALIASES, "title": "Tahap I & II <b>", **more}
    request = Request(settings=parse_settings(settings), zone=MAKASSAR, exporter_zone=MAKASSAR, **given)
    return out, check(request, [folder / "chat.txt"], out)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_the_csv_has_the_contract_s_columns_and_one_line_for_each_verdict(tmp_path: Path) -> None:
    out, outcome = run(tmp_path)
    rows = table(out / "checkins.csv")
    wanted = "date,person_id,unit,checkpoint,due,window_from,window_to,seen_at,verdict,grade,source,line,distance_m,flags"
    assert (out / "checkins.csv").read_text("utf-8").startswith(wanted + ",reason,in_region\n")
    assert len(rows) == len(list(outcome.findings.verdicts())) == 36
    first = next(r for r in rows if r["person_id"] == "B-1")
    assert {k: first[k] for k in CHECKIN_COLUMNS[:12]} == {
        "date": "2021-07-28", "person_id": "B-1", "unit": "BKPSDM", "checkpoint": "08:00", "due": "2021-07-28T08:00:00+08:00",
        "window_from": "2021-07-28T07:45:00+08:00", "window_to": "2021-07-28T08:30:00+08:00", "seen_at": "2021-07-28T08:03:00+08:00",
        "verdict": "on_time", "grade": "self_declared", "source": "chat.txt", "line": "1",
    }  # fmt: skip


def test_rows_come_in_date_unit_list_order(tmp_path: Path) -> None:
    out, _ = run(tmp_path)
    keys = [(r["date"], r["person_id"], r["checkpoint"]) for r in table(out / "checkins.csv")]
    people = ["B-1", "A-1", "C-1"]
    assert keys == sorted(keys, key=lambda k: (k[0], people.index(k[1]), k[2]))


def test_unknown_senders_are_listed_line_by_line_and_ready_to_be_filled_in(tmp_path: Path) -> None:
    out, _ = run(tmp_path)
    unmatched = table(out / "unmatched.csv")
    assert [(r["line"], r["reason"]) for r in unmatched] == [
        ("3", "nobody"),
        ("4", "nobody"),
        ("5", "nobody"),
    ]
    aliases = {r["sender"]: r for r in table(out / "aliases.csv")}
    assert aliases["Budi S"]["person_id"] == "" and aliases["Budi S"]["suggestions"] == "B-1 (Budi Santoso)"
    assert "'=HYPERLINK(1)" in aliases  # no spreadsheet runs it


def test_aliases_filled_in_before_are_kept(tmp_path: Path) -> None:
    out, _ = run(tmp_path, filled_in={"Budi S": "B-1"})
    aliases = {r["sender"]: r["person_id"] for r in table(out / "aliases.csv")}
    assert aliases["Budi S"] == "B-1" and [r["line"] for r in table(out / "unmatched.csv")] == ["3", "4"]


def test_no_file_but_the_evidence_holds_a_coordinate(tmp_path: Path) -> None:
    out, _ = run(tmp_path)
    book = openpyxl.load_workbook(out / "checkins.xlsx")
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    page = re.sub(r"<style>.*?</style>", "", (out / "checkins.html").read_text("utf-8"), flags=re.S)
    tables = [
        (out / n).read_text("utf-8") for n in ("checkins.csv", "unmatched.csv", "aliases.csv", "sources.csv")
    ]
    for text in (*cells, page, *tables):
        assert not COORDINATE.search(text), text[:200]


def test_rounded_coordinates_stand_in_the_csv_alone_where_the_policy_keeps_them(tmp_path: Path) -> None:
    out, _ = run(tmp_path, settings={**POINTS, "privacy": {"coordinates": "round", "decimals": 1}})
    row = next(r for r in table(out / "checkins.csv") if r["verdict"] == "on_time")
    assert (row["latitude_rounded"], row["longitude_rounded"]) == ("-2.5", "120.3")
    assert "120.3" not in (out / "checkins.html").read_text("utf-8")


def test_one_office_s_report_holds_nobody_else(tmp_path: Path) -> None:
    text = CHAT + chat(("28/07/21, 08:08", "Citra R", here(-2.5503)))
    out, _ = run(tmp_path, text=text, units={"Dinas Lain"})
    book = openpyxl.load_workbook(out / "checkins.xlsx")
    cells = "\n".join(
        str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None
    )
    for everything in (
        cells,
        *(
            (out / n).read_text("utf-8")
            for n in ("checkins.csv", "checkins.html", "unmatched.csv", "aliases.csv")
        ),
    ):
        for stranger in ("Budi", "Ani Lestari", "B-1", "A-1", "BKPSDM", "HYPERLINK"):
            assert stranger not in everything, stranger
    assert [r["sender"] for r in table(out / "unmatched.csv")] == ["Citra R"]


def test_the_recap_s_categories_add_up_to_everyone_every_day(tmp_path: Path) -> None:
    who = big_roster(60, 8, 6)
    settings = parse_settings(POINTS)
    made = write_evidence(who, settings, MAKASSAR, tmp_path / "evidence", seed=3)
    (tmp_path / "out").mkdir()
    request = Request(
        roster=who, settings=settings, zone=MAKASSAR, exporter_zone=MAKASSAR, aliases=made.aliases
    )
    tally = check(request, made.files, tmp_path / "out").tally
    for (unit, day), counts in tally.by_day.items():
        assert counts.total() == sum(p.unit == unit and who.statuses[p.id, day] != "off" for p in who.people)
        assert set(counts) <= set(CATEGORIES)
        for status in ("sick", "leave", "travel", "permit"):
            assert counts[status] == sum(
                p.unit == unit and who.statuses[p.id, day] == status for p in who.people
            )
    assert sum(c.total() for c in tally.by_head.values()) == sum(c.total() for c in tally.by_day.values())
    assert sum(s.verdicts.total() for s in tally.people.values()) == tally.verdicts.total()


def test_rates_and_runs_count_only_what_can_be_decided(tmp_path: Path) -> None:
    lines = [(f"{d}/07/21, 08:0{n}", "Budi Santoso", here(-2.55 - n / 1e5)) for n, d in enumerate((28, 29))]
    lines += [("30/07/21, 08:45", "Budi Santoso", here(-2.551)), ("30/07/21, 18:00", "Ani", "ok")]
    _, outcome = run(tmp_path, text=chat(*lines), settings={"point": [{"at": "08:00", "within_metres": 500}]})
    budi, citra = outcome.tally.people["B-1"], outcome.tally.people["C-1"]
    assert (budi.on_time_rate, budi.presence_rate, budi.longest_run, budi.current_run) == (2 / 3, 1.0, 2, 0)
    assert (citra.on_time_rate, citra.presence_rate) == (None, None)  # no file tells of that office


def test_a_day_without_any_sign_is_without_notice_and_an_unproven_one_is_not(tmp_path: Path) -> None:
    _, outcome = run(tmp_path)
    marks = outcome.tally.marks
    assert marks["A-1", DAY].category == "absent" and marks["B-1", DAY].category == "home"
    assert marks["B-1", DAY + timedelta(1)].category == "absent"
    text = chat(("28/07/21, 08:03", "Ani", "live location shared"), ("28/07/21, 18:03", "Budi Santoso", "x"))
    _, other = run(tmp_path / "x" if (tmp_path / "x").mkdir() is None else tmp_path, text=text)
    assert other.tally.marks["A-1", DAY].category == "unproven"


@pytest.mark.parametrize(("language", "sheets"), [("id", ["Ringkasan", "Rekap harian", "Per atasan", "Per orang", "Peta orang × hari", "Perlu dilihat", "Lembar pemantau", "Pengirim tak dikenal", "Berkas bukti"]), ("en", ["Summary", "Daily recap", "By supervisor", "By person", "Person × day", "To look at", "Monitor’s sheet", "Unknown senders", "Evidence files"])])  # fmt: skip
def test_the_workbook_speaks_the_language_and_starts_no_formula(
    tmp_path: Path, language: str, sheets: list[str]
) -> None:
    out, _ = run(tmp_path, language=language)
    book = openpyxl.load_workbook(out / "checkins.xlsx")
    assert book.sheetnames == sheets
    assert all(c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row)


def test_the_monitor_of_the_roster_stands_on_the_monitor_s_sheet(tmp_path: Path) -> None:
    roles = {("A-1", DAY): ("monitor",), ("B-1", DAY): ("deputy",), ("B-1", DAY + timedelta(1)): ("deputy",)}
    out, _ = run(tmp_path, roster=roster(roles=roles))
    rows = list(
        openpyxl.load_workbook(out / "checkins.xlsx")["Lembar pemantau"].iter_rows(
            min_row=6, values_only=True
        )
    )
    watchers = [row[2] for row in rows if row[1] == "BKPSDM"]
    assert watchers == ["Ani Lestari", "Budi Santoso", None]


def test_exceptions_name_the_file_and_line_they_rest_on(tmp_path: Path) -> None:
    out, _ = run(tmp_path)
    rows = list(
        openpyxl.load_workbook(out / "checkins.xlsx")["Perlu dilihat"].iter_rows(min_row=6, values_only=True)
    )
    late = next(row for row in rows if row[4] == "terlambat")
    assert late[2:4] == ("Budi Santoso", "11:00") and late[6] == "11:31" and late[10:12] == ("chat.txt", 2)


def test_what_is_to_be_looked_at_prints_one_page_wide_under_its_headings_without_the_columns_for_the_screen(
    tmp_path: Path,
) -> None:
    out, _ = run(tmp_path)
    book = openpyxl.load_workbook(out / "checkins.xlsx")
    for name, last in (("Perlu dilihat", "Tanda tinjauan"), ("Per orang", "Ditandai")):
        sheet = book[name]
        (_, (column, row)) = re.findall(r"\$?([A-Z]+)\$?([0-9]+)", str(sheet.print_area).split("!")[-1])
        assert sheet[f"{column}5"].value == last
        assert int(row) == sheet.max_row
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_title_rows == "$5:$5"


class Links(HTMLParser):
    """Collects what a page would fetch, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [v or "" for k, v in attrs if k in ("src", "href") and not (v or "").startswith("#")]


def test_the_page_stands_alone_and_runs_nothing(tmp_path: Path) -> None:
    out, _ = run(tmp_path)
    page = Links()
    text = (out / "checkins.html").read_text("utf-8")
    page.feed(text)
    assert page.fetched == [] and not {"script", "img", "link", "iframe", "b>"} & set(page.tags)
    assert (
        "default-src 'none'" in text
        and "&lt;script&gt;alert(1)" in text
        and "Tahap I &amp; II &lt;b&gt;" in text
    )


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        out, _ = run(tmp_path / name)
        made.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
    assert made[0] == made[1] and len(made[0]) == 7


def test_since_and_until_bound_the_days_but_not_what_settles_dates(tmp_path: Path) -> None:
    out, _ = run(tmp_path, since=DAY + timedelta(1), until=DAY + timedelta(1))
    assert {r["date"] for r in table(out / "checkins.csv")} == {"2021-07-29"}
