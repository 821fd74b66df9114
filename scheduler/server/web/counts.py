"""How often something was asked for in the present minute, counted by all processes of a server together.

A table of a quarter of a million numbers, two for each key, of which the lesser counts (a count-min sketch: Cormode and
Muthukrishnan, Journal of Algorithms 55, 2005). No key counts too low because of another; too high only where both its
numbers are those of others, which with a hundred busy addresses happens to one key in a million. Two processes that
count in the very same instant may lose one, which lets one request more pass.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from multiprocessing.shared_memory import SharedMemory
from struct import Struct

MINUTE = 60
NUMBERS = 1 << 18
ONE, TIME = Struct("=I"), Struct("=d")
SALT = 16
"""Bytes at the beginning, random: nobody can choose keys that meet those of others."""
BEGAN, AT = SALT, SALT + TIME.size
"""Where it stands when all began, and in which minute since then."""
TABLE = AT + ONE.size
SIZE = TABLE + ONE.size * NUMBERS
SHARED = "GILIRAN_COUNTS"
"""Where processes find the name of what they share; not for people to set."""


class Counts:
    """Counts by key of the present minute.

    Parameters
    ----------
    memory : of `SIZE`; None for counts of this process alone.
    clock : seconds, the same for all processes of this computer.
    """

    def __init__(
        self, memory: SharedMemory | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._memory = memory  # which would be unmapped with its last reference
        self._table = bytearray(_beginning(clock())) if memory is None else _table(memory)
        self._salt, self._clock = bytes(self._table[:SALT]), clock
        self._began = TIME.unpack_from(self._table, BEGAN)[0]

    def hit(self, key: str) -> tuple[int, float]:
        """Count one; return how many there were in this minute, and how many seconds it still has."""
        minute, second = divmod(self._clock() - self._began, MINUTE)
        table = self._table
        if ONE.unpack_from(table, AT)[0] != int(minute):
            table[AT:SIZE] = ONE.pack(int(minute)) + bytes(SIZE - TABLE)
        places = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, key=self._salt).digest()
        counts = []
        for place in {ONE.unpack_from(places, 0)[0] % NUMBERS, ONE.unpack_from(places, 4)[0] % NUMBERS}:
            at = TABLE + ONE.size * place
            count = ONE.unpack_from(table, at)[0] + 1
            ONE.pack_into(table, at, count)
            counts.append(count)
        return min(counts), MINUTE - second


@contextmanager
def shared_counts() -> Iterator[str]:
    """Yield the name under which other processes of this computer find one memory; it ends with the block."""
    memory = SharedMemory(create=True, size=SIZE)
    try:
        _table(memory)[:SIZE] = _beginning(time.monotonic())
        yield memory.name
    finally:
        memory.close()
        memory.unlink()


def attached_counts(name: str) -> Counts:
    """Return the counts that processes share under a name."""
    return Counts(SharedMemory(name))


def _table(memory: SharedMemory) -> memoryview:
    assert memory.buf is not None, "it has not been closed"
    return memory.buf


def _beginning(now: float) -> bytes:
    return os.urandom(SALT) + TIME.pack(now) + bytes(SIZE - AT)
