"""What every source of evidence is: it recognises its files and streams what they hold, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain
from typing import ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from scheduler.checkins.flags import BIT
from scheduler.checkins.streams.dates import Order
from scheduler.checkins.streams.opened import Opened
from scheduler.checkins.streams.times import LocalClock
from scheduler.errors import Fault
from scheduler.language import Bilingual

MOST_FAULTS = 100
"""Printed of one file; more are counted."""


class Evidence(NamedTuple):
    """One thing that one sender sent, as one line of one file shows it.

    Attributes
    ----------
    kind : "position", "place" (a location without coordinates), "live" (a live location without a track),
        "text", "withheld" (a message whose content is gone), "entry" (an app's record without a position), "call",
        "activity" or "member".
    at : seconds since 1970 UTC; None where the file gives none or it cannot be read.
    sender : as the file names them, for people to read.
    ids : further marks of the sender: "telegram:123", "nip:…", "phone:62…", "id:…".
    until : how far a claimed live location may have reached, seconds since 1970.
    precision : seconds within which `at` is known; 60 where the file gives minutes only.
    accuracy : metres, or None; `has_accuracy` tells whether the source gives any at all.
    is_doubtful : it may be no message of this sender at all.
    answered, is_answer_known : of a call.
    kept : metres from home and whether in the region, where the coordinates are forgotten already.
    """

    kind: str
    at: int | None
    line: int
    sender: str
    channel: str = ""
    grade: str = "self_declared"
    ids: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    has_accuracy: bool = False
    precision: int = 1
    until: int | None = None
    live_period: int | None = None
    direction: str = ""
    flags: int = 0
    is_doubtful: bool = False
    text: str = ""
    target: str = ""
    answered: int | None = None
    is_answer_known: bool = True
    day: date | None = None
    kept: tuple[int | None, bool | None] | None = None


class Reading:
    """What reading one file needs, and what it finds out: faults, how dates are written, whether it breaks off.

    Parameters
    ----------
    zone : of clock times without an offset, such as the exporter's phone; printed in the report.
    days : the roster's dates, which settle whether the day or the month stands first.
    order : how dates are written, where the caller says so.
    is_known : whether an id mark ("nip:…") belongs to anyone in the roster.
    """

    def __init__(
        self,
        file: Opened,
        *,
        zone: ZoneInfo,
        days: Collection[date],
        order: Order | None = None,
        jump_seconds: int = 3600,
    ) -> None:
        self.file = file
        self.clock = LocalClock(zone)
        self.days = days
        self.order = order
        self.jump_seconds = jump_seconds
        self.faults: list[Fault] = []
        self.fault_count = 0
        self.is_truncated = False
        self.is_refused = False
        self.disordered = 0
        self.messages = 0

    def report(
        self, problem: Bilingual, line: int = 0, value: str = "", remedy: Bilingual | None = None
    ) -> None:
        """Note something that could not be read; reading goes on."""
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(
                Fault(
                    file=self.file.name, row=line, problem=problem, value=value, remedy=remedy, warning=True
                )
            )

    def refuse(self, problem: Bilingual, value: str = "", remedy: Bilingual | None = None) -> None:
        """Note that nothing of the file is taken."""
        self.is_refused = True
        self.fault_count += 1
        self.faults.append(Fault(file=self.file.name, problem=problem, value=value, remedy=remedy))


class Source:
    """The base of every source.

    Attributes
    ----------
    key : the file's name, set on discovery.
    tells_exporters_time : clock times without an offset are those of the phone or computer that exported it;
        else they are the policy's.
    is_export : somebody saved it at a moment that it does not tell; false of what giliran's own server kept.
    keeps_newest : a file of so many messages may lack older ones; 0 where none is left out.
    """

    key: ClassVar[str] = ""
    tells_exporters_time: ClassVar[bool] = False
    is_export: ClassVar[bool] = True
    keeps_newest: ClassVar[int] = 0
    title: ClassVar[Bilingual]
    channel: ClassVar[str]

    def recognises(self, file: Opened) -> int:
        """Return how sure it is that the file is of this source: 0 not at all, 100 certainly."""
        raise NotImplementedError

    def read(self, reading: Reading) -> Iterator[Evidence]:
        """Yield what the file holds, in its order, in constant memory."""
        raise NotImplementedError


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """Whether the numbers can be a place on earth; 0, 0 is what phones give that know nothing."""
    return (
        latitude is not None
        and longitude is not None
        and -90 <= latitude <= 90
        and -180 <= longitude <= 180
        and (latitude, longitude) != (0.0, 0.0)
    )


def watch_clock(stream: Iterator[Evidence], reading: Reading) -> Iterator[Evidence]:
    """Flag what is out of time against the lines around it, holding back two at a time.

    Where a line stands more than the limit before its predecessor, one of the two has jumped: the one without
    which the lines around are in order; both where either may be. Where a tenth of a file is out of order it was
    shuffled, and the flag says nothing (`Reading.disordered` counts).
    """
    limit = reading.jump_seconds
    before: int | None = None
    first: Evidence | None = None
    second: Evidence | None = None
    for third in chain(stream, (None,)):
        if third is not None:
            reading.messages += 1
        if first is not None and second is not None:
            first, second = _compared(first, second, before, third, limit, reading)
        if first is not None:
            yield first
            if first.at is not None and not first.flags & BIT["clock_jump"]:
                before = first.at
        first, second = second, third
    if first is not None:
        yield first


def _compared(
    first: Evidence,
    second: Evidence,
    before: int | None,
    after: Evidence | None,
    limit: int,
    reading: Reading,
) -> tuple[Evidence, Evidence]:
    if (
        first.at is None
        or second.at is None
        or second.at >= first.at - limit
        or first.flags & BIT["clock_jump"]
    ):
        return first, second
    reading.disordered += 1
    bit = BIT["clock_jump"]
    fits_without_first = before is None or second.at >= before - limit
    fits_without_second = after is None or after.at is None or after.at >= first.at - limit
    if fits_without_first or not fits_without_second:
        first = first._replace(flags=first.flags | bit)
    if fits_without_second or not fits_without_first:
        second = second._replace(flags=second.flags | bit)
    return first, second
