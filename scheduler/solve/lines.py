"""Variables and constraints written into a CP-SAT model as text, many at once.

OR-Tools' objects cost Python two microseconds for each variable and each constraint; its parser of text takes a
fraction of that. Literals are whole numbers here, as in the model itself: a variable's index, or -index - 1 for its
negation. What is written stands in the model after `flush`, in the order in which it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

BOOLEANS = "variables{domain:[0,1]}"
LEAST, MOST = -(1 << 63), (1 << 63) - 1
"""What OR-Tools takes for no bound of a sum."""


class Lines:
    """What is yet to be written into one model."""

    def __init__(self, cp: cp_model.CpModel) -> None:
        self.cp = cp
        self._waiting: list[str] = []

    def booleans(self, number: int) -> list[Any]:
        """Return so many new variables of two values."""
        proto = self.cp.proto
        first = len(proto.variables)
        self._merge(BOOLEANS * number)
        return [cp_model.IntVar(proto, index) for index in range(first, first + number)]

    def clause(self, literals: Sequence[int]) -> None:
        """Write that one of the literals holds."""
        self._waiting.append(f"constraints{{bool_or{{literals:[{','.join(map(str, literals))}]}}}}")

    def clause_of(self, literals: Sequence[str]) -> None:
        """Write that one of the literals holds, which are text already."""
        self._waiting.append(f"constraints{{bool_or{{literals:[{','.join(literals)}]}}}}")

    def implication(self, first: int, then: int) -> None:
        """Write that one literal implies another."""
        self._waiting.append(f"constraints{{enforcement_literal:{first} bool_and{{literals:{then}}}}}")

    def at_most_one(self, literals: Sequence[int]) -> None:
        """Write that at most one of the literals holds."""
        self._waiting.append(f"constraints{{at_most_one{{literals:[{','.join(map(str, literals))}]}}}}")

    def total(self, variables: Sequence[int], least: int | None, most: int | None) -> None:
        """Write that a sum of variables, each named once, is from `least` to `most`; None leaves that side open."""
        self.flush()
        line = self.cp.proto.constraints.add().linear
        line.vars.extend(sorted(variables))
        line.coeffs.extend([1] * len(variables))
        line.domain.extend([LEAST if least is None else least, MOST if most is None else most])

    def flush(self) -> None:
        """Put into the model what was written."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self._merge("".join(waiting))

    def _merge(self, text: str) -> None:
        if not self.cp.proto.merge_text_format(text):
            raise AssertionError(f"not a model: {text[:200]}")


def can_be_summed(literals: Sequence[int]) -> bool:
    """Whether `Lines.total` can write the sum: of variables, not negations, none of them twice."""
    return min(literals, default=0) >= 0 and len(set(literals)) == len(literals)
