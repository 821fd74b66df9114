"""What a replanning is asked to do, and the days that this leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.errors import UsageError
from scheduler.language import Bilingual, Language, format_date
from scheduler.pipeline import DEFAULT_EFFORT
from scheduler.problem import Policy
from scheduler.read.outputs.order import INPUTS, read_order
from scheduler.read.requests import Words
from scheduler.read.tweaks import Tweaks

TABLES = {
    "absences": Bilingual(
        id="sebut yang baru dengan --absent NAMA:DARI..SAMPAI=JENIS.",
        en="tell the new ones by --absent NAME:FROM..TO=KIND.",
    ),
    "pins": Bilingual(
        id="sebut yang baru dengan --pin NAMA:TANGGAL=home|office.",
        en="tell the new ones by --pin NAME:DATE=home|office.",
    ),
}
"""Tables of the scenario folder that a replanning takes word by word, and how."""

LEAD_MINUTES = 60
"""How long somebody called in has to reach the office, unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a replanning is asked to do.

    Attributes
    ----------
    output : the output folder of the period, or of the scenario.
    as_of : the first day that may change; tomorrow in the policy's zone where None.
    staff, policy : files that take the place of those kept.
    tweaks : further than those in force.
    from_xlsx : a hand-edited workbook of the current revision, whose edits are kept.
    to_revision : the number of an earlier revision to go back to; nothing else may be asked with it.
    scenario : where the scenario folder is now; needed only for outputs that do not keep their calendar key.
    effort, time_limit, seed, workers, executor, started : how to solve, as in `pipeline.Order`.
    """

    output: Path
    words: Words = field(default_factory=Words)
    as_of: date | None = None
    staff: Path | None = None
    policy: Path | None = None
    tweaks: Tweaks = field(default_factory=Tweaks)
    from_xlsx: Path | None = None
    to_revision: int | None = None
    scenario: Path | None = None
    lead_minutes: int = LEAD_MINUTES
    effort: float = DEFAULT_EFFORT
    time_limit: float | None = None
    seed: int = 0
    workers: int = 2
    executor: str = "here"
    started: float | None = None
    language: Language | None = None

    @property
    def asked(self) -> Mapping[str, str]:
        """What was asked, flag by flag, but for the tweaks."""
        words = self.words
        flags = {
            "--absent": "; ".join(words.absent),
            "--pin": "; ".join(words.pin),
            "--swap": "; ".join(words.swap),
            "--recall": "; ".join(words.recall),
            "--leaves": "; ".join(words.leaves),
            "--staff": self.staff.name if self.staff else "",
            "--policy": self.policy.name if self.policy else "",
            "--from-xlsx": self.from_xlsx.name if self.from_xlsx else "",
            "--to-revision": str(self.to_revision) if self.to_revision is not None else "",
        }
        return {flag: value for flag, value in flags.items() if value}

    def refuse_nothing(self) -> None:
        """Raise where nothing is asked, or something beside going back.

        Raises
        ------
        UsageError
            In both cases.
        """
        tweaks = self.tweaks.as_flags()
        if not self.asked and not tweaks:
            changed = _changed_since(self.output, self.scenario)
            raise UsageError(
                Bilingual(
                    id="Tidak ada yang diminta: beri --absent, --pin, --swap, --recall, --leaves, --staff, --policy, "
                    f"--from-xlsx, --to-revision, --holiday atau setelan seperti --quota.{changed.id}",
                    en="Nothing is asked: give --absent, --pin, --swap, --recall, --leaves, --staff, --policy, "
                    f"--from-xlsx, --to-revision, --holiday or a setting such as --quota.{changed.en}",
                )
            )
        if self.to_revision is not None and (len(self.asked) > 1 or tweaks):
            raise UsageError(
                Bilingual(
                    id="--to-revision berdiri sendiri (boleh dengan --as-of): kembali dulu, lalu ubah dengan replan lagi.",
                    en="--to-revision stands alone (--as-of may go with it): go back first, then change by another replan.",
                )
            )

    def refuse_days_outside(self, as_of: date, last: date) -> None:
        """Raise where no day may change any more, or a day to be off is past already or not of this period.

        Raises
        ------
        UsageError
            Then, with the days that may be.
        """
        if as_of > last:
            raise UsageError(
                Bilingual(
                    id=f"Jadwal ini berakhir {format_date(last, 'id')}: mulai {format_date(as_of, 'id')} tidak ada hari yang "
                    "masih dapat berubah. Sebut hari di dalam periodenya dengan --as-of, atau susun periode berikut dengan "
                    "`giliran next`.",
                    en=f"This roster ends on {format_date(last, 'en')}: from {format_date(as_of, 'en')} no day is left to "
                    "change. Tell a day within its period by --as-of, or make the next period by `giliran next`.",
                )
            )
        outside = [day for day in self.tweaks.holiday if not as_of <= date.fromisoformat(day) <= last]
        if outside:
            listed = ", ".join(outside)
            raise UsageError(
                Bilingual(
                    id=f"--holiday {listed}: di luar hari yang boleh berubah, {as_of} s.d. {last}. Hari pertamanya "
                    "ditentukan --as-of.",
                    en=f"--holiday {listed}: not among the days that may change, {as_of} to {last}. The first of them "
                    "is told by --as-of.",
                )
            )

    def refuse_unedited(self, revision: int) -> None:
        """Raise where nothing is asked but a workbook in which nothing was changed.

        Raises
        ------
        UsageError
            Then.
        """
        if len(self.asked) == 1 and not self.tweaks.as_flags():
            raise UsageError(
                Bilingual(
                    id=f"Semua sel buku kerja ini sama dengan revisi {revision} yang berlaku; tidak ada yang ditulis. "
                    "Sudah disimpan di Excel?",
                    en=f"In this workbook every cell is as in revision {revision}, the current one; nothing was written. "
                    "Was it saved in Excel?",
                )
            )


def _changed_since(output: Path, moved: Path | None) -> Bilingual:
    """Return which files of the scenario folder differ from those that the revision was made of, and how to use them."""
    kept = read_order(output)
    scenario = moved or kept.scenario
    flags = {"policy": "--policy", "staff": "--staff"}
    said_id, said_en = "", ""
    for path in sorted(path for path in scenario.glob("*.*") if path.is_file()):
        used = kept.folder / INPUTS / path.name
        if path.stem not in (*flags, *TABLES) or (used.is_file() and used.read_bytes() == path.read_bytes()):
            continue
        flag = flags.get(path.stem)
        shown = f'"{path.as_posix()}"' if " " in path.as_posix() else path.as_posix()
        said_id += f" {path.name} berubah sejak revisi ini; " + (
            f"untuk memakainya: {flag} {shown}." if flag else TABLES[path.stem].id
        )
        said_en += f" {path.name} has changed since this revision; " + (
            f"to use it: {flag} {shown}." if flag else TABLES[path.stem].en
        )
    return Bilingual(id=said_id, en=said_en)


def first_days(request: Request, policy: Policy, now: datetime) -> tuple[date, date]:
    """Return the first day that may change, and the first on which somebody can still be called in."""
    there = now.astimezone(ZoneInfo(policy.timezone))
    today = there.date()
    as_of = request.as_of or today + timedelta(days=1)
    arrival = there + timedelta(minutes=request.lead_minutes)
    in_time = arrival.date() == today and arrival.time() < policy.hours.end
    recall_from = today if in_time else max(arrival.date(), today + timedelta(days=1))
    return as_of, min(as_of, recall_from) if request.as_of else recall_from
