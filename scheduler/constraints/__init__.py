"""The rules, one file each: `home_quota.py` is `[[rules.home_quota]]`. Files are discovered; nothing lists them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.constraints.base import Rule

NOT_RULES = frozenset(
    {
        "__init__", "base", "daily", "leaders", "model", "quota_days", "selection", "shares", "stretches", "walks",
        "whole_weeks",
    }
)  # fmt: skip


@cache
def discover() -> Mapping[str, type[Rule]]:
    """Return every rule class by its key, which is its file's name, in alphabetical order.

    Raises
    ------
    TypeError
        Where a file here does not define exactly one rule.
    """
    from scheduler.constraints.base import Rule

    found: dict[str, type[Rule]] = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in NOT_RULES:
            continue
        module = import_module(f"{__name__}.{path.stem}")
        rules = [
            member
            for member in vars(module).values()
            if isinstance(member, type) and issubclass(member, Rule) and member.__module__ == module.__name__
        ]
        if len(rules) != 1:
            raise TypeError(f"{path.name} must define exactly one rule, found {len(rules)}")
        found[path.stem] = rules[0]
    return MappingProxyType(found)
