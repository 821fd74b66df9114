"""The `[checkins]` tables of a policy: what is asked of whom, when, by which channel, and what is kept of it.

`point`, `pair`, `interval`, `reachability`, `activity` and `membership` may stand several times; `place`,
`review`, `privacy` and `monitor` once. Every number has its unit in its name, a range and a default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from scheduler.checkins.verdicts import GRADE_ORDER
from scheduler.constraints.selection import Selection, When, Words, as_tuple
from scheduler.language import Bilingual, Refusal
from scheduler.problem import ABSENCE_KINDS, Person

Channel = Literal["any", "whatsapp", "telegram", "bot", "app", "calls", "activities"]
Channels = Annotated[tuple[Channel, ...], BeforeValidator(as_tuple)]
Status = Literal["home", "office", "leave", "travel", "sick", "isolation", "hospital", "permit", "study"]
Statuses = Annotated[tuple[Status, ...], BeforeValidator(as_tuple)]
assert set(Status.__args__) == {"home", "office", *ABSENCE_KINDS}  # type: ignore[attr-defined]


def _clock(value: Any) -> Any:
    """Take "07:30" and the Indonesian "07.30" alike."""
    return value.strip().replace(".", ":") if isinstance(value, str) else value


Clock = Annotated[time, BeforeValidator(_clock)]
Clocks = Annotated[
    tuple[Clock, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, time) else as_tuple(v)),
    Field(min_length=1),
]
Words_ = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]


class Table(BaseModel):
    """What every checkpoint's table takes: whom, when, which statuses of the roster, by which channel."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: str = Field(default="", description="a name of its own where the policy has several of this kind")
    for_: Selection = Field(default=Selection(), alias="for", description="whom it is asked of")
    when: When = Field(default=When(), description="the days or the phase in which it is asked")
    required_on: Statuses = Field(
        default=("home",),
        min_length=1,
        description="the statuses on whose days it is asked; default home days only",
    )
    channel: Channels = Field(default=("any",), min_length=1, description="the sources that count")
    least_grade: Literal["track", "export", "app", "self_declared"] = Field(
        default="self_declared",
        description="weaker evidence is unprovable: track, export, app or self_declared",
    )

    def asks(self, person: Person, day: date, status: str) -> bool:
        """Whether the checkpoint is asked of this person on a day of this status."""
        return status in self.required_on and self.selects(person, day)

    def selects(self, person: Person, day: date) -> bool:
        """Whether the checkpoint is for this person and day at all, whatever the status."""
        return self.for_.takes(person) and self.when.takes(day)

    def counts(self, channel: str) -> bool:
        """Whether evidence of this channel may count; "telegram" takes in a bot's updates."""
        return (
            "any" in self.channel
            or channel in self.channel
            or (channel == "bot" and "telegram" in self.channel)
        )

    def marks(self, people: Sequence[Person]) -> tuple[tuple[str, str], ...]:
        """Ask for no marks of its own; so the tables can stand beside rules in `leaders.mark_people`."""
        return ()

    @property
    def weakest(self) -> int:
        """The position of `least_grade` in the order of grades."""
        return GRADE_ORDER[self.least_grade]


class Placed(Table):
    """A checkpoint that may ask where the person was."""

    within_metres: int | None = Field(
        default=None,
        ge=10,
        le=200_000,
        description="metres from the home, where one is known; none: any place",
    )
    in_region: bool = Field(
        default=True, description="whether the region of [checkins.place], if any, is asked for"
    )
    reasons: Mapping[str, Words_] = Field(
        default_factory=dict,
        description="codes and the words that excuse being away from home: food, health …",
    )


class Point(Placed):
    """Times of day at which a sign is asked for, each with its window."""

    at: Clocks = Field(description="local times, such as 08:00")
    before_minutes: int = Field(
        default=15, ge=0, le=240, description="minutes before the time from which it counts"
    )
    after_minutes: int = Field(
        default=30, ge=0, le=240, description="minutes after the time until which it counts"
    )
    early_minutes: int = Field(
        default=30, ge=0, le=720, description="minutes before the window that count as early"
    )
    late_minutes: int = Field(
        default=60, ge=0, le=720, description="minutes after the window that count as late"
    )


class Pair(Placed):
    """An arrival and a departure, as an attendance app records them."""

    arrival: Clock = Field(default=time(7, 30), description="local time by which one arrives")
    departure: Clock = Field(default=time(16, 0), description="local time from which one may leave")
    arrival_before_minutes: int = Field(
        default=90, ge=0, le=480, description="minutes before arrival that count"
    )
    arrival_after_minutes: int = Field(
        default=15, ge=0, le=240, description="minutes after arrival that are in time"
    )
    departure_before_minutes: int = Field(
        default=0, ge=0, le=240, description="minutes before departure that are in time"
    )
    departure_after_minutes: int = Field(
        default=240, ge=0, le=480, description="minutes after departure that count"
    )

    @model_validator(mode="after")
    def _ordered(self) -> Pair:
        if self.arrival >= self.departure:
            came, left = f"{self.arrival:%H:%M}", f"{self.departure:%H:%M}"
            raise Refusal(
                Bilingual(
                    id=f"arrival ({came}) harus sebelum departure ({left})",
                    en=f"arrival ({came}) must be before departure ({left})",
                )
            )
        return self


