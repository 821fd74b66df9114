"""Invents evidence for a roster, with the verdict that each checkpoint must get: the truth to judge the judge by.

Every source is drawn on; what a person does at a checkpoint is drawn first, the lines that show it are made
from it, and the truth is written down before anything is read back.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from scheduler.checkins.roster_days import RosterDays
from scheduler.checkins.settings import Activity, CheckinSettings, Interval, Pair, Placed, Point, Reachability
from scheduler.checkins.streams.times import LocalClock
from scheduler.checkins.windows import Group, Window, groups_of
from scheduler.problem import ABSENCE_KINDS, Person
from scheduler.roster import OFF
from scheduler.synth.evidence_forms import FORMS, Item, write_sources

Truth = dict[tuple[date, str, str], tuple[str, str]]
"""(verdict, grade) by day, person id and checkpoint."""

CENTRE = (-2.55, 120.32)
"""Latitude and longitude about which people without a known home are placed: Masamba."""
POINT_WAYS = (
    ("on_time", 70),
    ("late", 8),
    ("early", 5),
    ("missing", 8),
    ("away", 4),
    ("live", 2),
    ("link", 3),
)
TRACK_WAYS = (("whole", 60), ("late", 10), ("gap", 8), ("stops", 8), ("away", 6), ("missing", 8))
PLAIN_WAYS = (("good", 70), ("late", 12), ("missing", 12), ("odd", 6))
APP_SHARE, TELEGRAM_SHARE, BOT_SHARE = 0.15, 0.15, 0.1
"""Of the people, whose points come by an app, by a Telegram export or by a bot; the rest use WhatsApp."""


@dataclass
class EvidenceSet:
    """What was made: the files, the truth, and the aliases without which some senders are unknown."""

    files: list[Path] = field(default_factory=list)
    truth: Truth = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


@dataclass
class _Maker:
    """Draws ways and makes items, all from one seed."""

    roster: RosterDays
    settings: CheckinSettings
    zone: ZoneInfo
    random: Random
    only_whatsapp: bool
    made: EvidenceSet = field(default_factory=EvidenceSet)
    items: dict[str, list[Item]] = field(default_factory=dict)

    def put(self, source: str, item: Item) -> None:
        self.items.setdefault(source, []).append(item)

    def near_home(self, person: Person, metres: float) -> tuple[float, float]:
        """Return a place at some distance below `metres` from home, to seven decimals and never twice the same."""
        latitude, longitude = (person.latitude, person.longitude)
        if latitude is None or longitude is None:
            latitude, longitude = (
                CENTRE[0] + self.random.gauss(0, 0.01),
                CENTRE[1] + self.random.gauss(0, 0.01),
            )
        return self.shifted(latitude, longitude, metres * 0.6 * self.random.random())

    def shifted(self, latitude: float, longitude: float, metres: float) -> tuple[float, float]:
        """Return the place so many metres away in a random direction."""
        angle = self.random.uniform(0, 2 * math.pi)
        north = metres * math.cos(angle) / 111_000
        east = metres * math.sin(angle) / (111_320 * math.cos(math.radians(latitude)))
        return round(latitude + north, 7), round(longitude + east, 7)


def write_evidence(
    roster: RosterDays,
    settings: CheckinSettings,
    zone: ZoneInfo,
    folder: Path,
    *,
    seed: int = 0,
    only_whatsapp: bool = False,
    truth: Path | None = None,
) -> EvidenceSet:
    """Write evidence of all sources and `aliases.csv` into `folder`, and the truth beside it or to where it is told.

    People whom an interval selects are given no points or pairs, and those of a pair no points: what shows the one
    would show the other too.

    Parameters
    ----------
    only_whatsapp : make nothing but WhatsApp exports, for measuring.
    truth : the table of true verdicts; `truth.csv` in `folder` where none is given.
    """
    maker = _Maker(roster, settings, zone, Random(seed), only_whatsapp)
    groups = groups_of(settings)
    clock = LocalClock(zone)
    units = list(dict.fromkeys(p.unit for p in roster.people))
    for number, person in enumerate(roster.people):
        chosen = [g for g in groups if g.table.for_.takes(person)]
        for kind, lesser in ((Interval, Point | Pair), (Pair, Point)):
            if any(isinstance(g.table, kind) for g in chosen):
                chosen = [g for g in chosen if not isinstance(g.table, lesser)]
        source = _source_of(person, number, units.index(person.unit), maker)
        for day in roster.days:
            status = roster.statuses.get((person.id, day), "")
            if status and status != OFF:
                for group in chosen:
                    if group.table.when.takes(day):
                        _person_day(maker, person, day, status, group, group.windows(day, clock), source)
    _chatter(maker, units, clock)
    folder.mkdir(parents=True, exist_ok=True)
    maker.made.files = write_sources(folder, maker.items, zone, maker.random)
    _write_aliases(folder / "aliases.csv", maker.made)
    _write_truth(truth or folder / "truth.csv", maker.made)
    return maker.made


def _source_of(person: Person, number: int, unit: int, maker: _Maker) -> str:
    """Return the file that a person's points come in."""
    form = f"whatsapp-{FORMS[unit % len(FORMS)].name}"
    draw = maker.random.random()
    if maker.only_whatsapp or draw >= APP_SHARE + TELEGRAM_SHARE + BOT_SHARE:
        return form
    if draw < APP_SHARE:
        return "app"
    return "telegram" if draw < APP_SHARE + TELEGRAM_SHARE else "bot"


