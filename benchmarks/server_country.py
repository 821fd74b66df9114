"""4.5 million people at 08.00, on paper: `python -m benchmarks.server_country`.

Takes what was measured here (CPU for each request, from the results of the other benchmarks) and works out what a
whole country needs: arrivals second by second in the three time zones, queues of server processes and of databases
simulated over them, and which pieces can be multiplied. Assumptions stand in `Country`; change them and run again.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.server.phone.writer import GATHER

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Country:
    """What is assumed; nobody has measured it.

    Attributes
    ----------
    shares : of the people by zone; 08.00 comes at three instants.
    at_home : of the people on one day, at 50 % quotas.
    punctual : of those, who press within two minutes of 08.00, when a reminder rings; the rest come over 45 minutes.
    governments : ministries, provinces, regencies and cities: scenarios that share nothing.
    biggest : the share of the biggest of them.
    polls_a_day : of each calendar, by phones and Google.
    opens_page : of those who check in, who load the page anew (others have it open).
    filling : of a core, that may be used at the peak.
    """

    people: int = 4_500_000
    shares: tuple[float, float, float] = (0.77, 0.17, 0.06)
    at_home: float = 0.5
    punctual: float = 0.4
    governments: int = 630
    biggest: float = 0.02
    checkins_a_day: int = 4
    polls_a_day: float = 24.0
    opens_page: float = 1.0
    filling: float = 0.6
    bytes_a_checkin: int = 260
    retention_days: int = 30


@dataclass(frozen=True, kw_only=True)
class Measured:
    """CPU milliseconds on one core of this machine; `database` and `page_database` are PostgreSQL's own."""

    checkin: float
    database: float
    page: float
    page_database: float
    poll_known: float
    poll_anew: float


def lines(name: str) -> list[dict[str, Any]]:
    path = RESULTS / name
    return [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{")]


def measured() -> Measured:
    """Take the latest figures out of the results: PostgreSQL with two processes, pages opened for the first time."""
    bursts = [one for one in lines("server_checkins.txt") if one["database"] == "postgresql"]
    burst = [one for one in bursts if not one.get("page_first")][-1]
    page: dict[str, Any] = {}
    for part in (RESULTS / "server_pages.txt").read_text().split("$ ")[1:]:
        if "postgresql" in part.partition("\n")[0]:
            page = next(json.loads(line) for line in part.splitlines() if '"opened": "first"' in line)
    polls: dict[str, float] = {}
    for line in (RESULTS / "server_feeds.txt").read_text().splitlines():
        name, found, rest = line.partition(": {")
        if found and not line.startswith("{"):
            polls[name] = json.loads("{" + rest)["server_cpu_ms_each"]
    return Measured(
        checkin=burst["server_cpu_ms_each"],
        database=burst["database_cpu_ms_each"],
        page=page["server_cpu_ms_each"],
        page_database=page["database_cpu_ms_each"],
        poll_known=polls["with If-None-Match"],
        poll_anew=polls["without, links or rosters changing every second"],
    )


def arrivals(people: float, country: Country) -> list[float]:
    """Return how many of `people` press in each second from 07.45 to 08.30 of one zone."""
    found = [people * (1 - country.punctual) / 2_700] * 2_700
    bell = [math.exp(-(((second - 910) / 40) ** 2) / 2) for second in range(2_700)]
    total = sum(bell)
    return [slow + people * country.punctual * quick / total for slow, quick in zip(found, bell, strict=True)]


def longest_wait(each_second: list[float], rate: float) -> float:
    """Return the longest wait in seconds where `rate` are served in a second, in the order in which they came."""
    waiting, longest = 0.0, 0.0
    for come in each_second:
        waiting = max(0.0, waiting + come - rate)
        longest = max(longest, waiting / rate)
    return longest


def cores(peak: float, milliseconds: float, filling: float) -> float:
    return peak * milliseconds / 1_000 / filling


def report(country: Country, cost: Measured) -> list[str]:
    """Return what is to be printed."""
    pressing = country.people * country.at_home
    zones = [arrivals(pressing * share, country) for share in country.shares]
    peak = max(max(zone) for zone in zones)
    big = arrivals(pressing * country.biggest, country)
    each = cost.checkin + country.opens_page * cost.page
    store = cost.database + country.opens_page * cost.page_database
    front, below = cores(peak, each, country.filling), cores(peak, store, country.filling)
    polls = country.people * country.polls_a_day / 86_400
    polling = cores(polls, cost.poll_known, country.filling)
    one_core = 1_000 / (each + store)
    stored = pressing * country.checkins_a_day * country.retention_days
    said = [
        f"assumed: {country}",
        f"measured, CPU ms of one core here: {cost}",
        "which is, in a second of one core: "
        + ", ".join(
            f"{1_000 / one:,.0f} {name}"
            for one, name in (
                (cost.checkin, "check-ins by a server process"),
                (cost.database, "by PostgreSQL"),
                (cost.page, "pages by a server process"),
                (cost.page_database, "by PostgreSQL"),
                (cost.poll_known, "polls of feeds known (304)"),
                (cost.poll_anew, "of feeds changed"),
            )
        ),
        f"at 08.00 in the western zone {peak:,.0f} people press in the busiest second, {sum(zones[0]):,.0f} in 45 minutes",
        f"server processes at that peak: {front:,.0f} cores filled to {country.filling:.0%} ({each:.2f} ms a person, page and check-in)",
        f"databases at that peak: {below:,.1f} cores ({store:.2f} ms a person, page and check-in)",
        f"calendar polls: {polls:,.0f} a second, {polling:,.1f} cores",
        f"stored over {country.retention_days} days: {stored / 1e6:,.0f} million check-ins, {stored * country.bytes_a_checkin / 1e9:,.0f} GB in all databases",
        f"the biggest government ({country.people * country.biggest:,.0f} people) alone: {max(big):,.0f} a second, "
        f"{cores(max(big), each, country.filling):,.1f} cores of server and {cores(max(big), store, country.filling):,.2f} of database",
        "",
        "queues simulated second by second, nobody refused: longest wait of anybody, by cores in all",
    ]
    for amount in (0.25, 0.5, 0.75, 1.0, 1.25):
        total = amount * (front + below) * country.filling
        said.append(f"  {total:7,.0f} cores: {longest_wait(zones[0], total * one_core):8.1f} s")
    return [
        *said,
        "",
        "which pieces scale out:",
        f"- server processes hold nothing but caches, and {1_000 / each:,.0f} people a second (page and check-in) fill a core: add processes, then hosts behind one balancer; measured here with one process and with two.",
        f"- governments share no rows: {country.governments} databases of their own need no coordination; {1_000 / store:,.0f} people a second fill a core of one, and the biggest government is what one PostgreSQL must bear.",
        f"- within one database, the check-ins of {GATHER * 1000:.0f} ms share a commit in each process: a busy process commits {1 / GATHER:.0f} times a second at most, however many come.",
        "- the change number is one row of a database: each publication there empties every process's feed cache, which then fills",
        f"  again at {cost.poll_anew:.2f} ms a feed; with a database for each government that is a few publications a day, in one for the whole country it would not do.",
        "- TLS is not in these figures: a proxy does it on cores of its own. Neither is the network.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=Country.people)
    parser.add_argument("--punctual", type=float, default=Country.punctual)
    args = parser.parse_args()
    print("$ python -m benchmarks.server_country")
    print("\n".join(report(Country(people=args.people, punctual=args.punctual), measured())))


if __name__ == "__main__":
    main()
