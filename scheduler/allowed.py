"""What may stand in place of a setting that was refused: its bounds, its kind, the nearest word that is known."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scheduler.language import Bilingual


def allowed(error: Mapping[str, Any]) -> Bilingual:
    """Return what a setting may be, from the kind of error that pydantic found."""
    bounds = error.get("ctx", {})
    for key, id_, en in (
        ("ge", "paling sedikit {}", "at least {}"),
        ("gt", "lebih dari {}", "more than {}"),
        ("le", "paling banyak {}", "at most {}"),
        ("lt", "kurang dari {}", "less than {}"),
        ("min_length", "paling sedikit {} nilai", "at least {} value"),
    ):
        if key in bounds:
            return Bilingual(id=id_.format(bounds[key]), en=en.format(bounds[key]))
    if "expected" in bounds:
        words = str(bounds["expected"])
        return Bilingual(id=words.replace(" or ", " atau "), en=words)
    kinds = {
        "missing": Bilingual(id="wajib diisi", en="it must be given"),
        "int": Bilingual(id="bilangan bulat", en="a whole number"),
        "bool": Bilingual(id="true atau false", en="true or false"),
        "string": Bilingual(id="teks dalam tanda kutip", en="text in quotes"),
        "date": Bilingual(id="tanggal seperti 2021-08-03", en="a date such as 2021-08-03"),
        "time": Bilingual(id="jam seperti 07:30", en="a clock time such as 07:30"),
        "tuple": Bilingual(id="daftar dalam [ ]", en="a list in [ ]"),
        "dict": Bilingual(id="tabel", en="a table"),
        "model": Bilingual(id="tabel dalam { }", en="a table in { }"),
    }
    message = str(error["msg"]).removeprefix("Value error, ")
    return kinds.get(str(error["type"]).partition("_")[0], Bilingual(id=message, en=message))


def did_you_mean(word: str, known: Sequence[str], cutoff: float = 0.5) -> Bilingual | None:
    """Return the question for the nearest known word; None where none is near."""
    by_plain = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_plain, n=1, cutoff=cutoff)
    if not near:
        return None
    name = by_plain[near[0]]
    return Bilingual(id=f"Maksud Anda “{name}”?", en=f"Did you mean “{name}”?")


def folder_meant(path: Path) -> Bilingual | None:
    """Return the question for the folder beside a missing one that is spelt most like it; None where none is."""
    try:
        beside = [
            child.name for child in path.parent.iterdir() if child.is_dir() and child.name[0] not in "._"
        ]
    except OSError:
        return None
    prefix = "" if path.parent == Path() else f"{path.parent.as_posix()}/"
    return did_you_mean(path.as_posix(), [prefix + name for name in beside], 0.75)
