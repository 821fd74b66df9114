"""Passwords: argon2id hashes, checked in the same time whether or not an account exists."""

from __future__ import annotations

from functools import cache
from typing import Any

from scheduler.errors import UsageError
from scheduler.language import Bilingual

LEAST, MOST = 10, 200
"""Characters of a password; a long one must not keep the server busy."""
ONE_AT_A_TIME = 2
"""How many are hashed at once: each takes 64 MB for a moment."""


@cache
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher()  # RFC 9106, second recommendation: 64 MiB, three passes


@cache
def _nobodys() -> str:
    return hash_password("nobody has this password")


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return str(_hasher().hash(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the one stored; with None as much is computed, and the answer is no."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > MOST:
        password = ""
    try:
        return bool(_hasher().verify(stored or _nobodys(), password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with parameters weaker than today's."""
    return bool(_hasher().check_needs_rehash(stored))


def check_new(password: str, name: str) -> None:
    """Refuse a password that is too short, too long or the account's own name.

    Raises
    ------
    UsageError
        With what is allowed.
    """
    if not LEAST <= len(password) <= MOST or password.strip().casefold() == name.casefold():
        raise UsageError(
            Bilingual(
                id=f"Sandi harus {LEAST} sampai {MOST} karakter dan bukan nama akunnya; kalimat pendek mudah diingat.",
                en=f"A password has {LEAST} to {MOST} characters and is not the account's name; a short sentence is easy to remember.",
            )
        )
