"""What the server needs beyond the core: said in one line where the extra is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from scheduler.errors import UsageError
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


def require_server() -> None:
    """Refuse where the extra [server] is not installed.

    Raises
    ------
    UsageError
        Naming what is missing and how to get it.
    """
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise UsageError(
            Bilingual(
                id=f"Peladen perlu {', '.join(missing)}. Pasang: pip install 'giliran[server]'.",
                en=f"The server needs {', '.join(missing)}. Install it: pip install 'giliran[server]'.",
            )
        )
