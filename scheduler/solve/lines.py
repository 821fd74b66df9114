"""Variables and constraints written into a CP-SAT model as text, many at once.

OR-Tools' objects cost Python two microseconds for each variable and each constraint; its parser of text takes a
fraction of that. Literals are whole numbers here, as in the model itself: a variable's index, or -index - 1 for its
negation. What is written stands in the model after `flush`, in the order in which it was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

BOOLEANS = "variables{domain:[0,1]}"
LEAST, MOST = -(1 << 63), (1 << 63) - 1
"""What OR-Tools takes for no bound of a sum."""


UNKNOWN = "unknown"
"""The kind of constraints of which nothing is told."""

Kept = Sequence[tuple[int, Sequence[str]]]
"""What was written at once, as `written` reads it: the number of its first constraint, and the text of each."""


class Lines:
    """What is yet to be written into one model.

    Attributes
    ----------
    kept : what was written so far but sums, so that it need not be read off the model again.
    """

    def __init__(self, cp: cp_model.CpModel) -> None:
        self.cp = cp
        self.kept: list[tuple[int, list[str]]] = []
        self._waiting: list[str] = []
        self._texts: list[str] = []

    def booleans(self, number: int) -> list[Any]:
        """Return so many new variables of two values."""
        first, proto, variable = self.add_booleans(number), self.cp.proto, cp_model.IntVar
        return [variable(proto, index) for index in range(first, first + number)]

    def add_booleans(self, number: int) -> int:
        """Add so many variables of two values, and return the index of the first."""
        first = len(self.cp.proto.variables)
        self._merge(BOOLEANS * number)
        return first

    def clause(self, literals: Sequence[int]) -> None:
        """Write that one of the literals holds."""
        self.clause_of(list(map(str, literals)))

    def clause_of(self, literals: Sequence[str]) -> None:
        """Write that one of the literals holds, which are text already."""
        text = ",".join(literals)
        self._waiting.append(f"constraints{{bool_or{{literals:[{text}]}}}}")
        self._texts.append(f'["bool_or",[],[{text}],[],[]]')

    def implication(self, first: int, then: int) -> None:
        """Write that one literal implies another."""
        self._waiting.append(f"constraints{{enforcement_literal:{first} bool_and{{literals:{then}}}}}")
        self._texts.append(f'["bool_and",[{first}],[{then}],[],[]]')

    def at_most_one(self, literals: Sequence[int]) -> None:
        """Write that at most one of the literals holds."""
        text = ",".join(map(str, literals))
        self._waiting.append(f"constraints{{at_most_one{{literals:[{text}]}}}}")
        self._texts.append(f'["at_most_one",[],[{text}],[],[]]')

    def total(self, literals: Sequence[int], least: int | None, most: int | None) -> None:
        """Write that so many literals hold, from `least` to `most`; None leaves that side open.

        No variable stands in two of them. One that is negated counts -1, and 1 less is asked for.
        """
        self.flush()
        line = self.cp.proto.constraints.add().linear
        if min(literals) >= 0:
            line.vars.extend(sorted(literals))
            line.coeffs.extend([1] * len(literals))
            negated = 0
        else:
            signs = {
                literal if literal >= 0 else -literal - 1: 1 if literal >= 0 else -1 for literal in literals
            }
            variables = sorted(signs)
            line.vars.extend(variables)
            line.coeffs.extend([signs[variable] for variable in variables])
            negated = sum(sign < 0 for sign in signs.values())
        line.domain.extend(
            [LEAST if least is None else least - negated, MOST if most is None else most - negated]
        )

    def flush(self) -> None:
        """Put into the model what was written."""
        if self._waiting:
            self.kept.append((len(self.cp.proto.constraints), self._texts))
            waiting, self._waiting, self._texts = self._waiting, [], []
            self._merge("".join(waiting))

    def _merge(self, text: str) -> None:
        if not self.cp.proto.merge_text_format(text):
            raise AssertionError(f"not a model: {text[:200]}")


class Written(NamedTuple):
    """A constraint of a model as lists: `kind` is that of OR-Tools, and what a kind has none of is empty.

    Of a maximum `literals` has the variables alone.
    """

    kind: str
    enforced: list[int]
    literals: list[int]
    coefficients: list[int]
    domain: list[int]


def written(cp: cp_model.CpModel, kept: Kept = ()) -> Iterator[Written]:
    """Yield the clauses, implications, sums, exclusions and maxima of a model in their order; others are `UNKNOWN`.

    OR-Tools' own lists take Python microseconds to read, above all short ones; their text takes a tenth of that.

    Parameters
    ----------
    kept : what is known of the model's first constraints by whoever wrote them.
    """
    texts: list[str] = []
    position = 0
    for first, known in kept:
        texts += _texts(cp, position, first)
        texts += known
        position = first + len(known)
    texts += _texts(cp, position, len(cp.proto.constraints))
    yield from map(Written._make, json.loads(f"[{','.join(texts)}]"))


def _texts(cp: cp_model.CpModel, first: int, end: int) -> Iterator[str]:
    """Yield a model's constraints from `first` to before `end` as text."""
    for number in range(first, end):
        constraint = cp.proto.constraints[number]
        enforced = constraint.enforcement_literal
        if constraint.has_bool_or():
            yield f'["bool_or",{enforced},{constraint.bool_or.literals},[],[]]'
        elif constraint.has_bool_and():
            yield f'["bool_and",{enforced},{constraint.bool_and.literals},[],[]]'
        elif constraint.has_linear():
            linear = constraint.linear
            yield f'["linear",{enforced},{linear.vars},{linear.coeffs},{linear.domain}]'
        elif constraint.has_at_most_one():
            yield f'["at_most_one",{enforced},{constraint.at_most_one.literals},[],[]]'
        elif constraint.has_exactly_one():
            yield f'["exactly_one",{enforced},{constraint.exactly_one.literals},[],[]]'
        elif constraint.has_lin_max():
            expressions = (constraint.lin_max.target, *constraint.lin_max.exprs)
            yield f'["lin_max",{enforced},{[v for e in expressions for v in e.vars]},[],[]]'
        else:
            yield f'["{UNKNOWN}",[],[],[],[]]'


def can_be_summed(literals: Sequence[int]) -> bool:
    """Whether `Lines.total` can write how many hold: no variable stands in two of them."""
    return len({literal if literal >= 0 else -literal - 1 for literal in literals}) == len(literals) > 0
