"""A policy's `[objectives]`: weights by which the objectives after shortfall and changes are taken at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from scheduler.language import Bilingual, Refusal
from scheduler.problem import Reading, Weights

Weight = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class ObjectiveWeights(BaseModel):
    """What a day of balance, a unit of weight or a stint costs in each objective; what is not named costs nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fairness_spread: Weight = 0
    fairness_total: Weight = 0
    role_spread: Weight = 0
    role_total: Weight = 0
    monday_friday: Weight = 0
    preferences: Weight = 0
    stints: Weight = 0

    @model_validator(mode="after")
    def _weighs_something(self) -> ObjectiveWeights:
        if not any(self.model_dump().values()):
            raise Refusal(
                Bilingual(
                    id="semua bobot nol; paling sedikit satu harus 1 atau lebih",
                    en="all weights are zero; at least one must be 1 or more",
                )
            )
        return self


class Objectives(BaseModel):
    """How the objectives are taken: by weights, or one after the other where there are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: ObjectiveWeights | None = None


def weights_of(objectives: Objectives) -> Weights | None:
    """Return the weights by objective, in CONTRACT's order; None where there are none."""
    return None if objectives.weights is None else objectives.weights.model_dump()


def weights_reading(weights: Weights | None) -> Iterator[Reading]:
    """Yield what is to be known of weights, on screens, sheets and pages, in the words of policy.toml."""
    if weights is None:
        return
    listed = ", ".join(f"{name} = {weight}" for name, weight in weights.items() if weight)
    yield Reading(
        key="objectives.weights",
        text=Bilingual(
            id="Tujuan ditimbang, bukan satu demi satu: setelah kekurangan (dan perubahan, saat menyusun ulang) jumlah "
            f"berbobot diperkecil, per hari saldo, per bobot keinginan, per giliran: {listed}.",
            en="Objectives are weighed, not taken in turn: after shortfall (and changes, when replanning) the weighted "
            f"sum is minimised, per day of balance, per weight of a wish, per stint: {listed}.",
        ),
    )
