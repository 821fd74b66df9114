"""How to install what only some commands need: the exact line for the Python that runs."""

from __future__ import annotations

import sys


def how_to_install(extra: str) -> str:
    """Return the command that adds an extra to this installation; its quotes suit every shell, that of Windows too."""
    program = sys.executable
    if not program or " " in program:
        program = "python"
    return f'{program} -m pip install "giliran[{extra}]"'
