"""Writes docs/policy-reference.md from the rules and settings themselves: python docs/make_reference.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scheduler.checkins.settings import CheckinSettings
from scheduler.cli.rules import documentation, settings
from scheduler.constraints import discover
from scheduler.constraints.base import Rule
from scheduler.constraints.selection import Selection, When
from scheduler.read.objectives import Objectives, ObjectiveWeights
from scheduler.read.phases import Phase
from scheduler.read.policy_document import (
    Document,
    HoursTable,
    LetterTable,
    Period,
    ReadingTable,
    SignatureTable,
    UnitDays,
)

TARGET = Path(__file__).parent / "policy-reference.md"

HEAD = """<!-- Dibuat oleh docs/make_reference.py dari kode; jangan disunting. Made from the code; do not edit. -->

# Rujukan kebijakan · Policy reference

**Ringkas.** `policy.toml` menulis surat edaran sebagai tabel: judul, zona waktu, `[period]`, dan satu tabel
`[[rules.NAMA]]` untuk setiap aturan. Setiap aturan menerima `name`, `for` (siapa), `when` (kapan) dan, agar menjadi
keinginan alih-alih keharusan, `weight`. Kunci yang tidak dikenal ditolak dengan baris dan kunci terdekat. Siapa pun
yang tidak dikenai aturan berada di kantor. Di terminal: `giliran rules` dan `giliran rules NAMA`.

A policy writes the letter as tables. Every rule takes `name`, `for`, `when` and, to make it a wish, `weight`. An
unknown key is refused with its line and the nearest known one. Whoever no rule touches is at the office. Any setting
can be changed for one run by `--set RULE[NAME].FIELD=VALUE`, `--set checkins.KIND[NAME].FIELD=VALUE` or
`--set period.FIELD=VALUE`.

"""

PHASES = """## Tahap · Phases

Satu kebijakan dapat diperpanjang atau diubah: setiap `[[phases]]` memiliki tanggal sendiri dan apa yang diubahnya.
`giliran generate` menyusun tahap pertama atau `--phase NAMA`; `giliran next` tahap yang berikut.

```toml
[[phases]]
name = "perpanjangan 1"
from = 2020-04-01
to = 2020-04-21
letter = { number = "2/2020", date = 2020-03-31 }
change = { "home_quota[pelaksana].share" = "75%" }
drop = ["capacity"]

[[phases.rules.home_count]]
at_most = 3
```

"""
OBJECTIVES = """## `[objectives]`

Tanpa tabel ini tujuan diperkecil satu demi satu: kekurangan, perubahan, keadilan, piket, Senin dan Jumat, keinginan,
panjang giliran; yang kemudian tidak pernah merugikan yang terdahulu. Dengan `weights` kekurangan dan perubahan tetap
didahulukan, lalu jumlah berbobot dari yang lain diperkecil; yang tidak disebut berbobot 0. Sertifikat memuat jumlah itu
(`weighted_sum`, seperseribu) dengan batas yang terbukti, dan setiap bagiannya.

Without this table objectives are minimised one after the other: shortfall, changes, fairness, posts, Mondays and
Fridays, wishes, lengths of stints; a later one never costs an earlier one anything. With `weights` shortfall and changes
still come first, and then the weighted sum of the others is minimised; what is not named weighs 0. The certificate has
the sum (`weighted_sum`, thousandths) with its proven bound, and each part. For one run: `--set objectives.weights.stints=5`.

