from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Event

from scheduler.write.calendar.text import JOINERS, Text, one_line, text_line


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Budi\rSantoso", "Budi Santoso"),
        ("Budi\x00\r\nSantoso\n", "Budi Santoso"),
        ("a\x0bb\x0cc\x1cd\x1de\x1ef\x1fg\x7fh\x85i\u2028j\u2029k", "a b c d e f g h i j k"),
        ("Bu\ud800di", "Budi"),
        ("\ufeffBudi\u202e \u200eidu", "Budi idu"),
        ("नर्\u200dक", "नर्\u200dक"),
        ("\x00", "?"),
        ("", "?"),
        ("Dr. Hj. Siti Ma'mur, S.Sos.; M.Si \\ 100 %", "Dr. Hj. Siti Ma'mur, S.Sos.; M.Si \\ 100 %"),
    ],
)
def test_what_could_break_a_line_goes_and_the_rest_stays(given_text: str, kept: str) -> None:
    assert one_line(given_text) == kept


@settings(deadline=None)
@given(st.text(st.characters(codec=None)))
def test_no_control_separator_surrogate_or_reordering_mark_is_left(text: str) -> None:
    line = one_line(text)
    assert not [
        c
        for c in line
        if category(c) in ("Cc", "Zl", "Zp", "Cs") or (category(c) == "Cf" and c not in JOINERS)
    ]
    assert line.encode().decode() == line == line.strip() == one_line(line)
    assert line.splitlines() == [line]


@pytest.mark.parametrize("text", [r"Umum\Nasional", r"Umum\nasional", r"a\\N; b, c:^" "d^n", "satu\ndua"])
def test_a_backslash_before_an_n_stays_one(text: str) -> None:
    event = Event()
    event.add("SUMMARY", Text(text))
    assert Event.from_ical(event.to_ical())["SUMMARY"] == text


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\\^\n;,é·—")))
def test_lines_are_folded_as_icalendar_folds_them(text: str) -> None:
    event = Event()
    event.add("DESCRIPTION", Text(text))
    assert text_line("DESCRIPTION", Text(text)) in event.to_ical(sorted=False)
    assert Event.from_ical(b"BEGIN:VEVENT\r\n" + text_line("DESCRIPTION", Text(text)) + b"END:VEVENT\r\n")


def test_long_lines_are_folded_as_icalendar_folds_them() -> None:
    for text in ("\\" * 300, "é" * 200, "a^" * 150, "; ,\n" * 99, "x" * 73 + "\\n" + "ü—" * 50, "𝔄" * 60):
        for shift in range(5):
            event = Event()
            event.add("DESCRIPTION", Text("y" * shift + text))
            assert text_line("DESCRIPTION", Text("y" * shift + text)) in event.to_ical(sorted=False)
