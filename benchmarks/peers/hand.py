"""The two-group rota that a unit head makes by hand in Excel: two halves change places every two days.

Executors and non-ASN take turns by two days, in two halves; each supervisor is at home every fourth day. Whoever is away,
cannot use IT or is pinned is entered first; posts go down the list of those on site, from where the list was left the
day before. Nobody counts, so quotas, counters and stints after leave are as they turn out.
"""

from __future__ import annotations

from typing import Any

from benchmarks.peers.talk import Answer, run


def solve(facts: dict[str, Any], limit: float) -> Answer:
    """Fill in the rota."""
    days, cells = facts["days"], facts["cells"]
    home = [[int(letter == "H") for letter in row] for row in cells]
    for group in facts["groups"]:
        seldom = 2 * max(group["targets"]) < 0.8 * len(group["members"])
        for position, i in enumerate(i for i in group["members"] if "." in cells[i]):
            for k in range(days):
                turn = (k + position) % 4 == 0 if seldom else (k // 2 + position) % 2 == 0
                if cells[i][k] == ".":
                    home[i][k] = int(turn)
    roles: list[list[Any]] = []
    for role in facts["roles"]:
        order = sorted({i for people in role["officers"] for i in people})
        following = 0
        for k in range(days):
            busy = {i for i, day, _ in roles if day == k}
            free = [
                i
                for i in order[following:] + order[:following]
                if i in role["officers"][k] and not home[i][k] and (i not in busy or not role["alone"])
            ]
            for i in free[: role["number"]]:
                roles.append([i, k, role["name"]])
                following = (order.index(i) + 1) % len(order)
    return Answer(home=home, roles=roles, note="rota")


if __name__ == "__main__":
    run(solve)
