"""What stands in the workbooks, read back by openpyxl and by calamine."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from scheduler.language import Bilingual
from scheduler.problem import Letter, Reading, Signature
from scheduler.roster import QuotaDay, Roster
from scheduler.write.labels import STATUS_LABELS
from scheduler.write.xlsx import write_unit_workbook, write_workbook
from tests.samples import DAYS, sample_roster
from tests.write.made_rosters import made_roster, made_unit, without_people
from tests.write.workbooks import (
    FIRST_DAY,
    ROW_OF_IDS,
    all_texts,
    column_texts,
    formula_cells,
    formulas,
    part,
    row_of,
    values,
)

ROSTER = sample_roster()
OFFICE = ROSTER.results[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbooks")
    write_workbook(ROSTER, folder / "roster.xlsx", "id")
    write_workbook(ROSTER, folder / "english.xlsx", "en")
    write_unit_workbook(ROSTER, OFFICE, folder / "unit.xlsx", "id")
    return folder


@pytest.fixture(scope="module")
def sheet(folder):
    return values(folder / "unit.xlsx").worksheets[0]


def with_results(*results) -> Roster:
    problem = replace(ROSTER.problem, units=tuple(result.unit for result in results))
    return replace(ROSTER, problem=problem, results=results)


# Sheets ------------------------------------------------------------------------------------------------------------


def test_the_roster_has_summary_units_rules_and_legend_in_the_policys_language(folder):
    assert formulas(folder / "roster.xlsx").sheetnames == ["Ringkasan", "Dinas Contoh", "RSUD .. Contoh", "Aturan", "Keterangan"]  # fmt: skip
    assert formulas(folder / "english.xlsx").sheetnames[::3] == ["Summary", "Rules"]


def test_a_units_workbook_has_its_sheet_first_then_rules_and_legend(folder):
    assert formulas(folder / "unit.xlsx").sheetnames == ["Dinas Contoh", "Aturan", "Keterangan"]


def test_a_unit_named_as_a_sheet_of_ours_does_not_take_its_place(tmp_path):
    result = replace(OFFICE, unit=replace(OFFICE.unit, name="ringkasan"))
    write_workbook(with_results(result), tmp_path / "x.xlsx", "id")
    assert formulas(tmp_path / "x.xlsx").sheetnames == ["Ringkasan", "ringkasan (2)", "Aturan", "Keterangan"]


# Grid --------------------------------------------------------------------------------------------------------------


def test_the_grid_has_number_name_nip_as_text_and_position(sheet):
    assert [sheet.cell(8, c).value for c in range(3, 7)] == ["No", "Nama", "NIP", "Jabatan"]
    assert [sheet.cell(ROW_OF_IDS, c).value for c in range(1, 7)] == [
        "198001012005011001", ";0;" if "198001012005011001" in OFFICE.audit.quotas[0].people else None, 1,
        "Dr. Hj. Siti Aminah, S.Sos., M.Si", "198001012005011001", "Kepala Dinas",
    ]  # fmt: skip
    assert sheet.cell(ROW_OF_IDS, 5).data_type == "s"
    assert sheet.cell(ROW_OF_IDS, 5).number_format == "@"


def test_every_status_stands_in_its_cell_as_a_word_of_the_list_and_days_off_are_blank(sheet):
    for at, (person, row) in enumerate(zip(OFFICE.unit.people, OFFICE.roster.statuses, strict=True)):
        for column, (day, status) in enumerate(zip(DAYS, row, strict=True)):
            expected = None if status in ("", "off") else STATUS_LABELS[status].id
            assert sheet.cell(ROW_OF_IDS + at, FIRST_DAY + column).value == expected, (person.name, day)


def test_a_status_off_on_a_working_day_is_written_out(tmp_path):
    rows = (("off", *OFFICE.roster.statuses[0][1:]), *OFFICE.roster.statuses[1:])
    result = replace(OFFICE, roster=replace(OFFICE.roster, statuses=rows))
    write_unit_workbook(with_results(result), result, tmp_path / "x.xlsx", "id")
    cell = values(tmp_path / "x.xlsx").worksheets[0].cell(ROW_OF_IDS, FIRST_DAY)
    assert cell.value == "Libur"


def test_the_header_has_month_short_weekday_and_day_of_month(sheet):
    assert sheet.cell(8, FIRST_DAY).value == "Juli 2021"
    assert [sheet.cell(9, FIRST_DAY + n).value for n in range(7)] == [
        "Rab",
        "Kam",
        "Jum",
        "Sab",
        "Min",
        "Sen",
        "Sel",
    ]
    assert [sheet.cell(10, FIRST_DAY + n).value for n in range(5)] == [28, 29, 30, 31, 1]


def test_english_labels_on_request(folder):
    sheet = values(folder / "english.xlsx")["Dinas Contoh"]
    assert [sheet.cell(9, FIRST_DAY + n).value for n in range(3)] == ["Wed", "Thu", "Fri"]
    assert sheet.cell(ROW_OF_IDS, FIRST_DAY).value == "Office"
    assert "28 July to 11 August 2021" in sheet["C5"].value


def test_weekends_and_holidays_are_shaded_and_holidays_bear_their_names(sheet):
    def shade(column):
        return sheet.cell(ROW_OF_IDS, FIRST_DAY + column).fill.fgColor.rgb

    assert shade(3) == shade(4) == "00E9E9E9"
    assert shade(14) == "00F3D9D9"
    assert sheet.cell(9, FIRST_DAY + 14).comment.text == "Tahun Baru Islam 1443 H"
    assert "• Hari libur: Rabu, 11 Agustus 2021: Tahun Baru Islam 1443 H." in column_texts(sheet)


def test_days_before_somebody_joins_are_blank_and_hatched(sheet):
    cell = sheet.cell(ROW_OF_IDS + 4, FIRST_DAY)
    assert cell.value is None
    assert cell.fill.patternType == "lightUp"


def test_roles_show_in_the_cell_in_a_comment_and_in_a_row_beneath(sheet):
    cell = sheet.cell(ROW_OF_IDS + 2, FIRST_DAY)
    assert cell.value == "WFO"
    assert cell.font.u == "single"
    assert cell.comment.text == "Loket Berkas"
    assert sheet.cell(row_of(sheet, "Loket Berkas (nomor urut)"), FIRST_DAY).value == "3"


def test_many_holders_of_one_role_are_counted_instead_of_listed(tmp_path):
    first = OFFICE.roster.days[0]
    people = tuple(replace(OFFICE.unit.people[1], id=f"p{n}", nip="") for n in range(12))
    roster = replace(
        OFFICE.roster,
        people=tuple(p.id for p in people),
        statuses=(OFFICE.roster.statuses[0],) * 12,
        roles={(p.id, first): ("Piket",) for p in people},
    )
    audit = replace(OFFICE.audit, quotas=(), balances=())
    result = replace(OFFICE, unit=replace(OFFICE.unit, people=people), roster=roster, audit=audit)
    write_unit_workbook(with_results(result), result, tmp_path / "x.xlsx", "id")
    sheet = values(tmp_path / "x.xlsx").worksheets[0]
    assert sheet.cell(row_of(sheet, "Piket (nomor urut)"), FIRST_DAY).value == "12\norang"


def test_several_monitors_follow_the_posts(tmp_path):
    first = OFFICE.roster.days[0]
    ids = OFFICE.roster.people
    roles = {
        (ids[0], first): ("monitor",),
        (ids[1], first): ("deputy", "Loket A"),
        (ids[2], first): ("Loket A",),
    }
    result = replace(OFFICE, roster=replace(OFFICE.roster, roles=roles))
    write_unit_workbook(with_results(result), result, tmp_path / "x.xlsx", "id")
    sheet = values(tmp_path / "x.xlsx").worksheets[0]
    posts = [text for text in column_texts(sheet) if text.endswith("(nomor urut)")]
    assert posts == ["Loket A (nomor urut)", "Pemantau (nomor urut)", "Wakil pemantau (nomor urut)"]
    assert sheet.cell(row_of(sheet, posts[0]), FIRST_DAY).value == "2\n3"


# Editing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["unit.xlsx", "english.xlsx"])
def test_every_status_cell_is_chosen_from_a_list_of_all_statuses(folder, name):
    language = "en" if name == "english.xlsx" else "id"
    sheet = formulas(folder / name)["Dinas Contoh"]
    (choice,) = sheet.data_validations.dataValidation
    assert choice.type == "list"
    assert (
        choice.formula1
        == '"' + ",".join(label.in_language(language) for label in STATUS_LABELS.values()) + '"'
    )
    assert str(choice.sqref) == "G11:U15"
    assert choice.errorStyle == "stop"


def test_colours_follow_what_stands_in_the_cell(folder):
    rules = formulas(folder / "unit.xlsx").worksheets[0].conditional_formatting
    coloured = {rule.formula[0] for area in rules for rule in area.rules if str(area.sqref) == "G11:U15"}
    assert coloured == {f'"{label.id}"' for label in STATUS_LABELS.values()}
    (missed,) = [rule for area in rules for rule in area.rules if rule.type == "expression"]
    assert missed.formula == ["AND(ISNUMBER(G17),G16<>G17)"]


def test_the_sheets_are_not_protected_so_that_people_can_edit(folder):
    assert not any(sheet.protection.sheet for sheet in formulas(folder / "roster.xlsx").worksheets)


def test_panes_are_frozen_beside_the_names_and_below_the_days(folder):
    assert formulas(folder / "unit.xlsx").worksheets[0].freeze_panes == "E11"


# Totals ------------------------------------------------------------------------------------------------------------


def test_totals_per_person_are_live_and_show_their_value_without_calculation(folder, sheet):
    live = formulas(folder / "unit.xlsx").worksheets[0]
    assert live["V12"].value == '=COUNTIF(G12:U12,"WFH")'
    assert [sheet.cell(ROW_OF_IDS + 1, c).value for c in (22, 23, 24)] == [5, 5, 0]
    assert [sheet.cell(ROW_OF_IDS + 3, c).value for c in (22, 23, 24)] == [0, 8, 2]


def test_every_formula_has_its_value_beside_it(folder):
    cells = formula_cells(folder / "unit.xlsx")
    assert len(cells) == part(folder / "unit.xlsx", "xl/worksheets/sheet1.xml").count("<f>") > 40
    assert all(value.lstrip("-").isdigit() for _, value in cells)


def test_totals_per_day_stand_against_the_target(sheet):
    filled, target = row_of(sheet, "WFH Pelaksana: terisi"), row_of(sheet, "WFH Pelaksana: target")
    days = {item.day: item for item in OFFICE.audit.quotas[0].days}
    for n, day in enumerate(DAYS):
        expected = (days[day].home, days[day].target) if day in days else (None, None)
        assert (sheet.cell(filled, FIRST_DAY + n).value, sheet.cell(target, FIRST_DAY + n).value) == expected
    assert sheet.cell(row_of(sheet, "Jumlah WFO"), FIRST_DAY).value == 3
    assert sheet.cell(row_of(sheet, "Jumlah WFH"), 22).value == 14


def test_a_shortfall_has_its_causes_in_a_comment_and_in_the_notes(tmp_path):
    quota = OFFICE.audit.quotas[0]
    cause = Bilingual(id="dua orang cuti", en="two on leave")
    short = QuotaDay(day=DAYS[0], base=3, target=2, home=1, shortfall=1, excused=1, causes=(cause,))
    audit = replace(OFFICE.audit, quotas=(replace(quota, days=(short, *quota.days[1:])),))
    result = replace(OFFICE, audit=audit)
    write_unit_workbook(with_results(result), result, tmp_path / "x.xlsx", "id")
    sheet = values(tmp_path / "x.xlsx").worksheets[0]
    comment = sheet.cell(row_of(sheet, "WFH Pelaksana: terisi"), FIRST_DAY).comment.text
    assert comment == "Kurang 1\n1 dilepas karena peran atau panggilan\ndua orang cuti"
    assert "• WFH Pelaksana: 1 tempat di bawah target (28 Juli 2021: dua orang cuti)." in column_texts(sheet)


def test_balances_are_in_days_with_one_decimal_and_blank_for_who_takes_no_turns(sheet):
    assert sheet.cell(8, 25).value == "Saldo (hari)"
    assert [sheet.cell(ROW_OF_IDS + n, 25).value for n in range(4)] == [None, 0, 0, -5]
    assert sheet.cell(ROW_OF_IDS + 1, 25).number_format == "[>=0.05]+0.0;[<=-0.05]-0.0;0.0"


def test_a_unit_without_turns_has_no_column_of_balances(tmp_path):
    result = replace(OFFICE, audit=replace(OFFICE.audit, quotas=(), balances=()))
    write_unit_workbook(with_results(result), result, tmp_path / "x.xlsx", "id")
    sheet = values(tmp_path / "x.xlsx").worksheets[0]
    assert sheet.max_column == 24
    assert not any("target" in text for text in column_texts(sheet))


# Letterhead, notes and signature ------------------------------------------------------------------------------------


def test_the_letterhead_names_unit_period_policy_and_letter(sheet):
    assert [sheet.cell(row, 3).value for row in (3, 4, 5, 6)] == [
        "JADWAL KERJA DI KANTOR (WFO) DAN DARI RUMAH (WFH)",
        "DINAS CONTOH",
        "Penyesuaian sistem kerja, tahap I · Periode 28 Juli s.d. 11 Agustus 2021",
        "Surat Bupati Luwu Utara Nomor 800/935/BKPSDM/2021 tanggal 27 Juli 2021",
    ]


def test_without_a_letter_there_is_no_letter_line(tmp_path):
    policy = replace(ROSTER.problem.policy, letter=Letter(), title="")
    roster = replace(ROSTER, problem=replace(ROSTER.problem, policy=policy))
    write_workbook(roster, tmp_path / "x.xlsx", "id")
    sheet = values(tmp_path / "x.xlsx")["Dinas Contoh"]
    assert sheet["C6"].value is None
    assert sheet["C5"].value == "Periode 28 Juli s.d. 11 Agustus 2021"


def test_the_head_of_the_unit_signs_with_title_name_grade_and_grouped_nip(sheet):
    texts = all_texts(sheet).splitlines()
    block = ["Masamba, .................. 2021", "Kepala Dinas,", "Dr. Hj. Siti Aminah, S.Sos., M.Si", "Pembina Utama Muda (IV/c)", "NIP. 19800101 200501 1 001"]  # fmt: skip
    assert [texts.index(line) for line in block[:2]] == sorted(texts.index(line) for line in block[:2])
    assert block[2] in texts[texts.index(block[1]) :]
    assert block[3:] == texts[texts.index(block[3]) : texts.index(block[3]) + 2] or set(block[3:]) <= set(
        texts
    )
    names = [cell for row in sheet.iter_rows(min_row=16) for cell in row if cell.value == block[2]]
    assert names[0].font.b
    assert names[0].font.u == "single"


def test_the_policys_signature_goes_before_the_head(tmp_path):
    policy = replace(ROSTER.problem.policy, signature=Signature(place="Tana Paser", prefix="a.n.", title="Bupati Paser\nWakil Bupati", name="Kaharuddin", day=date(2020, 7, 28)))  # fmt: skip
    roster = replace(ROSTER, problem=replace(ROSTER.problem, policy=policy))
    write_unit_workbook(roster, OFFICE, tmp_path / "x.xlsx", "id")
    texts = all_texts(values(tmp_path / "x.xlsx").worksheets[0])
    for line in ("Tana Paser, 28 Juli 2020", "a.n. Bupati Paser", "Wakil Bupati,", "Kaharuddin"):
        assert line in texts.splitlines()
    assert "NIP. 19800101" not in texts


def test_more_notes_than_fit_beside_the_signature_are_counted_and_stand_on_the_rules_sheet(tmp_path):
    notes = tuple(Bilingual(id=f"Catatan {n}. " + "kata " * 60 * (n % 2), en=f"Note {n}.") for n in range(20))
    result = replace(OFFICE, audit=replace(OFFICE.audit, notes=notes))
    write_unit_workbook(with_results(result), result, tmp_path / "x.xlsx", "id")
    workbook = values(tmp_path / "x.xlsx")
    assert "• … dan 8 catatan lagi di lembar Aturan." in column_texts(workbook.worksheets[0])
    assert "Catatan 18." in all_texts(workbook["Aturan"])


# Summary, rules, legend ---------------------------------------------------------------------------------------------


def test_the_summary_has_a_line_for_each_unit_its_proof_and_the_sum(folder):
    sheet = values(folder / "roster.xlsx")["Ringkasan"]
    assert [sheet.cell(7, c).value for c in range(1, 10)] == [
        1, "Dinas Contoh", 5, 3, 10, 10, 0, 5, "dalam selisih saldo 5,00 hari",
    ]  # fmt: skip
    assert sheet.cell(8, 9).value == "terbukti optimal"
    assert [sheet.cell(9, c).value for c in range(1, 8)] == ["Jumlah", None, 7, 4, 10, 16, 0]
    assert formulas(folder / "roster.xlsx")["Ringkasan"]["C9"].value == "=SUM(C7:C8)"
    assert sheet["B8"].hyperlink.location == "'RSUD .. Contoh'!A1"


def test_a_new_revision_says_what_it_replaces_and_an_uneventful_summary_says_so(tmp_path):
    quiet = replace(OFFICE, audit=replace(OFFICE.audit, notes=()))
    roster = replace(sample_roster(3), results=(quiet,))
    write_workbook(roster, tmp_path / "x.xlsx", "id")
    texts = all_texts(values(tmp_path / "x.xlsx")["Ringkasan"])
    assert "Periode 28 Juli s.d. 11 Agustus 2021 · Revisi 3 (menggantikan revisi 2)" in texts
    assert "Tidak ada." in texts


def test_the_summary_lists_the_notes_by_unit(folder):
    sheet = values(folder / "roster.xlsx")["Ringkasan"]
    at = row_of(sheet, "Dinas Contoh", column=1)
    assert sheet.cell(at, 3).value == "3 Agustus 2021: tunjuk Plh."


def test_a_long_note_of_the_summary_is_printed_whole_and_a_rules_sheet_without_notes_ends_with_its_readings(
    tmp_path,
):
    long = Bilingual(id="Loket Pengaduan kekurangan petugas. " * 12, en="long")
    noted = replace(OFFICE, audit=replace(OFFICE.audit, notes=(long,)))
    write_workbook(with_results(noted), tmp_path / "x.xlsx", "id")
    sheet = formulas(tmp_path / "x.xlsx")["Ringkasan"]
    heading = row_of(sheet, "Catatan per unit", column=1)
    assert sheet.row_dimensions[heading].height == 18
    assert sheet.row_dimensions[heading + 1].height > 3 * 12
    quiet = replace(OFFICE, audit=replace(OFFICE.audit, notes=()))
    write_workbook(with_results(quiet), tmp_path / "y.xlsx", "id")
    assert "Catatan" not in all_texts(values(tmp_path / "y.xlsx")["Aturan"])


def test_the_rules_sheet_has_letter_revision_flags_readings_and_notes_each_once(tmp_path):
    reading = Reading(
        key="home_quota.rounding", text=Bilingual(id="Pembulatan: carry.", en="Rounding: carry.")
    )
    policy = replace(ROSTER.problem.policy, readings=(reading,))
    roster = replace(
        sample_roster(2),
        problem=replace(ROSTER.problem, policy=policy),
        flags={"set": "home_quota.share=40%"},
    )
    write_workbook(roster, tmp_path / "x.xlsx", "id")
    texts = all_texts(values(tmp_path / "x.xlsx")["Aturan"]).splitlines()
    for line in (
        "800/935/BKPSDM/2021",
        "27 Juli 2021",
        "Bupati Luwu Utara",
        "2",
        "1",
        "--set",
        "home_quota.share=40%",
    ):
        assert line in texts
    assert texts.count("Pembulatan: carry.") == 1
    assert texts.count("3 Agustus 2021: tunjuk Plh.") == 2  # one for each unit


def test_the_legend_explains_every_status_in_its_colour(folder):
    sheet = values(folder / "roster.xlsx")["Keterangan"]
    texts = all_texts(sheet).splitlines()
    assert all(label.id in texts for label in STATUS_LABELS.values())
    assert sheet.cell(row_of(sheet, "WFH", 1), 1).fill.fgColor.rgb == "00A9CDEB"


# Paper -------------------------------------------------------------------------------------------------------------


def test_a_sheet_prints_on_a4_landscape_one_page_wide_with_repeated_header_and_a_footer(folder):
    for sheet in formulas(folder / "roster.xlsx").worksheets:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight in (0, 1)) == (1, True)
        assert sheet.oddFooter.center.text == "Revisi 1"
        assert sheet.oddFooter.right.text == "Halaman &P dari &N"
    sheet = formulas(folder / "unit.xlsx").worksheets[0]
    assert sheet.print_title_rows == "$8:$10"
    assert sheet.oddFooter.left.text == "Dinas Contoh"


def test_a_unit_prints_on_one_page_while_it_can_and_else_keeps_three_people_or_more_with_the_end(tmp_path):
    pages = {}
    for people in (5, 12, 20, 21, 22, 23, 24, 25, 26, 40, 49, 52):
        unit = made_unit("Dinas", people, date(2021, 7, 28), 9)
        write_unit_workbook(made_roster([unit]), unit, tmp_path / "x.xlsx", "id")
        sheet = formulas(tmp_path / "x.xlsx").worksheets[0]
        breaks = [page_break.id - (ROW_OF_IDS + people - 4) for page_break in sheet.row_breaks.brk]
        pages[people] = (sheet.page_setup.fitToHeight, breaks)
    assert pages[5] == pages[12] == pages[20] == (1, [])
    assert pages[40] == pages[52] == (2, [])
    for fit, breaks in pages.values():
        assert (
            breaks == [] if fit else all(-8 <= at <= 0 for at in breaks)
        )  # before the last three, or a few more
    assert (0, [0]) in pages.values()
    assert any(at < 0 for _, breaks in pages.values() for at in breaks)


@pytest.mark.parametrize(("days", "paper", "wide"), [(31, 9, 1), (62, 8, 1), (100, 8, 2)])
def test_long_periods_take_larger_paper(tmp_path, days, paper, wide):
    unit = made_unit("Dinas", 3, date(2021, 7, 12), days)
    write_unit_workbook(made_roster([unit]), unit, tmp_path / "x.xlsx", "id")
    sheet = formulas(tmp_path / "x.xlsx").worksheets[0]
    assert (int(sheet.page_setup.paperSize), sheet.page_setup.fitToWidth) == (paper, wide)
    assert sheet.print_title_cols == ("$C:$D" if wide > 1 else None)


@pytest.mark.parametrize("people", [1, 400])
def test_units_of_one_and_of_four_hundred_people_can_be_written(tmp_path, people):
    unit = made_unit("RSUD", people, date(2021, 7, 28), 9)
    write_unit_workbook(made_roster([unit]), unit, tmp_path / "x.xlsx", "id")
    sheet = values(tmp_path / "x.xlsx").worksheets[0]
    assert sheet.cell(ROW_OF_IDS + people - 1, 3).value == people


def test_a_unit_without_people_can_be_written(tmp_path):
    unit = without_people(made_unit("Kosong", 3, date(2021, 7, 28), 9))
    write_workbook(made_roster([unit]), tmp_path / "x.xlsx", "id")
    assert values(tmp_path / "x.xlsx")["Ringkasan"]["C7"].value == 0


# Reading back --------------------------------------------------------------------------------------------------------


def test_ids_dates_unit_and_revision_can_be_found_again_by_mark_and_by_name(folder):
    workbook = values(folder / "unit.xlsx")
    sheet = workbook.worksheets[0]
    assert (sheet["A1"].value, sheet["B1"].value, sheet["A2"].value) == (
        "giliran:unit",
        "Dinas Contoh",
        "giliran:dates",
    )
    dates = [sheet.cell(2, FIRST_DAY + n).value for n in range(len(DAYS))]
    assert dates == [datetime(d.year, d.month, d.day) for d in DAYS]  # noqa: DTZ001
    assert [sheet.cell(ROW_OF_IDS + n, 1).value for n in range(5)] == list(OFFICE.roster.people)
    names = {
        name: value.attr_text for name, value in sheet.defined_names.items() if name.startswith("giliran")
    }
    assert names == {
        "giliran_unit": "'Dinas Contoh'!$B$1",
        "giliran_dates": "'Dinas Contoh'!$G$2:$U$2",
        "giliran_ids": "'Dinas Contoh'!$A$11:$A$15",
        "giliran_grid": "'Dinas Contoh'!$G$11:$U$15",
    }
    properties = {item.name: item.value for item in workbook.custom_doc_props.props}
    assert properties == {
        "giliran.format": 1, "giliran.revision": 1, "giliran.scenario": "contoh", "giliran.unit": "Dinas Contoh",
        "giliran.from": "2021-07-28", "giliran.to": "2021-08-11", "giliran.language": "id",
    }  # fmt: skip


def test_what_serves_reading_back_is_hidden(folder):
    sheet = formulas(folder / "unit.xlsx").worksheets[0]
    assert [sheet.column_dimensions[c].hidden for c in "ABC"] == [True, True, False]
    assert [sheet.row_dimensions[r].hidden for r in (1, 2, 3)] == [True, True, False]


def test_calamine_sees_the_same_grid(folder):
    rows = CalamineWorkbook.from_path(str(folder / "unit.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[ROW_OF_IDS - 1][0] == "198001012005011001"
    assert rows[1][FIRST_DAY - 1] == date(2021, 7, 28)
    assert rows[ROW_OF_IDS][FIRST_DAY - 1 : FIRST_DAY + 4] == ["WFH", "WFH", "WFO", "", ""]
    assert rows[ROW_OF_IDS][21] == 5


# What Excel insists on


@pytest.mark.parametrize(("people", "days"), [(1, 1), (3, 9), (9, 31), (5, 100)])
def test_merged_areas_never_overlap_and_leave_the_grid_alone(tmp_path, people, days):
    unit = made_unit("Dinas", people, date(2021, 7, 28), days)
    write_workbook(made_roster([unit]), tmp_path / "x.xlsx", "id")
    for sheet in formulas(tmp_path / "x.xlsx").worksheets:
        areas = sheet.merged_cells.ranges
        cells = [cell for area in areas for cell in area.cells]
        assert len(cells) == len(set(cells))
        if sheet["A1"].value == "giliran:unit":
            assert not any(ROW_OF_IDS <= row < ROW_OF_IDS + people for row, _ in cells)


def test_parts_of_a_sheet_stand_in_the_order_that_the_standard_demands(tmp_path):
    unit = made_unit("Dinas", 25, date(2021, 7, 28), 9)
    write_unit_workbook(made_roster([unit]), unit, tmp_path / "x.xlsx", "id")
    sheet = part(tmp_path / "x.xlsx", "xl/worksheets/sheet1.xml")
    order = [
        "<sheetPr", "<dimension", "<sheetViews", "<sheetFormatPr", "<cols", "<sheetData", "<mergeCells",
        "<conditionalFormatting", "<dataValidations", "<printOptions", "<pageMargins", "<pageSetup", "<headerFooter",
        "<rowBreaks", "<ignoredErrors", "<legacyDrawing",
    ]  # fmt: skip
    places = [sheet.find(name) for name in order]
    assert -1 not in places
    assert places == sorted(places)


def test_titles_and_footers_keep_to_excels_limits(tmp_path):
    name = "Badan & " * 40
    result = replace(OFFICE, unit=replace(OFFICE.unit, name=name))
    write_unit_workbook(with_results(result), result, tmp_path / "x.xlsx", "id")
    footer = (
        part(tmp_path / "x.xlsx", "xl/worksheets/sheet1.xml").split("<oddFooter>")[1].split("</oddFooter>")[0]
    )
    assert len(footer.replace("&amp;", "&")) <= 255
    (choice,) = formulas(tmp_path / "x.xlsx").worksheets[0].data_validations.dataValidation
    assert len(choice.formula1) <= 257
    assert len(choice.error) <= 225


# Safety and sameness -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]
)
def test_text_that_looks_like_a_formula_stays_text_wherever_it_stands(tmp_path, evil):
    person = replace(OFFICE.unit.people[1], id=evil, name=evil, printed_name=evil, position=evil, nip=evil, echelon="I.a", grade=evil)  # fmt: skip
    people = (person, *OFFICE.unit.people[1:])
    ids = tuple(p.id for p in people)
    roster = replace(OFFICE.roster, people=ids, roles={(evil, DAYS[0]): (evil,)})
    audit = replace(OFFICE.audit, notes=(Bilingual(id=evil, en=evil),))
    result = replace(OFFICE, unit=replace(OFFICE.unit, name=evil, people=people), roster=roster, audit=audit)
    policy = replace(ROSTER.problem.policy, title=evil, letter=Letter(number=evil, issuer=evil), signature=Signature(title=evil))  # fmt: skip
    whole = replace(with_results(result), problem=replace(ROSTER.problem, policy=policy), flags={evil: evil})
    write_workbook(whole, tmp_path / "x.xlsx", "id")
    found = 0
    for sheet in formulas(tmp_path / "x.xlsx").worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert str(cell.value).startswith(("=COUNTIF", "=COUNTA", "=SUM(")), cell.coordinate
                    assert "HYPERLINK" not in str(cell.value)
                found += cell.value == evil
    assert found >= 8


def test_control_characters_are_dropped_and_the_file_stays_whole(tmp_path):
    people = (
        replace(
            OFFICE.unit.people[0],
            printed_name="A\x00\x0b\x1f\ufffe\ud800 B",
            position="x\r\ny" + "z" * 40_000,
        ),
    )
    result = replace(
        OFFICE,
        unit=replace(OFFICE.unit, people=people, name="U\x01&<>\"'"),
        roster=replace(OFFICE.roster, people=(people[0].id,), statuses=OFFICE.roster.statuses[:1], roles={}),
        audit=replace(OFFICE.audit, quotas=(), balances=()),
    )
    write_workbook(with_results(result), tmp_path / "x.xlsx", "id")
    sheet = values(tmp_path / "x.xlsx").worksheets[1]
    assert sheet.cell(ROW_OF_IDS, 4).value == "A B"
    assert len(sheet.cell(ROW_OF_IDS, 6).value) == 32_767
    assert sheet["C4"].value == "U&<>\"'"
    assert CalamineWorkbook.from_path(str(tmp_path / "x.xlsx")).sheet_names[1] == 'U&<>"'


def test_the_package_bears_no_clock_but_the_letters_date(folder):
    with ZipFile(folder / "roster.xlsx") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert len(archive.namelist()) == len(set(archive.namelist()))
    properties = formulas(folder / "roster.xlsx").properties
    assert properties.created == properties.modified == datetime(2021, 7, 27)  # noqa: DTZ001


def test_the_same_roster_gives_the_same_bytes_in_any_process(tmp_path):
    script = (
        "import sys\nfrom pathlib import Path\nfrom tests.samples import sample_roster\n"
        "from scheduler.write.xlsx import write_workbook, write_unit_workbook\nfrom scheduler.write.html import write_page\n"
        "r = sample_roster(); o = Path(sys.argv[1]); o.mkdir()\n"
        "write_workbook(r, o / 'roster.xlsx', 'id'); write_page(r, o / 'roster.html', 'id')\n"
        "write_unit_workbook(r, r.results[0], o / 'unit.xlsx', 'en')\n"
    )
    for seed in ("1", "2"):
        subprocess.run([sys.executable, "-c", script, str(tmp_path / seed)], check=True, env={**os.environ, "PYTHONHASHSEED": seed})  # fmt: skip
    for name in ("roster.xlsx", "unit.xlsx", "roster.html"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_the_file_is_written_at_exactly_the_path_given(tmp_path):
    write_unit_workbook(ROSTER, OFFICE, tmp_path / "dinas contoh.xlsx", "id")
    assert [path.name for path in tmp_path.iterdir()] == ["dinas contoh.xlsx"]


def test_a_path_that_cannot_be_written_raises_oserror(tmp_path):
    with pytest.raises(OSError, match="missing"):
        write_workbook(ROSTER, tmp_path / "missing" / "roster.xlsx", "id")
