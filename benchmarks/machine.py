"""What a measurement has to say of itself: command, versions, date, cores and load; and memory."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version

PACKAGES = ("ortools", "pandas", "openpyxl", "icalendar", "distributed")


def about(command: str) -> str:
    """Return the heading of a measurement."""
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{command}\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, giliran at {revision}, python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + f"\n{os.cpu_count()} cores, load {load} at the start"
    )


def peak_megabytes() -> int:
    """Return the most memory that this process ever held."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))
