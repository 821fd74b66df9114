from datetime import date

import pytest

from scheduler.write.board import make_board
from scheduler.write.workbook.grid_layout import make_layout
from scheduler.write.workbook.page_layout import (
    A3,
    A4,
    break_before_end,
    choose_printing,
    lines_needed,
    pages_needed,
    rows_on_last_page,
)
from tests.write.made_rosters import made_unit

START = date(2021, 7, 12)


@pytest.mark.parametrize(("days", "paper", "wide"), [(9, A4, 1), (31, A4, 1), (62, A3, 1), (100, A3, 2)])
def test_the_longer_the_period_the_larger_the_paper_and_letters_stay_above_six_points(days, paper, wide):
    printing = make_layout(make_board(made_unit("Dinas", 30, START, days))).printing
    assert (printing.paper, printing.pages_wide) == (paper, wide)
    assert 9 * printing.scale >= 5.9


def test_a_narrow_grid_is_not_blown_up():
    assert choose_printing(300).scale == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("WFO", 1), ("Analis Sumber Daya Manusia Aparatur", 2), ("a\nb", 2), ("x" * 200, 8)],
)
def test_lines_are_counted_by_the_width_of_their_letters(text, lines):
    assert lines_needed(text, 26) == lines


def test_rows_on_the_last_page_count_the_repeated_header():
    assert rows_on_last_page([10] * 10, 100, 20) == 10
    assert rows_on_last_page([10] * 11, 100, 20) == 1
    assert rows_on_last_page([10] * 19, 100, 20) == 1


def test_pages_are_counted_with_the_header_that_each_repeats():
    assert [pages_needed([10] * rows, 100, 20) for rows in (0, 10, 11, 18, 19)] == [1, 1, 2, 2, 3]


def test_no_break_is_put_where_the_end_has_company_anyway():
    assert break_before_end([10] * 8, 5, 100, 20) == 0


def test_the_end_takes_three_rows_before_it_along():
    heights = [10] * 12
    assert break_before_end(heights, 9, 100, 20) == 6


def test_an_end_as_tall_as_a_page_takes_along_only_what_fits():
    heights = [10] * 10 + [35, 35]
    assert break_before_end(heights, 10, 104, 20) == 9


def test_an_end_taller_than_a_page_begins_on_a_page_of_its_own():
    heights = [10] * 10 + [60, 60]
    assert break_before_end(heights, 10, 100, 20) == 10


def test_an_end_that_one_program_would_leave_alone_breaks_where_the_other_does():
    """Six rows are to stay together at the end: on Excel's last page there are seven, on LibreOffice's five."""
    heights = [10] * 23 + [10] * 3
    assert [rows_on_last_page(heights, page, 10) for page in (109, 118)] == [7, 5]
    at = break_before_end(heights, 23, 109, 10)
    assert at == len(heights) - 7
    for page in (109, 118):
        assert rows_on_last_page(heights[:at], page, 10) >= 8  # no stub before the break
        assert 10 + sum(heights[at:]) <= page
