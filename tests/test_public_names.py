"""The names that other programs may import."""

import subprocess
import sys
from pathlib import Path

import scheduler


def test_the_public_names_are_these_and_each_can_be_imported():
    assert scheduler.__all__ == [
        "Order",
        "Problem",
        "Request",
        "Roster",
        "SchedulerError",
        "audit",
        "check_output",
        "find_partners",
        "generate",
        "read_problem",
        "replan",
    ]
    for name in scheduler.__all__:
        assert getattr(scheduler, name).__name__ == name
        assert getattr(scheduler, name).__doc__
    assert dir(scheduler) == scheduler.__all__
    modules = {path.stem for path in Path(scheduler.__file__).parent.iterdir()}
    assert not modules & set(scheduler.__all__), "importing a module of that name would hide it"


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, scheduler; print(sorted({'ortools', 'pandas', 'openpyxl', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(scheduler, "no_such_name")