class Interval(Placed):
    """A live location shared for hours: start, length and the largest gap that its track may have."""

    start: Clock = Field(description="local time at which sharing starts")
    before_minutes: int = Field(
        default=60, ge=0, le=240, description="minutes before the start from which it counts"
    )
    after_minutes: int = Field(
        default=15, ge=0, le=240, description="minutes after the start that are in time"
    )
    length_minutes: int = Field(default=480, ge=1, le=1440, description="minutes of sharing, 480 for 8 hours")
    largest_gap_minutes: int = Field(
        default=30, ge=1, le=480, description="minutes without a position at most"
    )
    late_minutes: int = Field(default=240, ge=0, le=720, description="minutes after that which count as late")


class Reachability(Table):
    """Calls to the person, each to be answered within minutes, in working hours."""

    channel: Channels = Field(default=("calls",), min_length=1, description="the sources that count")
    within_minutes: int = Field(
        default=15, ge=1, le=480, description="minutes in which a call is to be answered"
    )
    hours_from: Clock = Field(default=time(7, 30), description="local time from which one must be reachable")
    hours_to: Clock = Field(default=time(16, 0), description="local time until which one must be reachable")

    def counts(self, channel: str) -> bool:
        """Whether evidence of this channel may count; answers on giliran's own page are calls as a log's are."""
        return super().counts(channel) or (channel == "app" and "calls" in self.channel)


class Activity(Table):
    """Entries of work done, each against a target (SKP), so many a day."""

    channel: Channels = Field(default=("activities",), min_length=1, description="the sources that count")
    at_least: int = Field(default=1, ge=1, le=50, description="entries a day")
    by: Clock = Field(default=time(23, 59), description="local time by which entries with a time are in time")
    needs_target: bool = Field(default=True, description="whether an entry without a target is unprovable")
    words: Words = Field(default=(), description="words that make a chat message an entry, such as laporan")

    def counts(self, channel: str) -> bool:
        """Whether evidence of this channel may count; entries on giliran's own page are a log as any other."""
        return super().counts(channel) or (channel == "app" and "activities" in self.channel)


class Membership(Table):
    """Being in the group in which check-ins are sent."""

    group: str = Field(default="", description="the group's name, for the report")


class Place(BaseModel):
    """Where people may be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str = Field(
        default="", description="a GeoJSON file in the scenario folder: the region not to be left"
    )


class Review(BaseModel):
    """From when on something is flagged for review; never a verdict."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accuracy_metres: int = Field(
        default=100, ge=1, le=10_000, description="metres; worse accuracy is flagged"
    )
    speed_kmh: int = Field(
        default=150, ge=1, le=2_000, description="kilometres an hour between two positions"
    )
    live_period_seconds: int = Field(
        default=28_800, ge=60, le=86_400, description="seconds of live sharing; 8 hours"
    )
    clock_jump_minutes: int = Field(
        default=60, ge=1, le=1_440, description="minutes backwards between two lines"
    )


class Privacy(BaseModel):
    """What is kept of people's places, and for how long (UU PDP 27/2022)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coordinates: Literal["drop", "round"] = Field(
        default="drop", description="drop, or round and keep in the CSV"
    )
    decimals: int = Field(default=2, ge=0, le=3, description="decimals of rounded degrees; 2 is about 1.1 km")
    retention_days: int = Field(default=30, ge=1, le=3_650, description="days until raw evidence is purged")


class Monitor(BaseModel):
    """Who watches over an office's check-ins: the roster's roles, the first one that is held that day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: Words = Field(
        default=("monitor", "deputy"), min_length=1, description="roles of the roster, in order"
    )


class CheckinSettings(BaseModel):
    """Everything under `[checkins]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    point: tuple[Point, ...] = ()
    pair: tuple[Pair, ...] = ()
    interval: tuple[Interval, ...] = ()
    reachability: tuple[Reachability, ...] = ()
    activity: tuple[Activity, ...] = ()
    membership: tuple[Membership, ...] = ()
    place: Place = Place()
    review: Review = Review()
    privacy: Privacy = Privacy()
    monitor: Monitor = Monitor()

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table that makes checkpoints, in the order of kinds and of the policy."""
        return (*self.point, *self.pair, *self.interval, *self.reachability, *self.activity)

    @property
    def words(self) -> tuple[str, ...]:
        """The words for which chat messages are read, lower case: entries and reasons."""
        reasons = (w for t in self.tables if isinstance(t, Placed) for ws in t.reasons.values() for w in ws)
        return tuple(w.casefold() for w in (*(w for a in self.activity for w in a.words), *reasons))
