"""The command line's tweaks, applied to the policy's tables before they are parsed: one run, nothing written back."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from scheduler.constraints.selection import matches
from scheduler.errors import PolicyError
from scheduler.language import Bilingual
from scheduler.problem import RANKS
from scheduler.read.phases import Phased
from scheduler.read.policy_faults import Place, Source, dotted
from scheduler.read.policy_tables import PolicyTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweaks:
    """What the command line changes for one run; each as typed.

    `pairs` of NAME=VALUE and the dates of `holiday` are kept as strings, so that the certificate records what was asked.
    """

    first: date | None = None
    last: date | None = None
    quota: tuple[str, ...] = ()
    rounding: str = ""
    stint: str = ""
    min_on_site: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    service_post: tuple[str, ...] = ()
    capacity: int | None = None
    weekday: tuple[str, ...] = ()
    max_home_per_week: int | None = None
    settings: tuple[str, ...] = field(default=())
    phase: str = ""
    holiday: tuple[str, ...] = ()

    def as_flags(self) -> dict[str, str]:
        """Return the tweaks in force by flag, for the certificate."""
        flags = {
            "--phase": self.phase,
            "--from": self.first.isoformat() if self.first else "",
            "--to": self.last.isoformat() if self.last else "",
            "--quota": "; ".join(self.quota),
            "--rounding": self.rounding,
            "--stint": self.stint,
            "--min-on-site": "; ".join(self.min_on_site),
            "--exempt": "; ".join(self.exempt),
            "--service-post": "; ".join(self.service_post),
            "--capacity": "" if self.capacity is None else str(self.capacity),
            "--weekday": "; ".join(self.weekday),
            "--max-home-per-week": "" if self.max_home_per_week is None else str(self.max_home_per_week),
            "--holiday": "; ".join(self.holiday),
            "--set": "; ".join(self.settings),
        }
        return {flag: value for flag, value in flags.items() if value}


def apply_tweaks(phased: Phased, tweaks: Tweaks, source: Source) -> tuple[dict[str, Any], Source]:
    """Return the tables with a phase's changes and every tweak applied, and the source that knows which flag did what.

    Raises
    ------
    PolicyError
        With every tweak that cannot be taken, and the nearest that can.
    """
    tables = PolicyTables(copy.deepcopy(phased.tables))
    moved = _phase_changes(tables, phased, source)
    _period(tables, tweaks)
    _holidays(tables, tweaks)
    _quotas(tables, tweaks)
    if tweaks.stint:
        tables.flag = f"--stint {tweaks.stint}"
        for place in tables.places("stint") or [tables.add("stint", {})]:
            tables.put(place, "home", tweaks.stint)
    for pair in tweaks.min_on_site:
        echelon, number = tables.split("--min-on-site", pair, "ECHELON=N")
        if echelon:
            tables.put_where("min_on_site", "echelon", echelon, "at_least", tables.number(number))
    for count, pattern in enumerate(tweaks.exempt, 1):
        tables.flag = f"--exempt {pattern}"
        tables.add("always_office", {"name": f"--exempt {count}", "for": {"unit": pattern}})
    for pair in tweaks.service_post:
        post, number = tables.split("--service-post", pair, "NAME=N")
        if post:
            named = [p for p in tables.places("service_post") if matches(tables.name_of(p), (post,))]
            place = named[0] if named else tables.add("service_post", {"name": post})
            tables.put(place, "at_least", tables.number(number))
    if tweaks.capacity is not None:
        tables.flag = f"--capacity {tweaks.capacity}"
        for place in tables.places("capacity") or [tables.add("capacity", {})]:
            tables.put(place, "at_most", tweaks.capacity)
    for pair in tweaks.weekday:
        day, status = tables.split("--weekday", pair, "DAY=home|office")
        if day:
            settings = {"name": f"--weekday {day}", "weekday": day.split(","), "status": status}
            tables.add("weekday", settings)
    _weekly_cap(tables, tweaks)
    for setting in tweaks.settings:
        tables.flag = f"--set {setting}"
        tables.set(setting)
    if tables.faults:
        raise PolicyError(tables.faults)
    return tables.tables, replace(source, flags=tables.flags, moved=moved)


def _phase_changes(tables: PolicyTables, phased: Phased, source: Source) -> dict[Place, Place]:
    """Apply what the phase changes; return where the file has it."""
    moved = dict(phased.moved)
    for path, value, where in phased.changes:
        before = set(tables.flags)
        tables.flag = path
        tables.change(path, value)
        moved.update(dict.fromkeys(set(tables.flags) - before, where))
        tables.faults = [
            replace(f, file=source.file, row=source.line_of(where), field=f"{dotted(where)}: {path}")
            if f.field == path
            else f
            for f in tables.faults
        ]
    tables.flags.clear()
    return moved


def _period(tables: PolicyTables, tweaks: Tweaks) -> None:
    if not (tweaks.first or tweaks.last):
        return
    period = tables.tables.setdefault("period", {})
    for key, flag, day in (("from", "--from", tweaks.first), ("to", "--to", tweaks.last)):
        if day:
            period[key] = day
            tables.flags["period", key] = f"{flag} {day}"
    first, last = period.get("from"), period.get("to")
    if isinstance(first, date) and isinstance(last, date) and first > last:
        wrong, nearest = ("--to", first) if tweaks.last else ("--from", last)
        tables.flag = f"{wrong} {tweaks.last or tweaks.first}"
        tables.refuse(
            Bilingual(id=f"periode {first} s.d. {last} terbalik", en=f"the period {first} to {last} runs backwards"),
            remedy=Bilingual(id=f"Tanggal terdekat yang sah: {nearest}.", en=f"The nearest valid date is {nearest}."),
        )  # fmt: skip


def _holidays(tables: PolicyTables, tweaks: Tweaks) -> None:
    """Add days off that were declared after the policy was written."""
    days = [date.fromisoformat(day) for day in tweaks.holiday]
    if days:
        period = tables.tables.setdefault("period", {})
        listed = period.get("extra", [])
        period["extra"] = [*(listed if isinstance(listed, list) else [listed]), *days]
        tables.flags["period", "extra"] = "--holiday " + "; ".join(tweaks.holiday)


def _quotas(tables: PolicyTables, tweaks: Tweaks) -> None:
    for pair in tweaks.quota:
        rank, share = tables.split("--quota", pair, "RANK=SHARE")
        if rank:
            rank = tables.known(rank.casefold().replace(" ", "_").replace("-", "_"), RANKS)
            tables.put_where("home_quota", "rank", rank, "share", share)
    if tweaks.rounding:
        tables.flag = f"--rounding {tweaks.rounding}"
        for place in tables.places("home_quota"):
            tables.put(place, "rounding", tweaks.rounding)
        if not tables.places("home_quota"):
            tables.refuse(
                Bilingual(id="kebijakan ini tidak memuat kuota", en="this policy has no quota"),
                remedy=Bilingual(
                    id="Tambahkan dengan --quota RANK=SHARE.", en="Add one by --quota RANK=SHARE."
                ),
            )


def _weekly_cap(tables: PolicyTables, tweaks: Tweaks) -> None:
    most = tweaks.max_home_per_week
    if most is None:
        return
    tables.flag = f"--max-home-per-week {most}"
    weekly = [p for p in tables.places("home_count") if tables.at(p).get("per", "week") == "week"]
    for place in weekly or [tables.add("home_count", {"name": "--max-home-per-week"})]:
        tables.put(place, "at_most", most)
        if int(tables.at(place).get("at_least", 0)) > most:
            tables.refuse(
                Bilingual(
                    id="lebih kecil daripada at_least aturan itu", en="is less than the rule's own at_least"
                ),
                remedy=Bilingual(
                    id=f"Nilai terdekat yang sah: {tables.at(place)['at_least']}.",
                    en=f"The nearest valid value is {tables.at(place)['at_least']}.",
                ),
            )
