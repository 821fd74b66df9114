"""The rows under a table's headings, with the order of its dates settled before the first is handed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from scheduler.checkins.streams.cells import Moment, date_triple, parse_moment
from scheduler.checkins.streams.dates import AmbiguousOrderError, MixedOrderError, Order, Triple, settle_order
from scheduler.checkins.streams.opened import DamagedError
from scheduler.checkins.streams.senders import is_blank, raw
from scheduler.checkins.streams.tables import Cell, Heading, Row, find_heading, first_rows, read_rows
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.checkins.evidence.base import Reading

Aliases = Mapping[str, Sequence[str]]
Enough = Callable[[Mapping[str, int]], bool]

ROW_PROBLEMS = {
    "quotes": Bilingual(
        id="tanda petik tidak ditutup; barisnya dibaca satu per satu",
        en="a quote is never closed; its lines are read one by one",
    ),
    "long": Bilingual(id="baris terlalu panjang; dilewati", en="a line too long; skipped"),
}


class Records:
    """A table with its headings found; iterate for rows, `moment` reads their dates.

    Parameters
    ----------
    dated : the fields that hold dates, from which their order is settled.
    """

    def __init__(self, reading: Reading, aliases: Aliases, enough: Enough, dated: Sequence[str]) -> None:
        self.reading = reading
        self.heading: Heading | None = find_heading(first_rows(reading.file), aliases, enough)
        self.columns: Mapping[str, int] = self.heading.columns if self.heading else {}
        self._dated = dated
        self.order: Order = "dmy"

    def __iter__(self) -> Iterator[Row]:
        if self.heading is None or not self._settle():
            return
        yield from self._rows(is_reported=True)

    def moment(self, cells: Sequence[Cell], key: str, clock_key: str = "") -> Moment:
        """Return the moment in the column `key`, its clock time from `clock_key` where there is such a column."""
        hands = raw(cells, self.columns, clock_key) if clock_key else None
        return parse_moment(raw(cells, self.columns, key), hands, self.order, self.reading.clock)

    def _rows(self, *, is_reported: bool) -> Iterator[Row]:
        report = self._report if is_reported else _ignore
        try:
            for row in read_rows(self.reading.file, report):
                if self.heading and row.number > self.heading.number and not is_blank(row):
                    yield row
        except DamagedError as e:
            self.reading.is_truncated = True
            report(0, str(e))
        except ValueError as e:
            if is_reported:
                self.reading.refuse(
                    Bilingual(id="buku kerja tidak dapat dibaca", en="the workbook cannot be read"),
                    str(e),
                    Bilingual(
                        id="Simpan ulang sebagai .xlsx tanpa kata sandi, atau sebagai CSV.",
                        en="Save it as .xlsx without a password, or as CSV.",
                    ),
                )

    def _report(self, number: int, why: str) -> None:
        self.reading.report(
            ROW_PROBLEMS.get(why, Bilingual(id="berkas rusak di tengah", en="the file breaks off, damaged")),
            number,
            "" if why in ROW_PROBLEMS else why,
        )

    def _settle(self) -> bool:
        if self.reading.order:
            self.order = self.reading.order
            return True
        try:
            self.order = self.reading.order = settle_order(self._triples(), self.reading.days)
        except AmbiguousOrderError as e:
            self._refuse_order(
                str(e),
                Bilingual(
                    id="tanggalnya dapat dibaca hari/bulan maupun bulan/hari, dan keduanya ada di jadwal",
                    en="its dates can be read day/month or month/day, and the roster has both",
                ),
            )
        except MixedOrderError as e:
            self._refuse_order(
                str(e),
                Bilingual(
                    id="sebagian tanggal hanya mungkin hari/bulan, sebagian hanya bulan/hari",
                    en="some of its dates can only be day/month, others only month/day",
                ),
            )
        return not self.reading.is_refused

    def _triples(self) -> Iterator[Triple]:
        for row in self._rows(is_reported=False):
            for key in self._dated:
                triple = date_triple(raw(row.cells, self.columns, key))
                if triple:
                    yield triple

    def _refuse_order(self, value: str, problem: Bilingual) -> None:
        self.reading.refuse(
            problem,
            value,
            Bilingual(
                id="Ulangi dengan --date-order dmy (hari dahulu) atau mdy (bulan dahulu).",
                en="Say --date-order dmy (day first) or mdy (month first).",
            ),
        )


def _ignore(number: int, why: str) -> None:
    """Report nothing: a first look at a file that is read again."""
