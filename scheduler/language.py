"""Text that people read, always written in both languages at the place where it arises.

A missing translation is a type error, not something a catalogue finds out later: every sentence is a
`Bilingual`, and both halves are required.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

Language = Literal["id", "en"]

MONTHS_ID = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Bilingual(NamedTuple):
    """One sentence in Indonesian and in English.

    Examples
    --------
    >>> Bilingual(id="Kantor", en="Office").in_language("en")
    'Office'
    """

    id: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the half written in `language`."""
        return self.id if language == "id" else self.en


def format_date(day: date, language: Language, *, weekday: bool = False) -> str:
    """Return a date as people write it: `3 Agustus 2021`, with its weekday if asked: `Selasa, 3 Agustus 2021`."""
    months, weekdays = (MONTHS_ID, WEEKDAYS_ID) if language == "id" else (MONTHS_EN, WEEKDAYS_EN)
    text = f"{day.day} {months[day.month - 1]} {day.year}"
    return f"{weekdays[day.weekday()]}, {text}" if weekday else text


def format_number(value: float, language: Language, decimals: int = 1) -> str:
    """Return a number with the decimal mark of the language: `1.234,5` or `1,234.5`; halves are rounded up, as Excel does."""
    text = f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "id" else text


class Refusal(ValueError):  # noqa: N818 - not an error of ours but a sentence for whoever wrote the value
    """A value that a setting does not take, in both languages; pydantic carries it to the fault."""

    def __init__(self, sentence: Bilingual) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence
