"""The package stands without the solver, and loads geometry only where a place is asked for."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import importlib, pkgutil, sys
for name in ("ortools", "shapely", "geographiclib", "openpyxl", "pandas"):
    sys.modules[name] = None
import scheduler.checkins
for module in pkgutil.walk_packages(scheduler.checkins.__path__, "scheduler.checkins."):
    importlib.import_module(module.name)
from scheduler.checkins.place import metres
assert round(metres(-2.55, 120.32, -2.551, 120.32)) == 111
print("ok")
"""


def test_everything_is_imported_without_solver_geometry_and_workbooks() -> None:
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert ran.stdout.strip() == "ok", ran.stderr


def test_sources_are_found_by_their_files() -> None:
    from scheduler.checkins.evidence import discover

    assert [s.key for s in discover()] == [
        "activities",
        "attendance",
        "calls",
        "members",
        "phone_page",
        "server_log",
        "telegram",
        "telegram_bot",
        "whatsapp",
    ]
    assert all(s.title.id and s.title.en and s.channel for s in discover())
