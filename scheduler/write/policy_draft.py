"""A first policy.toml from a handful of answers: commented in the office's language, generating at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from scheduler.language import Bilingual, Language

if TYPE_CHECKING:
    from tomlkit.items import AoT, Table
    from tomlkit.toml_document import TOMLDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a newcomer is asked.

    Attributes
    ----------
    place : where the rosters are signed, such as "Masamba".
    quotas : share at home as the policy writes it, by rank.
    turns : of `stint.home`: "1", "2", "1-2" or "week"; empty for none.
    exempt : patterns of units that are always at the office.
    posts : service posts of the staff list, each with its officers a day.
    leaders : echelons of which one is on site each day.
    checkpoints : local times at which whoever is at home sends a location, such as "08:00".
    """

    title: str
    place: str
    timezone: str
    first: date
    last: date
    language: Language = "id"
    workdays: str = "mon-fri"
    quotas: Mapping[str, str] = field(default_factory=lambda: {"pelaksana": "50%"})
    turns: str = "1-2"
    exempt: Sequence[str] = ()
    posts: Mapping[str, int] = field(default_factory=dict)
    leaders: Sequence[str] = ()
    checkpoints: Sequence[str] = ()


_HEAD = Bilingual(
    id="Kebijakan kerja dari rumah. Ubah angka di sini, lalu jalankan: giliran generate {folder}\n"
    "Lihat dulu tanpa menyusun: giliran generate {folder} --dry-run\n"
    "Semua aturan dan setelannya: giliran rules",
    en="A work-from-home policy. Change the numbers here, then run: giliran generate {folder}\n"
    "Look first without solving: giliran generate {folder} --dry-run\n"
    "Every rule with its settings: giliran rules",
)
_LETTER = Bilingual(id="dicetak, tidak ditafsirkan", en="printed, never interpreted")
_SIGNATURE = Bilingual(
    id="selebihnya dari kepala unit di daftar pegawai", en="the rest is from each unit's head in the list"
)
_DAYS = Bilingual(
    id="libur nasional dan cuti bersama; tambah dengan extra = [tanggal], kecualikan dengan except = [tanggal]",
    en="public holidays and collective leave; add by extra = [dates], take out by except = [dates]",
)
_EXEMPT = Bilingual(
    id="Kantor yang dikecualikan: selalu di kantor (* berarti apa saja).",
    en="Exempt offices: always at the office (* stands for anything).",
)
_QUOTA = Bilingual(
    id="Bagian setiap jenjang yang bekerja dari rumah tiap hari; pecahan dibawa ke hari berikutnya.",
    en="The share of each rank at home each day; fractions are carried to the next day.",
)
_STINT = Bilingual(
    id="Berapa hari kerja berturut-turut di rumah.", en="How many working days in a row at home."
)
_IT = Bilingual(
    id="Hanya yang mampu menggunakan TI bekerja dari rumah.", en="Only those able to use IT work from home."
)
_LEADERS = Bilingual(
    id="Setiap hari sekurangnya satu pejabat di kantor.", en="At least one such leader on site each day."
)
_CHECKINS = Bilingual(
    id="Yang di rumah mengirim lokasi pada jam-jam ini.",
    en="Those at home send their location at these times.",
)
_POSTS = Bilingual(
    id="Loket yang tidak boleh kosong; petugasnya menurut kolom Loket di daftar pegawai.",
    en="Counters that are never empty; their officers are those of the list's column Loket.",
)


