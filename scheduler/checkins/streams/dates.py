"""Which of 3/8/2021's numbers is the day: told by numbers above 12, else by the roster's dates, else refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

Order = Literal["dmy", "mdy", "ymd"]
Triple = tuple[int, int, int]
"""The three numbers of a date in the order in which they stand."""

ENOUGH = 50
"""Telling dates, all of one mind, after which no more are looked at; a lone dissenter is not heard."""


class MixedOrderError(ValueError):
    """Some dates can only be day first and too many others only month first."""


class AmbiguousOrderError(ValueError):
    """Both readings fit the roster's dates."""


def settle_order(triples: Iterable[Triple], days: Collection[date]) -> Order:
    """Return the order in which a file writes its dates.

    Raises
    ------
    MixedOrderError, AmbiguousOrderError
        Where it cannot be settled.
    """
    counts: Counter[Order] = Counter()
    open_: set[Triple] = set()
    for triple in triples:
        first, second, _ = triple
        if first > 999:
            counts["ymd"] += 1
        elif first > 12 >= second:
            counts["dmy"] += first <= 31
        elif second > 12 >= first:
            counts["mdy"] += second <= 31
        else:
            open_.add(triple)
        if counts.total() == ENOUGH and len(+counts) == 1:
            break
    if not counts.total():
        return _settle_by_roster(open_, days)
    order, most = counts.most_common(1)[0]
    others = counts.total() - most
    if others * 20 > most and not (others == 1 and most >= 3):
        raise MixedOrderError(f"{counts['dmy']} d/m, {counts['mdy']} m/d, {counts['ymd']} y-m-d")
    return order


def _settle_by_roster(triples: set[Triple], days: Collection[date]) -> Order:
    known = set(days)
    as_day_first = {t for t in triples if as_date(t, "dmy") in known}
    as_month_first = {t for t in triples if as_date(t, "mdy") in known}
    # A date such as 8/8 says nothing; neither does a file none of whose dates the roster has.
    telling_dmy = {t for t in as_day_first if t[0] != t[1]}
    telling_mdy = {t for t in as_month_first if t[0] != t[1]}
    if telling_dmy and telling_mdy:
        raise AmbiguousOrderError(
            ", ".join("/".join(map(str, t)) for t in sorted(telling_dmy | telling_mdy)[:3])
        )
    return "mdy" if telling_mdy else "dmy"


def as_date(triple: Triple, order: Order) -> date | None:
    """Return the date, years of two digits in this century, or None where there is no such day."""
    first, second, third = triple
    year, month, day = {"dmy": (third, second, first), "mdy": (third, first, second), "ymd": triple}[order]
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
