"""Where the program begins: Ctrl-C while it is still being loaded ends it as quietly as later."""

from __future__ import annotations

import sys


def main() -> None:
    """Load and run the program; exit with 130 where it is interrupted before it can say so itself."""
    try:
        from scheduler.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("Dihentikan. Interrupted.\n")
        sys.exit(130)
