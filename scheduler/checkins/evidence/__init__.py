"""The sources of evidence, one file each. Files are discovered; nothing lists them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.checkins.evidence.base import Source

NOT_SOURCES = frozenset({"__init__", "base", "own_lines"})


@cache
def discover() -> tuple[Source, ...]:
    """Return one instance of every source, in alphabetical order of the files.

    Raises
    ------
    TypeError
        Where a file here does not define exactly one source.
    """
    from scheduler.checkins.evidence.base import Source

    found: list[Source] = []
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in NOT_SOURCES:
            continue
        module = import_module(f"{__name__}.{path.stem}")
        sources = [
            member
            for member in vars(module).values()
            if isinstance(member, type)
            and issubclass(member, Source)
            and member.__module__ == module.__name__
        ]
        if len(sources) != 1:
            raise TypeError(f"{path.name} must define exactly one source, found {len(sources)}")
        sources[0].key = path.stem
        found.append(sources[0]())
    return tuple(found)
