"""The objects of an array in a JSON file of any size, one at a time, each with the line on which it starts.

ijson streams too, but does not tell lines; here the C decoder of the standard library takes one object at a
time from a window of text. What is broken, too deep or too long is skipped up to the next object and reported.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

BLOCK = 1 << 18
MOST_CHARACTERS = 2 << 20
"""Of one object; longer ones are skipped."""

_STRUCTURE = re.compile(r'[{}\[\]"]')
_STRING_END = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)
_GAP = re.compile(r"[\s,\ufeff]*")
_NEXT = re.compile(r'[{]\s*"(?:id|update_id)"\s*:\s*-?\d')

Report = Callable[[int, str], None]
"""Called with a line and one of "broken", "deep", "long", "truncated"."""


class ObjectStream:
    """Walks through the arrays of one key, such as `messages`; `is_truncated` tells how the file ended."""

    def __init__(self, stream: BinaryIO, key: str, report: Report) -> None:
        self._stream = stream
        self._start = re.compile(rf'"{key}"\s*:\s*\[')
        self._report = report
        self._decode = json.JSONDecoder(parse_constant=lambda _: None).raw_decode
        self._text_of = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._window, self._at, self._line, self._ended = "", 0, 1, False
        self.is_truncated = False

    def objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield (line, object) for every object of every such array."""
        while self._find_array():
            yield from self._array()

    def _array(self) -> Iterator[tuple[int, dict[str, Any]]]:
        while True:
            self._skip_gap()
            if self._at >= len(self._window):
                self.is_truncated = True
                self._report(self._line, "truncated")
                return
            if self._window[self._at] == "]":
                self._move(1)
                return
            line = self._line
            value = self._value()
            if isinstance(value, dict):
                yield line, value

    def _value(self) -> Any:
        """Return the value at the cursor and step behind it; None where it was skipped."""
        while True:
            try:
                value, end = self._decode(self._window, self._at)
            except RecursionError:
                return self._skip("deep")
            except ValueError:
                if self._ended or len(self._window) - self._at > MOST_CHARACTERS:
                    return self._skip("long" if not self._ended else "broken")
                if self._is_hopeless():
                    return self._skip("broken")
                self._more()
                continue
            self._move(end - self._at)
            return value

    def _is_hopeless(self) -> bool:
        """Whether the brackets of the value close within the window, so that reading on cannot mend it."""
        return self._closing() is not None

    def _closing(self) -> int | None:
        """Return the index behind the value at the cursor by counting brackets, or None where it does not close."""
        depth, at = 0, self._at
        while found := _STRUCTURE.search(self._window, at):
            at = found.end()
            mark = found[0]
            if mark == '"':
                string = _STRING_END.match(self._window, at)
                if string is None:
                    return None
                at = string.end()
            else:
                depth += 1 if mark in "{[" else -1
                if depth <= 0:
                    return at if depth == 0 and mark in "}]" else found.start()
        return None

    def _skip(self, why: str) -> None:
        """Step to where the next object seems to begin."""
        self._report(self._line, why)
        end = self._closing()
        if end is not None and end > self._at:
            self._move(end - self._at)
            return
        self._move(1)
        while True:
            found = _NEXT.search(self._window, self._at)
            if found:
                self._move(found.start() - self._at)
                return
            self._move(max(0, len(self._window) - self._at - 64))
            if self._ended:
                self._move(len(self._window) - self._at)
                return
            self._more()

    def _find_array(self) -> bool:
        while True:
            found = self._start.search(self._window, self._at)
            if found:
                self._move(found.end() - self._at)
                return True
            self._move(max(0, len(self._window) - self._at - 200))
            if self._ended:
                return False
            self._more()

    def _skip_gap(self) -> None:
        while True:
            found = _GAP.match(self._window, self._at)
            if found:
                self._move(found.end() - self._at)
            if self._at < len(self._window) or self._ended:
                return
            self._more()

    def _move(self, count: int) -> None:
        self._line += self._window.count("\n", self._at, self._at + count)
        self._at += count

    def _more(self) -> None:
        block = self._stream.read(BLOCK)
        self._ended = not block
        self._window = self._window[self._at :] + self._text_of.decode(block, final=not block)
        self._at = 0
