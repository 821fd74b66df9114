"""What an entry is employed as: employment, kind of post, echelon, post and rank."""

from __future__ import annotations

import re

from scheduler.language import Bilingual
from scheduler.problem import RANKS
from scheduler.read.staff_list.cell_reader import CellReader
from scheduler.read.staff_list.ranks import rank_of, rank_of_kind
from scheduler.read.staff_list.titles import employment_in
from scheduler.read.staff_list.values import echelon_of, employment_of, is_asn, is_gone, is_standing

_ECHELON_BEHIND = re.compile(
    r"(?P<post>.*?)\s*[/(,–-]\s*(?P<echelon>(?:eselon\s*)?[IV]{1,3}\s?[./]?\s?[a-e])\s*\)?$", re.I
)


def read_employment(reader: CellReader) -> str:
    """Return the employment, from its column or a heading; an unknown one is kept as it is, with a warning."""
    text = reader.text("employment") or _own_employment(reader) or reader.entry.headed_employment
    if not text and not reader.has("employment"):
        text = reader.text("standing")
    for part in (text, *text.replace(" - ", "/").split("/")):
        found = employment_of(part)
        if found:
            return found
    if not text or is_standing(text):
        return ""
    if reader.text("employment") and is_gone(text):
        reader.add(
            "employment",
            Bilingual(
                id="tampaknya tidak lagi bekerja di sini; tetap dijadwalkan",
                en="seems to work there no longer; rostered all the same",
            ),
            remedy=Bilingual(
                id="Hapus barisnya, atau isi kolom Berhenti dengan hari kerja terakhirnya.",
                en="Delete the row, or give the last working day in a column Berhenti.",
            ),
            warning=True,
        )
        return text
    if reader.text("employment"):
        reader.add(
            "employment",
            Bilingual(
                id="status kepegawaian tidak dikenal; dibiarkan apa adanya",
                en="unknown employment; kept as it is",
            ),
            allowed=Bilingual(
                id="PNS, CPNS, PPPK, Non ASN, PTT, TKD, …", en="PNS, CPNS, PPPK, Non ASN, PTT, TKD, …"
            ),
            warning=True,
        )
        return text
    return ""


def _own_employment(reader: CellReader) -> str:
    """Return what the remark or the post says against the heading: a contract driver in a list "of PNS" is none."""
    if not reader.entry.headed_employment:
        return ""
    return employment_in(reader.text("note")) or employment_in(reader.text("position"))


def read_post(reader: CellReader) -> tuple[str, str, str]:
    """Return echelon, kind of post, and post.

    Lists also put "Fungsional" or "Pengawas" into the echelon's column, or the echelon behind the post.
    """
    position, kind = reader.text("position"), reader.text("position_kind") or reader.text("rank")
    text = reader.text("echelon")
    behind = _ECHELON_BEHIND.match(position)
    if behind and not reader.has("echelon") and (echelon := echelon_of(behind["echelon"])):
        return echelon, kind, behind["post"]
    if rank_of_kind(text):
        return echelon_of(text) or "", kind or text, position
    return reader.parse("echelon", echelon_of, "", Bilingual(id="eselon", en="the echelon")), kind, position


def read_rank(
    reader: CellReader,
    *,
    employment: str,
    given_id: str,
    kind: str,
    echelon: str,
    position: str,
    unit_class: str,
) -> str:
    """Return the rank that the list states or that the post tells; a warning where it is doubtful."""
    stated_rank = reader.text("rank").casefold()
    if stated_rank in RANKS:
        return stated_rank
    asn = is_asn(employment)
    if asn is None and not employment and given_id and not given_id.isdigit():
        prefix = employment_of("".join(c if c.isalpha() else " " for c in given_id))
        asn = False if prefix and is_asn(prefix) is False else None
    ranked = rank_of(
        employment_is_asn=asn, kind=kind, echelon=echelon, position=position, unit_class=unit_class
    )
    if ranked.doubt:
        reader.add("position" if position else "name", ranked.doubt, value=position, warning=True)
    return ranked.rank
