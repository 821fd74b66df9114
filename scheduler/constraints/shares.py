"""Shares as people write them: “50%”, “1/3” or 0.5."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator

from scheduler.language import Bilingual, Refusal


def parse_share(value: Any) -> Fraction:
    """Return a share in [0, 1] from "50%", "1/3", "0.24" or 0.24.

    Raises
    ------
    ValueError
        Where it is no number or outside 0 to 100 %.
    """
    text = str(value).strip().replace(",", ".")
    try:
        share = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise Refusal(
            Bilingual(
                id=f"“{value}” bukan persentase; tulis “50%”, “1/3” atau 0.5",
                en=f"“{value}” is not a share; write “50%”, “1/3” or 0.5",
            )
        ) from None
    if not 0 <= share <= 1:
        bare = 1 < share <= 100 and not text.endswith("%")
        nearest = f"“{float(share):g}%”" if bare else ("“0%”" if share < 0 else "“100%”")
        raise Refusal(
            Bilingual(
                id=f"“{value}” di luar 0% sampai 100%; nilai terdekat yang sah: {nearest}",
                en=f"“{value}” is outside 0% to 100%; the nearest valid value is {nearest}",
            )
        )
    return share


Share = Annotated[Fraction, BeforeValidator(parse_share)]
