"""How long it takes to list the lawful swaps of a person for a day: `python -m benchmarks.partners [people] [days] [asked]`.

A unit of the engine's benchmark is given a roster; then persons and days drawn by seed are asked about. With a fourth
argument, so many of the answers are compared with the full verifier, pair by pair.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.instances import make_unit
from scheduler.revise.partners import Swaps, is_lawful
from scheduler.roster import HOME, OFFICE
from scheduler.solve.search import Effort
from scheduler.solve.unit import solve_unit
from scheduler.verify import audit


def main(people: int, days: int, asked: int, compared: int) -> None:
    print(f"command: python -m benchmarks.partners {people} {days} {asked} {compared}")
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, python {platform.python_version()}, ortools {version('ortools')}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    unit = make_unit(people, days, seed=1)
    roster = solve_unit(unit, Effort(limit=1.0)).roster
    start = time.process_time()
    assert audit(unit, roster).broken == ()
    print(f"the full verifier once: {1000 * (time.process_time() - start):.0f} ms of CPU")
    start = time.process_time()
    swaps = Swaps(unit, roster)
    print(
        f"counting what couples people, once for a roster: {1000 * (time.process_time() - start):.0f} ms of CPU"
    )
    draw = random.Random(7)
    walls, cpus, lawful, candidates = [], [], [], []
    questions = []
    while len(walls) < asked:
        person, day = draw.choice(unit.people), draw.choice(unit.horizon.workdays)
        place = roster.statuses[roster.people.index(person.id)][roster.days.index(day)]
        if place not in (HOME, OFFICE) or (person.id, day) in unit.pins:
            continue
        wall, cpu = time.perf_counter(), time.process_time()
        found = swaps.partners(person.id, day)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
        lawful.append(sum(partner.lawful for partner in found))
        candidates.append(len(found))
        questions.append((person.id, day, found))
    print(
        f"{people} people × {days} days, {asked} questions: median {statistics.median(walls):.1f} ms of wall clock "
        f"({statistics.median(cpus):.1f} of CPU), worst {max(walls):.1f} ({max(cpus):.1f})"
    )
    print(
        f"candidates {statistics.median(candidates):.0f} (median), of them lawful {statistics.median(lawful):.0f} "
        f"(0 for {lawful.count(0)} of {asked})"
    )
    pairs = [(person, p.person.id, day, p.lawful) for person, day, found in questions for p in found]
    for person, other, day, claimed in draw.sample(pairs, min(compared, len(pairs))):
        assert is_lawful(unit, roster, person, other, day) is claimed, (person, other, day)
    print(f"{min(compared, len(pairs))} pairs compared with the full verifier: all agree")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*[*given, *(500, 22, 200, 200)[len(given) :]])
