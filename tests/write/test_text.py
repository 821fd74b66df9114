import pytest

from scheduler.write.text import LONGEST_SHEET_NAME, MOST_CHARACTERS, clean, one_line, sheet_names, shorten


def test_characters_that_xml_forbids_are_dropped_and_line_ends_made_alike():
    assert clean("a\x00b\x0b\x1f\x7f\ufffe\ud800c\r\nd\re\tf") == "abc\nd\ne\tf"


def test_a_text_is_never_longer_than_a_cell_holds():
    text = clean("x" * 40_000)
    assert len(text) == MOST_CHARACTERS
    assert text.endswith("…")


def test_one_line_has_no_line_ends_and_single_spaces():
    assert one_line("  a\n\tb   c ") == "a b c"


def test_shorten_keeps_what_fits():
    assert (shorten("abc", 3), shorten("abcd", 3)) == ("abc", "ab…")


@pytest.mark.parametrize(
    "wanted",
    [
        ["Dinas [A]: x*?/\\y"],
        ["'quoted'", "quoted", "QUOTED"],
        ["", "  ", "///"],
        ["History", "history", "Riwayat"],
        ["Badan Kepegawaian dan Pengembangan Sumber Daya Manusia"] * 12,
        ["😀" * 20, "😀" * 20],
        ["x" * 30 + "'y"],
    ],
)
def test_sheet_names_are_such_as_excel_takes_and_differ_whatever_the_case(wanted):
    names = sheet_names(wanted)
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= LONGEST_SHEET_NAME
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"