```toml
[objectives]
weights = { fairness_spread = 1000, fairness_total = 50, role_spread = 1000, role_total = 50, monday_friday = 200, preferences = 1, stints = 1 }
```
"""
MEANINGS = {
    "name": "the phase's name, for --phase", "from": "first day", "to": "last day", "title": "replaces the policy's title",
    "letter": "replaces what is given of [letter]", "change": "settings by RULE[NAME].FIELD, as --set takes them",
    "drop": "labels of rules left out, such as “capacity” or “home_quota[pelaksana]”", "rules": "rules added",
    "unit": "name of the office", "sub_unit": "Bidang, Seksi …",
    "unit_class": "kind of office: dinas, badan, kelurahan, puskesmas …", "rank": "jpt, administrator, pengawas, pelaksana, fungsional, non_asn",
    "echelon": "“IV” also takes IV.a and IV.b", "position": "title of the post", "employment": "PNS, PPPK …; “ASN” and “non ASN” take several",
    "service_post": "counter at which they can serve", "tag": "mark of the staff list", "person": "id, NIP or name",
    "highest_levels": "those of so many highest structural levels present in their unit", "below": "one structural level below whom this table takes",
    "below_by": "by the list's supervisors (tree) or by echelon", "any": "whom one of these tables takes", "not": "except these",
    "workdays": "“mon-fri”, “mon-sat” or a list of weekdays", "holidays": "country of the holidays library, with collective leave; or “none”",
    "extra": "further days off", "except": "holidays that are worked after all", "units": "units whose days differ", "for": "which units",
    "fairness_spread": "per day between the most and the least balance of home days, summed over quotas",
    "fairness_total": "per day of balance, whoever's", "role_spread": "the same over turns in posts and as monitor", "role_total": "the same",
    "monday_friday": "per day between the most and the least balance over Mondays and Fridays",
    "preferences": "per unit of weight of wishes unmet and soft rules broken", "stints": "per stint of a length not preferred",
    "dates": "listed days", "weekdays": "mon … sun, or senin … minggu",
}  # fmt: skip
WHOLE = {
    "title": "of the roster, as printed", "timezone": "of the offices: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT) or any IANA name",
    "language": "of what is written", "letter": "what the letter says of itself", "signature": "who signs",
    "hours": "of an office day", "period": "the days rostered", "readings": "how the letter was read",
    "objectives": "weights, where objectives are not taken in turn", "rules": "a table for each rule",
    "checkins": "what is asked of people at home", "phases": "amendments that follow one another",
}  # fmt: skip
BESIDE = (  # each table that is printed rather than solved, with what its keys mean
    ("[letter]", LetterTable, {
        "number": "of the letter", "date": "of the letter", "issuer": "who wrote it", "subject": "what it is about",
    }),
    ("[signature]", SignatureTable, {
        "place": "where it is signed", "title": "post of who signs", "name": "of who signs", "grade": "pangkat and golongan of who signs",
        "nip": "of who signs", "prefix": "what stands before the post, such as “a.n.” or “Plt.”", "date": "on which it is signed",
    }),
    ("[hours]", HoursTable, {"start": "when the day begins at the office", "end": "when it ends"}),
    ("[[readings]]", ReadingTable, {
        "key": "a name for the reading", "id": "the sentence in Indonesian", "en": "the sentence in English",
    }),
)  # fmt: skip
COMMON = ("name", "enabled", "for", "when", "weight", "weight_under", "weight_over")


def reference() -> str:
    """Return the whole page."""
    return (
        HEAD
        + "\n".join(
            [
                *_document(),
                *_period(),
                *_objectives(),
                *_common(),
                *_rules(),
                PHASES + _table(_rows(Phase)),
                *_checkins(),
            ]
        ).rstrip()
        + "\n"
    )


def _document() -> Iterator[str]:
    yield "## Berkas kebijakan · The policy as a whole\n"
    rows = _rows(Document, WHOLE)
    yield _table([*rows, ("`phases`", "–", "", WHOLE["phases"])])
    for heading, model, meanings in BESIDE:
        yield f"### `{heading}`\n\n{(model.__doc__ or '').strip()}\n"
        yield _table(_rows(model, meanings))


def _period() -> Iterator[str]:
    yield "## `[period]`\n\nHari yang disusun · the days rostered.\n"
    yield _table(_rows(Period))
    yield "`units` adalah daftar tabel · is a list of tables:\n"
    yield _table(_rows(UnitDays))


def _objectives() -> Iterator[str]:
    yield OBJECTIVES
    yield _table(_rows(Objectives, {"weights": "what each objective counts for, by the keys below"}))
    yield _table(_rows(ObjectiveWeights))


def _common() -> Iterator[str]:
    yield "## Setelan setiap aturan · Settings of every rule\n"
    yield _table([row for row in _rows(Rule) if row[0].strip("`") in COMMON])
    yield "### `for`\n\nKunci digabung dengan “dan”, daftar dengan “atau”; `*` berarti apa saja. Keys combine with “and”, lists with “or”.\n"
    yield _table(_rows(Selection))
    yield "### `when`\n"
    yield _table(_rows(When))


def _rules() -> Iterator[str]:
    yield "## Aturan · Rules\n"
    yield "\n".join(f"* [`{key}`](#{key}): {rule.summary.id}" for key, rule in discover().items()) + "\n"
    for key, rule in discover().items():
        yield f"### {key}\n\n**{rule.summary.id}**\n\n{_as_markdown(documentation(rule))}\n"
        own = [row for row in _rows(rule) if row[0].strip("`") not in COMMON]
        if own:
            yield _table(own)


def _checkins() -> Iterator[str]:
    yield "\n## Presensi · Check-ins\n"
    for name, info in CheckinSettings.model_fields.items():
        model = _model_in(info.annotation)
        if model is not None:
            brackets = (
                f"[[checkins.{name}]]" if get_origin(info.annotation) is tuple else f"[checkins.{name}]"
            )
            yield f"### `{brackets}`\n\n{(model.__doc__ or '').strip()}\n"
            yield _table(_rows(model))


def _rows(model: type[BaseModel], meanings: Mapping[str, str] = MEANINGS) -> list[tuple[str, str, str, str]]:
    defaults = {s["name"]: s["default"] for s in settings(model)} if issubclass(model, BaseModel) else {}  # type: ignore[arg-type]
    return [
        (f"`{name}`", _shown(info, defaults.get(name, "none")), _allowed(info), info.description or meanings.get(name, ""))
        for field, info in model.model_fields.items()
        for name in [info.alias or field]
    ]  # fmt: skip


def _shown(info: FieldInfo, default: str) -> str:
    if info.is_required():
        return "required"
    return "–" if default in ("none", '""', "{}") or "PydanticUndefined" in default else f"`{default}`"


def _allowed(info: FieldInfo) -> str:
    words = [str(value) for value in _choices(info.annotation)]
    low = next((m.ge for m in info.metadata if hasattr(m, "ge")), None)
    low = next((m.gt + 1 for m in info.metadata if hasattr(m, "gt")), low)
    high = next((m.le for m in info.metadata if hasattr(m, "le")), None)
    if low is not None or high is not None:
        words.append(f"{'…' if low is None else low} to {'…' if high is None else high}")
    return ", ".join(dict.fromkeys(words))


def _choices(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _choices(part)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    lines = ["| setting | default | allowed | meaning |", "|---|---|---|---|"]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def _as_markdown(text: str) -> str:
    """Return a docstring with its indented examples as TOML blocks."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        starts = line.startswith("    ")
        if starts != inside and (line.strip() or not inside):
            if inside:
                while found and not found[-1]:
                    found.pop()
            found.append("```toml" if starts else "```\n")
            inside = starts
        found.append(line[4:] if inside else line)
    if inside:
        found.append("```")
    return "\n".join(found)


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8", newline="\n")
