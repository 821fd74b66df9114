"""What the server needs beyond the core: said in one line where the extra is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from scheduler.errors import UsageError
from scheduler.extras import how_to_install
from scheduler.language import Bilingual

MODULES = (
    "sqlalchemy",
    "alembic",
    "fastapi",
    "uvicorn",
    "jinja2",
    "segno",
    "argon2",
    "python_multipart",
)


def missing_modules() -> list[str]:
    """Return what of the extra [server] is not installed."""
    return [name for name in MODULES if find_spec(name) is None]


def require_server() -> None:
    """Refuse where the extra [server] is not installed.

    Raises
    ------
    UsageError
        Naming what is missing and how to get it.
    """
    missing = missing_modules()
    if missing:
        raise UsageError(
            Bilingual(
                id=f"Peladen perlu {', '.join(missing)}. Pasang: {how_to_install('server')}",
                en=f"The server needs {', '.join(missing)}. Install it: {how_to_install('server')}",
            )
        )
