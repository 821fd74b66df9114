from datetime import date

from scheduler.language import Bilingual
from scheduler.write.board import count_other, holiday_lines, make_board, quota_label
from tests.samples import sample_roster
from tests.write.made_rosters import made_unit

OFFICE = sample_roster().results[0]
BOARD = make_board(OFFICE)


def test_columns_tell_working_days_from_weekends_and_holidays():
    assert [day.kind for day in BOARD.days].count("work") == BOARD.workday_count == 10
    assert [day.day for day in BOARD.days if day.kind == "holiday"] == [date(2021, 8, 11)]


def test_counts_of_a_day_add_up_to_who_is_employed():
    for n, day in enumerate(BOARD.days):
        employed = sum(row.person.is_employed_on(day.day) for row in BOARD.rows)
        counted = (
            BOARD.count("home", n) + BOARD.count("office", n) + BOARD.count("off", n) + count_other(BOARD, n)
        )
        assert counted == employed


def test_counts_of_a_person_add_up_to_the_working_days():
    row = BOARD.rows[3]
    assert (row.home_days, row.office_days, row.other_days) == (0, 8, 2)


def test_a_quota_is_called_by_its_name():
    assert quota_label("home_quota[non_asn]", OFFICE.unit) == Bilingual(id="WFH Non-ASN", en="WFH Non-ASN")
    assert quota_label("home_quota", OFFICE.unit).id == "WFH"


def test_shortfalls_of_one_cause_are_told_in_one_sentence_with_all_their_days():
    board = make_board(made_unit("Dinas", 24, date(2021, 7, 28), 9))
    assert (
        board.notes[-1].en
        == "WFH Pelaksana: 1 place below target (29 July 2021: leave reduced who could stay home)."
    )


def test_holidays_are_told_with_weekday_and_name():
    assert holiday_lines(BOARD.days, "en") == ["Wednesday, 11 August 2021: Tahun Baru Islam 1443 H"]