def draft_policy(answers: Answers, folder: str) -> str:
    """Return the text of a policy.toml that expresses the answers.

    Parameters
    ----------
    folder : as the comment's command names it.
    """
    import tomlkit

    words = _in(answers.language)
    document = tomlkit.document()
    for line in words(_HEAD).format(folder=folder).split("\n"):
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    document.add("title", tomlkit.item(answers.title))
    document.add("timezone", tomlkit.item(answers.timezone))
    if answers.language == "en":
        document.add("language", tomlkit.item("en"))
    _add_table(document, "letter", {"number": "", "issuer": ""}, words(_LETTER))
    _add_table(document, "signature", {"place": answers.place}, words(_SIGNATURE))
    period = {"from": answers.first, "to": answers.last, "workdays": answers.workdays, "holidays": "ID"}
    _add_table(document, "period", period, "")["holidays"].comment(words(_DAYS))
    rules = tomlkit.table(is_super_table=True)
    for key, (_, tables) in _rules(answers).items():
        array = tomlkit.aot()
        for settings in tables:
            _append(array, settings)
        rules.add(key, array)
    document.add("rules", rules)
    comments = {f"rules.{key}": comment for key, (comment, _) in _rules(answers).items()}
    if answers.checkpoints:
        points = tomlkit.aot()
        _append(
            points,
            {
                "at": list(answers.checkpoints),
                "before_minutes": 15,
                "after_minutes": 30,
                "within_metres": 500,
            },
        )
        checkins = tomlkit.table(is_super_table=True)
        checkins.add("point", points)
        document.add("checkins", checkins)
        comments["checkins.point"] = _CHECKINS
    return _commented(tomlkit.dumps(document), comments, words)


def _in(language: Language) -> Any:
    return lambda text: text.in_language(language)


def _add_table(document: TOMLDocument, name: str, values: Mapping[str, Any], comment: str) -> Any:
    import tomlkit

    table: Table = tomlkit.table()
    if comment:
        table.comment(comment)
    for key, value in values.items():
        table.add(key, value)
    document.add(tomlkit.nl())
    document.add(name, table)
    return document[name]


def _append(array: AoT, settings: Mapping[str, Any]) -> None:
    import tomlkit

    table = tomlkit.table()
    for key, value in settings.items():
        if isinstance(value, Mapping):
            inline = tomlkit.inline_table()
            inline.update(value)
            table.add(key, inline)
        else:
            table.add(key, value)
    array.append(table)


def _rules(answers: Answers) -> dict[str, tuple[Bilingual, list[dict[str, Any]]]]:
    """Return the tables of each rule with the comment above them."""
    found: dict[str, tuple[Bilingual, list[dict[str, Any]]]] = {}
    if answers.exempt:
        name = "dikecualikan" if answers.language == "id" else "exempt"
        found["always_office"] = (_EXEMPT, [{"name": name, "for": {"unit": list(answers.exempt)}}])
    quotas = [
        {"name": rank, "for": {"rank": rank}, "share": share, "rounding": "carry"}
        for rank, share in answers.quotas.items()
    ]
    if quotas:
        found["home_quota"] = (_QUOTA, quotas)
    if answers.turns and quotas:
        low, _, high = answers.turns.partition("-")
        home: Any = answers.turns if low == "week" else [int(low), int(high or low)]
        found["stint"] = (_STINT, [{"home": home}])
    if quotas:
        found["it_capable"] = (_IT, [{}])
    if answers.leaders:
        found["min_on_site"] = (_LEADERS, [{"for": {"echelon": list(answers.leaders)}, "at_least": 1}])
    if answers.posts:
        posts = [{"name": name, "at_least": number} for name, number in answers.posts.items()]
        found["service_post"] = (_POSTS, posts)
    return found


def _commented(text: str, comments: Mapping[str, Bilingual], words: Any) -> str:
    """Return the text with each rule's comment above its first table, and no more than one empty line in a row."""
    lines: list[str] = []
    seen: set[str] = set()
    for line in text.split("\n"):
        key = line[2:-2] if line.startswith("[[") and line.endswith("]]") else ""
        if key:
            while lines and not lines[-1]:
                lines.pop()
            lines.append("")
        if key and key not in seen:
            seen.add(key)
            lines.append("# " + words(comments[key]))
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).rstrip("\n") + "\n"
