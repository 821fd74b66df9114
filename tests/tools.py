"""Programs from outside Python that some tests need: absent, they skip here and fail in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def require(program: str) -> str:
    """Return the path of `program`; without it skip the test, or fail where CI is set (nothing is skipped there)."""
    found = shutil.which(program)
    if found:
        return found
    message = f"this test needs {program}; .ci/run installs it"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