def _person_day(
    maker: _Maker,
    person: Person,
    day: date,
    status: str,
    group: Group,
    windows: Sequence[Window],
    source: str,
) -> None:
    table = group.table
    if status not in table.required_on:
        verdict = (
            "excused"
            if status in ABSENCE_KINDS or (person.id, day) in maker.roster.excuses
            else "not_required"
        )
        for checkpoint in group.checkpoints:
            maker.made.truth[day, person.id, checkpoint.label] = (verdict, "none")
    elif isinstance(table, Point):
        _points(maker, person, day, group, windows, source)
    elif isinstance(table, Pair):
        _pair(maker, person, day, group, windows)
    elif isinstance(table, Interval):
        _interval(maker, person, day, group, windows[0], source)
    elif isinstance(table, Reachability):
        _calls(maker, person, day, group, windows[0])
    elif isinstance(table, Activity):
        _entries(maker, person, day, group)


def _draw(maker: _Maker, ways: Sequence[tuple[str, int]]) -> str:
    return maker.random.choices([way for way, _ in ways], [weight for _, weight in ways])[0]


def _points(
    maker: _Maker, person: Person, day: date, group: Group, windows: Sequence[Window], source: str
) -> None:
    table = group.table
    assert isinstance(table, Placed)
    grade = {"app": "app", "telegram": "export", "bot": "export"}.get(source, "self_declared")
    asks_place = table.within_metres is not None and person.latitude is not None
    is_live = False
    for checkpoint, window in zip(group.checkpoints, windows, strict=True):
        way = _draw(maker, POINT_WAYS)
        if (
            (way == "away" and not asks_place)
            or (way == "late" and checkpoint.late < 600)
            or (way == "early" and checkpoint.early < 600)
        ):
            way = "on_time"
        if way in ("live", "link") and not source.startswith("whatsapp"):
            way = "missing"
        low, high = {
            "late": (window.closes + 60, window.closes + 540),
            "early": (window.opens - 540, window.opens - 60),
        }.get(way, (window.opens + 60, max(window.opens + 60, window.closes - 60)))
        at = maker.random.randint(low, high)
        truth = ({"away": "out_of_area"}.get(way, way), grade)
        if way == "missing":
            truth = ("unprovable", "self_declared") if is_live else ("missing", "none")
        elif way == "live":
            is_live, truth = True, ("unprovable", grade)
            maker.put(source, Item(at, person, "live"))
        elif way == "link":
            truth = ("unprovable" if asks_place else "on_time", grade)
            maker.put(source, Item(at, person, "place"))
        else:
            where = maker.near_home(person, table.within_metres or 300)
            if way == "away":
                where = maker.shifted(*where, (table.within_metres or 300) * 3)
                truth = ("unprovable" if is_live else "out_of_area", "self_declared" if is_live else grade)
            elif is_live and way in ("late", "early"):
                truth = ("unprovable", "self_declared")
            maker.put(source, Item(at, person, "position", *where, accuracy=maker.random.randint(3, 60)))
        maker.made.truth[day, person.id, checkpoint.label] = truth


def _pair(maker: _Maker, person: Person, day: date, group: Group, windows: Sequence[Window]) -> None:
    for checkpoint, window in zip(group.checkpoints, windows, strict=True):
        way = _draw(maker, PLAIN_WAYS)
        is_arrival = checkpoint.kind == "arrival"
        if way == "missing":
            maker.made.truth[day, person.id, checkpoint.label] = ("missing", "none")
            continue
        verdict = "on_time" if way != "late" else "late" if is_arrival else "early"
        at = maker.random.randint(window.opens + 60, window.closes - 60)
        if way == "late":
            at = window.closes + 1200 if is_arrival else window.opens - 1200
        where = maker.near_home(person, 300)
        maker.put(
            "app", Item(at, person, "position", *where, direction="in" if is_arrival else "out", accuracy=20)
        )
        maker.made.truth[day, person.id, checkpoint.label] = (verdict, "app")


