"""5,000 people × 22 working days × 4 checkpoints of WhatsApp text, judged and reported on.

    python -m benchmarks.checkins [--people 5000] [--days 22] [--seed 1]

The evidence is made first, then a fresh process judges it, so that its memory is its own. Every verdict is
compared with the known truth.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.checkins.pipeline import Request, check
from scheduler.checkins.policy import parse_settings
from scheduler.checkins.roster_days import RosterDays
from scheduler.problem import Person
from scheduler.synth.evidence import write_evidence

ZONE = ZoneInfo("Asia/Makassar")
SETTINGS = parse_settings(
    {"point": [{"at": ["08:00", "11:00", "14:00", "16:00"], "within_metres": 500, "channel": "whatsapp"}]}
)


def big_roster(people: int, days: int) -> RosterDays:
    """Everybody at home on every working day: the most evidence that such a roster can bring."""
    workdays: list[date] = []
    day = date(2021, 7, 28)
    while len(workdays) < days:
        if day.weekday() < 5:
            workdays.append(day)
        day += timedelta(days=1)
    crowd = tuple(
        Person(
            id=f"19800101200501{n:04}"[-18:],
            name=f"Pegawai Nomor {n}",
            unit=f"Dinas {n // 100:02}",
            phone=f"62812{n:08}",
            latitude=-2.5 - n % 97 / 500,
            longitude=120.2 + n % 89 / 500,
        )
        for n in range(people)
    )
    statuses = {(person.id, day): "home" for person in crowd for day in workdays}
    return RosterDays(people=crowd, days=tuple(workdays), statuses=statuses)


def judge(folder: Path, people: int, days: int) -> None:
    roster = big_roster(people, days)
    files = sorted(p for p in folder.iterdir() if p.name.startswith("WhatsApp"))
    begin, cpu = time.perf_counter(), time.process_time()
    request = Request(roster=roster, settings=SETTINGS, zone=ZONE, exporter_zone=ZONE, title="Ukuran besar")
    (folder / "checkins").mkdir()
    outcome = check(request, files, folder / "checkins")
    wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # before the truth is read
    truth = {}
    for line in (folder / "truth.csv").read_text("utf-8").splitlines()[1:]:
        day, person, checkpoint, verdict, grade = line.split(",")
        truth[date.fromisoformat(day), person, checkpoint] = (verdict, grade)
    wrong = sum(truth.pop(v[0:2] + v[3:4]) != (v.verdict, v.grade) for v in outcome.findings.verdicts())
    print(
        json.dumps(
            {
                "verdicts": outcome.tally.verdicts.total(),
                "wrong": wrong + len(truth),
                "seconds": round(wall, 1),
                "cpu_seconds": round(cpu, 1),
                "peak_mb": peak,
                "evidence_mb": sum(f.stat().st_size for f in files) // 1_000_000,
            }
        )
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=5000)
    options.add_argument("--days", type=int, default=22)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--judge", type=Path)
    given = options.parse_args()
    if given.judge:
        judge(given.judge, given.people, given.days)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roster = big_roster(given.people, given.days)
        write_evidence(roster, SETTINGS, ZONE, folder, seed=given.seed, only_whatsapp=True)
        command = [sys.executable, "-m", "benchmarks.checkins", "--judge", name]
        command += ["--people", str(given.people), "--days", str(given.days)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
