"""New scenario folders: never over an existing one's files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from scheduler.errors import UsageError
from scheduler.language import Bilingual

EXAMPLES = "examples"


def refuse_existing(folder: Path) -> None:
    """Refuse a folder that holds anything already, or a file in its place.

    Raises
    ------
    UsageError
        With what to do instead.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Bilingual(
                id=f"{folder} sudah ada isinya; tidak ada yang ditimpa. Pilih nama folder lain, misalnya {folder}-2.",
                en=f"{folder} is not empty; nothing is overwritten. Choose another name, such as {folder}-2.",
            )
        )


def examples_folder() -> Path:
    """Return where the shipped scenarios are: beside the code in a wheel, in `rosters/` of a checkout."""
    package = Path(__file__).parents[1]
    shipped = package / EXAMPLES
    return shipped if shipped.is_dir() else package.parent / "rosters"


def examples() -> Iterable[str]:
    """Return the names of the shipped scenarios."""
    folder = examples_folder()
    return sorted(path.parent.name for path in folder.glob("*/policy.toml")) if folder.is_dir() else []


def new_key(folder: Path) -> None:
    """Give a scenario folder the secret under which its calendars are named."""
    import secrets

    (folder / "calendar.key").write_text(secrets.token_hex(32) + "\n", encoding="ascii")
