"""Programs from outside Python that some tests need: absent, they skip here and fail in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

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


def save_by_libreoffice(kind: str, folder: Path, *files: Path) -> None:
    """Have LibreOffice save these files in another form, or the same, into `folder`."""
    profile = Path(_profile().name).as_uri()
    words = [f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run(
        [require("soffice"), *words, *map(str, files)], check=True, capture_output=True, timeout=240
    )


@cache
def _profile() -> TemporaryDirectory[str]:
    """A profile for this process of tests alone, since two LibreOffices cannot share one; making it takes seconds."""
    return TemporaryDirectory(prefix="giliran-libreoffice-")
