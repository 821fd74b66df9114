"""One revision of an output folder: every file of it, published as a whole."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.changes import Step
from scheduler.errors import ExportError, UsageError
from scheduler.language import Bilingual, Language
from scheduler.ledger import close_ledger
from scheduler.notice import Notice
from scheduler.read.outputs.changes_file import CHANGES, changes_text, read_changes
from scheduler.read.outputs.kept import REPLACED
from scheduler.read.outputs.order import INPUTS, ORDER
from scheduler.read.outputs.revision import PersonDay, next_sequences, read_certificate
from scheduler.read.scenario import CALENDAR_KEY
from scheduler.read.tweaks import Tweaks
from scheduler.roster import Roster
from scheduler.write.certificate import (
    certificate,
    file_hashes,
    installed_versions,
    sha256_of,
    write_certificate,
)
from scheduler.write.changes import write_changes
from scheduler.write.file_names import unit_file_names
from scheduler.write.html import write_page
from scheduler.write.ics import write_calendars
from scheduler.write.publish import Revision, check_writable, publish
from scheduler.write.tables import write_ledger_csv, write_person_days, write_remainders_csv, write_roster_csv
from scheduler.write.xlsx import write_unit_workbook, write_workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a revision is made from besides the roster itself.

    Attributes
    ----------
    scenario : the scenario folder as it was given, for `giliran next`.
    inputs : SHA-256 by name; `files` what they held.
    steps : what replanning asked for, oldest first, with this revision's own as the last.
    replaced : the person-days that replanned units replaced, kept so that the revision can be made again.
    notice : what changes for whom; None where nothing was replanned.
    """

    scenario: Path
    inputs: Mapping[str, str]
    files: Mapping[str, bytes]
    calendar_key: bytes
    tweaks: Tweaks
    units: tuple[str, ...]
    seed: int
    effort: float
    time_limit: float | None
    language: Language
    steps: tuple[Step, ...] = ()
    replaced: Mapping[tuple[str, date], PersonDay] = field(default_factory=dict)
    notice: Notice | None = None


def write_revision(
    roster: Roster, facts: Facts, folder: Path, *, replaces: int | None = None
) -> tuple[Roster, bool]:
    """Publish a roster as the next revision of `folder`; return it as numbered, and whether anything was written.

    Where the folder's current revision was made from the same inputs and flags and holds the same roster, it
    stays as it is.

    Parameters
    ----------
    replaces : the number of the revision that this one was made from; None where it was made from none.

    Raises
    ------
    ExportError
        Where something cannot be written; the current revision stands.
    UsageError
        Where the current revision is no longer the one that this one was made from; that one stands.
    """
    if (current := _same_as_current(roster, facts, folder)) is not None:
        return replace(roster, number=current), False
    written: list[Roster] = []

    def write(staging: Path, revision: Revision) -> None:
        if (
            replaces is not None and revision.replaced != replaces
        ):  # the folder is locked: nobody comes between
            raise UsageError(_overtaken(replaces, revision.replaced))
        numbered = replace(
            roster,
            number=revision.number,
            replaced=revision.replaced,
            sequences=next_sequences(revision.current, roster),
        )
        _write_files(numbered, facts, staging, revision)
        written.append(numbered)

    publish(folder, write)
    return written[0], True


def _overtaken(replaces: int, current: int | None) -> Bilingual:
    return Bilingual(
        id=f"Perubahan ini dihitung dari revisi {replaces}, tetapi sementara itu revisi {current or '–'} terbit. "
        "Tidak ada yang ditulis; hitung lagi dari revisi yang berlaku.",
        en=f"This change was worked out from revision {replaces}, but meanwhile revision {current or '–'} was published. "
        "Nothing was written; work it out again from the current revision.",
    )


def prepare(folder: Path) -> None:
    """Find before a long search what would keep its result from being written."""
    check_writable(folder)


