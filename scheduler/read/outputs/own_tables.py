"""Reading the tables that giliran itself wrote, strictly: they are for programs, people edit the workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.table_format import unguard

LEAVE_ALONE = Bilingual(
    id="Tabel ini untuk program; ubahlah roster.xlsx, lalu `giliran replan --from-xlsx`.",
    en="This table is for programs; edit roster.xlsx instead, then `giliran replan --from-xlsx`.",
)


def read_own_table(table: Path, columns: Sequence[str]) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Return the rows of one of our tables with their row numbers, and the faults of its form.

    Rows are numbered as a text editor numbers the line on which they begin. Rows of a wrong length are faults
    and left out; empty lines count for nothing.

    Raises
    ------
    InputError
        Where the file cannot be read at all, or has other columns than `columns`.
    """

    def fault(problem: Bilingual, row: int = 0, value: str = "", allowed: Bilingual | None = None) -> Fault:
        return Fault(
            problem=problem, file=str(table), row=row, value=value, allowed=allowed, remedy=LEAVE_ALONE
        )

    rows: list[tuple[int, list[str]]] = []
    faults: list[Fault] = []
    try:
        text = table.read_bytes().decode("utf-8-sig")
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = next(lines, [])
        if tuple(header) != tuple(columns):
            heading = ",".join(columns)
            wrong = Bilingual(id="judul kolomnya keliru", en="wrong column headings")
            raise InputError([fault(wrong, 1, ",".join(header), Bilingual(id=heading, en=heading))])
        end = lines.line_num
        for cells in lines:
            start, end = end + 1, lines.line_num
            if len(cells) == len(columns):
                rows.append((start, [unguard(cell) if cell[:1] == "'" else cell for cell in cells]))
            elif cells:
                numbers = len(cells), len(columns)
                wrong = Bilingual(
                    id="{} kolom, seharusnya {}".format(*numbers),
                    en="{} columns instead of {}".format(*numbers),
                )
                faults.append(fault(wrong, start))
    except OSError as error:
        unread = Bilingual(id=f"tidak terbaca ({error.strerror})", en=f"cannot be read ({error.strerror})")
        raise InputError([Fault(problem=unread, file=str(table))]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        unread = Bilingual(id=f"bukan CSV UTF-8 ({error})", en=f"no CSV in UTF-8 ({error})")
        raise InputError([fault(unread)]) from error
    return rows, faults
