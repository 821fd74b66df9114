"""What the rules that couple people say of a swap, from the few demands that it touches.

Each such rule's demands on the model of the unit are counted once for a roster; a swap moves few of the truths, so
that only the demands that hold one of these are looked at again. That model and verifier agree is proven rule by
rule (`tests/constraints/test_rules.py`), that both agree on swaps in `tests/revise/test_partners.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from scheduler.constraints.base import Instance, Truth
from scheduler.problem import Pin, Unit
from scheduler.roster import HOME, UnitRoster
from scheduler.solve.conflicts.demands import Demands
from scheduler.solve.conflicts.small_models import Demand

Move = tuple[str, str, frozenset[str], frozenset[str]]
"""A person-day's status before and after, its roles before and after."""


class CoupledDemands:
    """The demands of the rules that couple people, counted for one roster.

    Attributes
    ----------
    indirect : labels of the rules that look at pins, which a swap adds, or of which some demand hangs on more than
        who is where and holds which role: they are to be asked themselves.
    """

    def __init__(self, unit: Unit, roster: UnitRoster) -> None:
        labels = frozenset(rule.label for rule in unit.rules if rule.scope == "unit")
        self._demands = _Watching(unit, labels) if labels else None
        self._rows = {person.id: i for i, person in enumerate(unit.people)}
        self._columns = {day: k for k, day in enumerate(unit.horizon.workdays)}
        self.indirect: frozenset[str] = frozenset()
        self._held: list[int] = []
        self._touching: dict[int, list[tuple[int, bool]]] = {}
        self._coupling: list[Demand] = []
        if self._demands is None:
            return
        values = self._values(roster)
        indirect = set(self._demands.look_at_pins)
        self._coupling = [d for d in self._demands.demands if self._rule(d.instance) in labels]
        for number, demand in enumerate(self._coupling):
            held = 0
            for literal in demand.literals:
                positive = literal if literal >= 0 else -literal - 1
                if positive not in values:
                    indirect.add(self._rule(demand.instance))
                    continue
                held += values[positive] == (literal >= 0)
                self._touching.setdefault(positive, []).append((number, literal >= 0))
            self._held.append(held)
        self.indirect = frozenset(indirect)

    def broken_by(self, moves: Mapping[tuple[str, date], Move]) -> Instance | None:
        """Return the first rule instance that a change of few person-days breaks; None where none is.

        Parameters
        ----------
        moves : by person and day.
        """
        if self._demands is None:
            return None
        change: dict[int, int] = {}
        for positive, after in self._moved(moves):
            for number, wanted in self._touching.get(positive, ()):
                change[number] = change.get(number, 0) + (1 if after == wanted else -1)
        for number in sorted(change):
            demand, held = self._coupling[number], self._held[number] + change[number]
            instance = self._demands.instances[demand.instance]
            if (
                change[number]
                and instance.rule not in self.indirect
                and not demand.least <= held <= demand.most
            ):
                return instance
        return None

    def strange_role(self, person_id: str, roles: frozenset[str], day: date) -> str:
        """Return a role that the person may not hold that day; "" where every one is offered."""
        cell = (self._rows[person_id], self._columns[day])
        offered = self._demands.roles_offered().get(cell, {}) if self._demands is not None else {}
        return next((role for role in sorted(roles) if role not in offered), "")

    def _rule(self, instance: int) -> str:
        assert self._demands is not None
        return self._demands.instances[instance].rule

    def _values(self, roster: UnitRoster) -> dict[int, bool]:
        """Return which of the model's direct truths hold in the roster."""
        values: dict[int, bool] = {}
        for person_id, row in zip(roster.people, roster.statuses, strict=True):
            for day, status in zip(roster.days, row, strict=True):
                for truth, value in self._truths(
                    person_id, day, status, roster.roles.get((person_id, day), ())
                ):
                    values[truth] = value
        return values

    def _truths(
        self, person_id: str, day: date, status: str, roles: frozenset[str] | tuple[str, ...]
    ) -> Iterator[tuple[int, bool]]:
        demands = self._demands
        if demands is None or person_id not in self._rows or day not in self._columns:
            return
        cell = (self._rows[person_id], self._columns[day])
        yield from _direct(demands.home(*cell), status == HOME)
        for name, truth in demands.roles_offered().get(cell, {}).items():
            yield from _direct(truth, name in roles)

    def _moved(self, moves: Mapping[tuple[str, date], Move]) -> Iterator[tuple[int, bool]]:
        """Yield the truths that change, with their new values."""
        for (person_id, day), (before, after, held, holds) in moves.items():
            earlier = dict(self._truths(person_id, day, before, held))
            for truth, value in self._truths(person_id, day, after, holds):
                if earlier[truth] != value:
                    yield truth, value


class _Watching(Demands):
    """Demands that note which rules look at pins while they build."""

    def __init__(self, unit: Unit, only: frozenset[str]) -> None:
        self.look_at_pins: set[str] = set()
        super().__init__(replace(unit, pins=_Pins(unit.pins, self._note)), None, only)

    def is_fixed(self, person: int, day: int) -> bool:
        """Whether pins and rules leave no choice between home and office."""
        self._note()
        return super().is_fixed(person, day)

    def is_fixed_at_office(self, person: int, day: int) -> bool:
        """Whether a pin, a rule, or the want of any rule that sends them home keeps the person at the office."""
        self._note()
        return super().is_fixed_at_office(person, day)

    def calls(self, person: int, day: int) -> Sequence[Truth]:
        """Return the duties offered, and True for a recall; a swap is none, so these pins are not noted."""
        noted = set(self.look_at_pins)
        found = super().calls(person, day)
        self.look_at_pins = noted
        return found

    def _note(self) -> None:
        rule = getattr(self, "_rule", None)
        if rule is not None:
            self.look_at_pins.add(rule.label)


class _Pins(dict[tuple[str, date], Pin]):
    """Pins that tell when they are read."""

    def __init__(self, pins: Mapping[tuple[str, date], Pin], note: Callable[[], None]) -> None:
        super().__init__(pins)
        self._note = note

    def get(self, key: Any, default: Any = None) -> Any:
        self._note()
        return super().get(key, default)

    def __getitem__(self, key: Any) -> Any:
        self._note()
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        self._note()
        return super().__contains__(key)


def _direct(truth: Truth, value: bool) -> Iterator[tuple[int, bool]]:
    if not isinstance(truth, bool):
        yield truth, value
