"""Rules and readings in sentences that a unit's head can sign: for whom, when, and each thing said once.

What a rule asks, the rule says itself (`Rule.demand`). Here is what all rules have in common, and what is merged:
the same reading of three quotas is one sentence that names the three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scheduler.constraints.base import Rule
from scheduler.constraints.selection import Selection, When
from scheduler.language import WEEKDAYS_EN, WEEKDAYS_ID, Bilingual, Language, format_date
from scheduler.problem import RANK_NAMES, Reading
from scheduler.write.facts import describe_settings
from scheduler.write.labels import format_days
from scheduler.write.text import one_line

FIELDS = {
    "unit": Bilingual(id="unit", en="unit"),
    "sub_unit": Bilingual(id="sub-unit", en="sub-unit"),
    "unit_class": Bilingual(id="jenis unit", en="class of unit"),
    "rank": Bilingual(id="jenjang", en="rank"),
    "echelon": Bilingual(id="eselon", en="echelon"),
    "position": Bilingual(id="jabatan", en="position"),
    "employment": Bilingual(id="status kepegawaian", en="employment"),
    "service_post": Bilingual(id="petugas loket atau piket", en="officers of counter or picket"),
    "tag": Bilingual(id="tanda", en="tag"),
    "person": Bilingual(id="orang", en="person"),
}
"""What people call the fields of a selection that take words."""

SELECTIONS = {
    "deputies": Bilingual(id="Wakil", en="Deputies"),
    "groups": Bilingual(id="Kelompok berturut-turut", en="Groups in turn"),
}
"""What the settings are called that select people."""

SUBJECTS = {
    "phase": Bilingual(id="Tahap", en="Phase"),
    "objectives.weights": Bilingual(id="Tujuan", en="Objectives"),
}
"""What a reading is about that belongs to no rule, by its key; all others are about the letter."""

LETTER = Bilingual(id="Isi surat", en="The letter")

_FLAG = re.compile(r" --[a-z]")


class Line(NamedTuple):
    """One line of the sheet of rules and readings.

    Attributes
    ----------
    about, text : what it is about, and the sentence.
    other : for whoever writes the policy: where it stands there, or how it would be read otherwise.
    """

    about: str
    text: str
    other: str = ""


def rule_line(rule: Rule, language: Language) -> Line:
    """Return a rule's name, its demand with whom and when, and its label in policy.toml."""
    parts = [rule.demand().in_language(language)]
    if not rule.for_.is_everybody:
        parts.append(_ended(f"{'Untuk' if language == 'id' else 'For'} {who(rule.for_, language)}"))
    if not rule.when.is_always:
        parts.append(_ended(f"{'Hanya' if language == 'id' else 'Only'} {on_days(rule.when, language)}"))
    chosen = {
        field: getattr(rule, field)
        for field in SELECTIONS
        if isinstance(getattr(rule, field, None), (Selection, tuple))
    }
    for field, value in chosen.items():
        selections = value if isinstance(value, tuple) else (value,)
        said = "; ".join(who(selection, language) for selection in selections)
        parts.append(_ended(f"{SELECTIONS[field].in_language(language)}: {said}"))
    rest = describe_settings(rule, without={*rule.told, "for_", "when", *chosen})
    if rest:
        parts.append(_ended(f"{'Setelan' if language == 'id' else 'Settings'}: {rest}"))
    whole = " ".join(part for part in parts if part)
    return Line(
        heading(rule, [rule.name], language),
        whole or ("nilai bawaan" if language == "id" else "defaults"),
        rule.label,
    )


def heading(rule: Rule, names: Sequence[str], language: Language) -> str:
    """Return what rules of one kind are called on paper: `Kuota WFH: Pelaksana, Non-ASN`."""
    title = rule.title.in_language(language) or rule.key
    said = ", ".join(RANK_NAMES.get(name, name.replace("_", " ").replace("-", " ")) for name in names if name)
    return f"{title}: {said}" if said else title


def who(selection: Selection, language: Language) -> str:
    """Return whom a selection takes: `jenjang Pelaksana, kecuali unit RSUD …`; the `*` of a pattern is an ellipsis."""
    id_ = language == "id"
    parts = []
    for field, label in FIELDS.items():
        words = [_plain(field, word) for word in getattr(selection, field)]
        if words == ["…"]:
            parts.append(f"{label.in_language(language)} {'mana pun' if id_ else 'whichever'}")
        elif words:
            parts.append(f"{label.in_language(language)} {_either(words, language)}")
    if selection.highest_levels is not None:
        parts.append(
            f"{selection.highest_levels} jenjang jabatan tertinggi di unitnya"
            if id_
            else f"the {selection.highest_levels} highest levels present in their unit"
        )
    if selection.below is not None:
        inner = who(selection.below, language)
        parts.append(
            f"pejabat satu tingkat di bawah ({inner})" if id_ else f"posts one level below ({inner})"
        )
    if selection.any_:
        parts.append(_either([f"({who(table, language)})" for table in selection.any_], language))
    if selection.not_ is not None:
        parts.append(("kecuali " if id_ else "except ") + who(selection.not_, language))
    return ", ".join(parts) or ("semua" if id_ else "everybody")


def on_days(when: When, language: Language) -> str:
    """Return on which days a rule holds: `pada hari Jumat, sejak 2 Agustus 2021`."""
    id_ = language == "id"
    names = WEEKDAYS_ID if id_ else WEEKDAYS_EN
    parts = []
    if when.weekdays:
        parts.append(
            ("pada hari " if id_ else "on ") + ", ".join(names[number] for number in sorted(when.weekdays))
        )
    if when.dates:
        parts.append(("pada tanggal " if id_ else "on ") + format_days(when.dates, language))
    if when.first:
        parts.append(("sejak " if id_ else "from ") + format_date(when.first, language))
    if when.last:
        parts.append(("sampai " if id_ else "until ") + format_date(when.last, language))
    return ", ".join(parts)


def reading_lines(readings: Iterable[Reading], rules: Sequence[Rule], language: Language) -> list[Line]:
    """Return the readings in their order, those alike of several rules of one kind as one sentence."""
    by_label = {rule.label: rule for rule in rules}
    merged: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings:
        rule = by_label.get(reading.rule)
        same = merged.setdefault((rule.key if rule else reading.rule, reading.text.id), [])
        if reading.rule not in [other.rule for other in same]:
            same.append(reading)
    lines = []
    for alike in merged.values():
        first, rule = alike[0], by_label.get(alike[0].rule)
        text, other = _split(first.text.in_language(language))
        if rule:
            about = heading(rule, [by_label[reading.rule].name for reading in alike], language)
        else:
            about = first.rule or SUBJECTS.get(first.key, LETTER).in_language(language)
        lines.append(Line(about, text, other))
    return lines


def _split(text: str) -> tuple[str, str]:
    """Return what was read, and the other reading with its flag, which whoever signs need not know."""
    flag = _FLAG.search(text)
    cut = text.rfind("; ", 0, flag.start()) if flag else -1
    if cut < 0:
        return _sentence(text), ""
    return _sentence(text[:cut] + "."), _sentence(text[cut + 2 :])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    return text if text.endswith("…") else text + "."


def _plain(field: str, word: str) -> str:
    named = (
        RANK_NAMES.get(word.casefold().replace("-", "_").replace(" ", "_"), word) if field == "rank" else word
    )
    return one_line(named.replace("*", "…"))


def _either(words: Sequence[str], language: Language) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {'atau' if language == 'id' else 'or'} {words[-1]}"
