"""Words that the help of several commands uses: sections of options, and what stands for a value in Indonesian."""

from __future__ import annotations

import re

from scheduler.language import Bilingual, Language

OWN = Bilingual(id="Pilihan", en="Options")
TWEAKS = Bilingual(id="Mengganti kebijakan untuk sekali ini", en="Instead of the policy, for this once")
SEARCH = Bilingual(id="Pencarian", en="Search")
EVERYWHERE = Bilingual(id="Pada setiap perintah", en="With every command")
SECTIONS = (OWN, TWEAKS, SEARCH, EVERYWHERE)
"""In the order in which a help shows them."""

INDONESIAN = {
    "ADDRESS": "ALAMAT", "ARGS": "NILAI", "COMMAND": "PERINTAH", "DATE": "TANGGAL", "DAY": "HARI", "DIR": "FOLDER",
    "ECHELON": "ESELON", "EVIDENCE": "BUKTI", "FIELD": "SETELAN", "FILE": "BERKAS", "FIRST": "PERTAMA", "FROM": "DARI",
    "KIND": "JENIS", "NAME": "NAMA", "NAMES": "NAMA", "OPTIONS": "PILIHAN", "OUTPUT": "KELUARAN", "PATH": "BERKAS",
    "PATTERN": "POLA", "RANK": "JENJANG", "RULE": "ATURAN", "SCENARIO": "SKENARIO", "SECOND": "KEDUA",
    "SHARE": "BAGIAN", "TEXT": "TEKS", "TO": "SAMPAI", "VALUE": "NILAI", "ZONE": "ZONA",
}  # fmt: skip
"""What stands for a value to be typed, in English and in Indonesian."""

_PLACEHOLDER = re.compile(r"(?<![\w$])(?:" + "|".join(INDONESIAN) + r")(?!\w)")


def in_words(text: str, language: Language) -> str:
    """Return a text with what stands for values in the language; `$GILIRAN_DATABASE` and the like stay."""
    return _PLACEHOLDER.sub(lambda found: INDONESIAN[found[0]], text) if language == "id" else text
