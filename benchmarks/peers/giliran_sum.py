"""giliran under a policy that weighs the objectives as the peers' sum does, under the same clock."""

from __future__ import annotations

from benchmarks.peers.giliran import main
from benchmarks.scorer import WEIGHTS
from scheduler.weighing import IN_THOUSANDTHS, WEIGHED

WEIGHED_LIKE_PEERS = {name: int(WEIGHTS[name] * (1000 if name in IN_THOUSANDTHS else 1)) for name in WEIGHED}
"""The scorer's weights by day of balance, wish and stint, as a policy states them."""

if __name__ == "__main__":
    main(WEIGHED_LIKE_PEERS)
