"""Lines of a file of any size, none longer than a limit, each with its number and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MOST_BYTES = 65_536
"""Of one line; the rest of a longer one is read and dropped."""


class Line(NamedTuple):
    """One line without its ending; `ending` is "", LF or CRLF, `is_cut` where it was longer than allowed."""

    number: int
    text: str
    ending: str
    is_cut: bool


def read_lines(stream: BinaryIO, most: int = MOST_BYTES) -> Iterator[Line]:
    """Yield the lines of UTF-8 text; bytes that are none become U+FFFD, a byte order mark at the start is dropped."""
    number = 0
    readline = stream.readline
    while raw := readline(most):
        number += 1
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if raw.endswith(b"\n"):
            ending, body = ("\r\n", raw[:-2]) if raw.endswith(b"\r\n") else ("\n", raw[:-1])
            yield Line(number, body.decode("utf-8", "replace"), ending, False)
            continue
        is_cut = len(raw) >= most
        ending = ""
        while is_cut and (more := readline(1 << 20)):
            if more.endswith(b"\n"):
                ending = "\r\n" if more.endswith(b"\r\n") else "\n"
                break
        yield Line(number, raw.decode("utf-8", "replace"), ending, is_cut)