def calendar_key(scenario: Path, known: bytes) -> bytes:
    """Return the scenario's calendar key; make one where the folder has none.

    Raises
    ------
    ExportError
        Where the new key cannot be kept, for calendars would then change their addresses with each run.
    """
    if known:
        return known
    key = secrets.token_hex(32)
    path = scenario / CALENDAR_KEY
    try:
        path.write_text(key + "\n", encoding="ascii")
    except OSError as error:
        raise ExportError(
            Bilingual(
                id=f"{path}: kunci kalender tidak dapat disimpan ({error.strerror}); buat dengan `giliran init` di folder yang dapat ditulis.",
                en=f"{path}: the calendar key cannot be kept ({error.strerror}); make it with `giliran init` where writing is allowed.",
            )
        ) from None
    return key.encode()


def _write_files(roster: Roster, facts: Facts, folder: Path, revision: Revision) -> None:
    language = facts.language
    write_roster_csv(roster, folder / "roster.csv")
    ledger = close_ledger(roster)
    write_ledger_csv(ledger, folder / "ledger.csv")
    write_remainders_csv(ledger, folder / "remainders.csv")
    write_workbook(roster, folder / "roster.xlsx", language)
    (folder / "units").mkdir()
    names = unit_file_names(result.unit.name for result in roster.results)
    for result in roster.results:
        write_unit_workbook(roster, result, folder / "units" / f"{names[result.unit.name]}.xlsx", language)
    write_page(roster, folder / "roster.html", language)
    write_calendars(roster, folder / "calendars", facts.calendar_key, language)
    if facts.notice is not None:
        write_changes(facts.notice, roster, folder, language)
    _keep_inputs(roster, facts, folder / INPUTS)
    document = certificate(
        roster,
        inputs=facts.inputs,
        versions=installed_versions(),
        seed=facts.seed,
        effort=facts.effort,
        time_limit=facts.time_limit,
        files=file_hashes(folder),
        replaced_sha256=revision.replaced_sha256,
    )
    write_certificate(document, folder / "certificate.json")
    _keep_key(facts.calendar_key, folder / INPUTS / CALENDAR_KEY)


def _keep_key(key: bytes, path: Path) -> None:
    """Keep the calendar key with the staff list, readable by the owner alone, so that the folder can be moved.

    The certificate tells nothing of it, not even a hash.
    """
    owner_alone = 0o600

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, owner_alone)

    with open(path, "xb", opener=opener) as file:
        file.write(key + b"\n")


def _keep_inputs(roster: Roster, facts: Facts, folder: Path) -> None:
    """Keep what the roster was made from, so that it can be verified and replanned from the output alone."""
    folder.mkdir()
    for name, content in facts.files.items():
        (folder / name).write_bytes(content)
    opening = roster.problem.ledger
    write_ledger_csv(opening, folder / "ledger.csv")
    write_remainders_csv(opening, folder / "remainders.csv")
    order: dict[str, Any] = {
        "scenario": facts.scenario.as_posix(),
        "name": roster.problem.name,
        "units": list(facts.units),
        "tweaks": {key: value for key, value in asdict(facts.tweaks).items() if value not in (None, "", ())},
        "last_day": opening.last_day,
    }
    if facts.steps:
        (folder / CHANGES).write_text(changes_text(facts.steps), encoding="utf-8", newline="\n")
    if facts.replaced:
        write_person_days(facts.replaced, folder / REPLACED)
    text = json.dumps(order, ensure_ascii=False, indent=2, default=str)
    (folder / ORDER).write_text(text + "\n", encoding="utf-8", newline="\n")


def _same_as_current(roster: Roster, facts: Facts, folder: Path) -> int | None:
    """Return the number of the current revision where it was made from the same and says the same."""
    if not (folder / "certificate.json").is_file():
        return None
    document = read_certificate(folder)
    same = (
        document.get("inputs") == dict(facts.inputs)
        and document.get("flags") == dict(roster.flags)
        and (document.get("seed"), document.get("effort")) == (facts.seed, facts.effort)
        and document.get("versions") == installed_versions()
        and document.get("language") == roster.problem.policy.language
        and facts.steps == read_changes(folder / INPUTS / CHANGES)
    )
    if not same:
        return None
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        write_roster_csv(roster, Path(scratch) / "roster.csv")
        equal = sha256_of(Path(scratch) / "roster.csv") == sha256_of(folder / "roster.csv")
    return int(document["revision"]) if equal else None
