from datetime import date

import pytest

from scheduler.roster import STATUSES
from scheduler.write.labels import (
    STATUS_LABELS,
    STATUS_MEANINGS,
    format_days,
    format_period,
    month_name,
    role_label,
    status_label,
    weekday_short,
)


def test_every_status_has_a_label_and_a_meaning():
    assert set(STATUS_LABELS) == set(STATUS_MEANINGS) == set(STATUSES)


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_two_statuses_read_alike_in_one_language_so_that_a_cell_can_be_read_back(language):
    words = [label.in_language(language).casefold() for label in STATUS_LABELS.values()]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_list_of_statuses_fits_the_255_characters_of_a_drop_down(language):
    assert len(",".join(label.in_language(language) for label in STATUS_LABELS.values())) <= 255


def test_an_unknown_status_or_role_stands_as_it_is():
    assert status_label("", "id") == ""
    assert role_label("Loket Berkas", "id") == "Loket Berkas"
    assert role_label("monitor", "id") == "Pemantau"


@pytest.mark.parametrize(
    ("first", "last", "indonesian", "english"),
    [
        (date(2021, 7, 28), date(2021, 8, 5), "28 Juli s.d. 5 Agustus 2021", "28 July to 5 August 2021"),
        (date(2021, 8, 2), date(2021, 8, 13), "2 s.d. 13 Agustus 2021", "2 to 13 August 2021"),
        (
            date(2021, 12, 28),
            date(2022, 1, 5),
            "28 Desember 2021 s.d. 5 Januari 2022",
            "28 December 2021 to 5 January 2022",
        ),
        (date(2021, 8, 2), date(2021, 8, 2), "2 Agustus 2021", "2 August 2021"),
    ],
)
def test_a_period_says_month_and_year_once_where_they_are_the_same(first, last, indonesian, english):
    assert format_period(first, last, "id") == indonesian
    assert format_period(first, last, "en") == english


def test_days_are_listed_by_month():
    days = [date(2021, 8, 2), date(2021, 7, 28), date(2021, 7, 29)]
    assert format_days(days, "id") == "28, 29 Juli dan 2 Agustus 2021"
    assert format_days([date(2021, 12, 31), date(2022, 1, 3)], "en") == "31 December 2021 and 3 January 2022"
    assert format_days(days[:1], "id") == "2 Agustus 2021"
    assert format_days([], "id") == ""


def test_weekdays_and_months_are_in_the_language():
    assert [weekday_short(date(2021, 8, n), "id") for n in range(2, 9)] == ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"]  # fmt: skip
    assert weekday_short(date(2021, 8, 2), "en") == "Mon"
    assert month_name(date(2021, 8, 2), "id") == "Agustus 2021"


def test_a_quarter_of_a_day_is_rounded_on_the_page_as_excel_rounds_it_in_the_workbook() -> None:
    from scheduler.language import format_number
    from scheduler.write.page.unit_board import _signed

    assert [_signed(balance, "id") for balance in (250, -250, 750, 49, -50)] == [
        "+0,3",
        "−0,3",
        "+0,8",
        "0,0",
        "−0,1",
    ]
    assert [format_number(value, "en") for value in (0.25, 0.35, 1234.5, 0)] == [
        "0.3",
        "0.4",
        "1,234.5",
        "0.0",
    ]
    assert format_number(2.5, "en", 0) == "3"