def _interval(maker: _Maker, person: Person, day: date, group: Group, window: Window, source: str) -> None:
    table = group.table
    assert isinstance(table, Interval)
    label = group.checkpoints[0].label
    way = _draw(maker, TRACK_WAYS)
    if way == "missing":
        maker.made.truth[day, person.id, label] = ("missing", "none")
        return
    length, gap = table.length_minutes * 60, table.largest_gap_minutes * 60
    start = maker.random.randint(window.due, window.closes)
    if source != "bot":  # an export shows a start and one last position; WhatsApp not even that
        grade = "export" if source == "telegram" else "self_declared"
        source = source if source != "app" else "telegram"
        grade = "export" if source == "telegram" else grade
        where = maker.near_home(person, 200)
        maker.put(source, Item(start, person, "live", *where, live_period=length))
        maker.made.truth[day, person.id, label] = ("unprovable", grade)
        return
    if way == "away" and (table.within_metres is None or person.latitude is None):
        way = "whole"
    if way == "late":
        start = window.closes + 1800
    verdict = {
        "whole": "on_time",
        "late": "late",
        "gap": "unprovable",
        "stops": "early",
        "away": "out_of_area",
    }[way]
    here = maker.near_home(person, 200)
    at, end, step = start, start + length, max(60, gap // 2)
    middle = start + length // 2
    stop = start + length // 2 if way == "stops" else end
    while at <= stop:
        if not (way == "gap" and middle <= at < middle + 2 * gap):
            where = maker.shifted(*here, maker.random.random() * 20)
            if way == "away" and middle <= at < middle + gap:
                where = maker.shifted(*here, (table.within_metres or 500) * 3)
            maker.put(
                "bot", Item(at, person, "track", *where, accuracy=12, live_period=length, started=start)
            )
        at += step
    maker.made.truth[day, person.id, label] = (verdict, "track")


def _calls(maker: _Maker, person: Person, day: date, group: Group, window: Window) -> None:
    table = group.table
    assert isinstance(table, Reachability)
    way = _draw(maker, PLAIN_WAYS)
    base = group.checkpoints[0].label
    if way == "odd":
        maker.made.truth[day, person.id, base] = ("not_required", "none")
        return
    at = window.opens + 60 * maker.random.randint(1, max(2, (window.closes - window.opens) // 60 - 30))
    seconds = (
        (at - window.opens) + group.checkpoints[0].due.hour * 3600 + group.checkpoints[0].due.minute * 60
    )
    label = f"{base} {seconds // 3600:02}:{seconds // 60 % 60:02}"
    within = table.within_minutes
    minutes = {"good": maker.random.randint(0, within), "late": within + 10, "missing": -1}[way]
    verdict = {"good": "on_time", "late": "late", "missing": "missing"}[way]
    maker.put("calls", Item(at, person, "call", minutes=minutes))
    maker.made.truth[day, person.id, label] = (verdict, "self_declared")


def _entries(maker: _Maker, person: Person, day: date, group: Group) -> None:
    table = group.table
    assert isinstance(table, Activity)
    way = _draw(maker, PLAIN_WAYS)
    label = group.checkpoints[0].label
    if way == "missing":
        maker.made.truth[day, person.id, label] = ("missing", "none")
        return
    has_target = way != "odd" or not table.needs_target
    for number in range(table.at_least):
        maker.put("activities", Item(number, person, "activity", day=day, text="SKP 1" if has_target else ""))
    maker.made.truth[day, person.id, label] = ("on_time" if has_target else "unprovable", "self_declared")


def _chatter(maker: _Maker, units: Sequence[str], clock: LocalClock) -> None:
    """Make somebody of every office talk on the first and the last day in every file, so that it reaches them."""
    days = maker.roster.days
    first, _ = clock.instant(days[0], 0, 5)
    last, _ = clock.instant(days[-1], 23, 50)
    speakers = {p.unit: p for p in maker.roster.people}
    for source, items in maker.items.items():
        for unit in units:
            speaker = speakers[unit]
            if source == "activities":
                for n, day in enumerate((days[0], days[-1])):
                    absent = maker.roster.statuses.get((speaker.id, day), "") not in ("home",)
                    if absent:
                        items.append(Item(900 + n, speaker, "activity", day=day, text="SKP 2"))
            elif source == "calls":
                items.extend(Item(at, speaker, "call", minutes=1) for at in (first, last))
            elif source == "app":
                items.extend(Item(at, speaker, "entry") for at in (first, last))
            else:
                items.extend(Item(at, speaker, "text", text="Selamat pagi\nsemua") for at in (first, last))
        if source.startswith("whatsapp"):
            items.append(Item(first + 7200, None, "position", *CENTRE, text="Tukang Galon 88"))
        for item in items:
            if item.person is not None and source.startswith("whatsapp") and not item.person.phone:
                maker.made.aliases[f"{item.person.name} {item.person.unit}"] = item.person.id
            if item.person is not None and source in ("telegram", "bot") and not item.person.telegram:
                maker.made.aliases[f"{item.person.name} {item.person.unit}"] = item.person.id


def _write_aliases(path: Path, made: EvidenceSet) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("sender", "person_id"), *made.aliases.items()])


def _write_truth(path: Path, made: EvidenceSet) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream, lineterminator="\n").writerow
        write(("date", "person_id", "checkpoint", "verdict", "grade"))
        for (day, person, checkpoint), (verdict, grade) in made.truth.items():
            write((day.isoformat(), person, checkpoint, verdict, grade))
