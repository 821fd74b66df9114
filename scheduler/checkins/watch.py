"""Waits for growing files: a re-read is due once a file changed and then kept still for a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Stamp = tuple[tuple[str, int, int], ...]
"""Name, size and time of change of every file."""


def stamp(paths: Sequence[Path]) -> Stamp:
    """Return what tells whether any of the files, or any file of a folder among them, has changed."""
    found = []
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            try:
                state = file.stat()
            except OSError:
                found.append((str(file), -1, 0))
            else:
                found.append((str(file), state.st_size, state.st_mtime_ns))
    return tuple(found)


def changes(
    paths: Sequence[Path],
    sleep: Callable[[float], None],
    seconds: float = 2.0,
    look: Callable[[Sequence[Path]], Stamp] = stamp,
) -> Iterator[None]:
    """Yield at once, and again each time the files have changed and rested for one turn of `seconds`.

    Parameters
    ----------
    sleep : waits for so many seconds; an interrupt ends the watch.
    look : returns the state of the files.
    """
    seen = look(paths)
    yield
    while True:
        sleep(seconds)
        now = look(paths)
        if now == seen:
            continue
        sleep(seconds)
        while (rested := look(paths)) != now:
            now = rested
            sleep(seconds)
        seen = now
        yield
