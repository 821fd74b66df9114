"""What some tests need from outside Python: where it is absent they skip, and `tests/conftest.py` lets none in CI."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

JS = Path(__file__).parent / "js"


def require(program: str) -> str:
    """Return the path of `program`; without it skip the test."""
    return shutil.which(program) or pytest.skip(f"this test needs {program}; .ci/run installs it")


def require_package(name: str) -> Path:
    """Return the folder of a package of npm; without it skip the test."""
    folder = JS / "node_modules" / name
    if not folder.is_dir():
        pytest.skip(f"this test needs {name}: npm ci --prefix tests/js")
    return folder


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
