"""A second reading of CONTRACT and of the policy reference: rules and objectives written anew, for tiny units.

Nothing here is shared with the rules' own `build` and `check`, nor with the verifier: only a unit's facts and the
rules' settings are read. Rosters are enumerated one by one, so that what is best is seen and not searched for.
"""

from __future__ import annotations

from tests.fuzz.plain.facts import Broken, Grid
from tests.fuzz.plain.rosters import ORDER, Plain

__all__ = ["ORDER", "Broken", "Grid", "Plain"]
