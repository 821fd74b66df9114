"""Finding an output folder, its earlier revisions and its certificate."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.allowed import folder_meant
from scheduler.errors import Fault, InputError
from scheduler.language import Bilingual
from scheduler.read.outputs.recovery import recover

CERTIFICATE = "certificate.json"
REVISIONS = "revisions"
CHECKINS = "checkins"
_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)")
_ASIDE = re.compile(r"\.(.+)\.previous")

_MAKE_ONE = Bilingual(
    id="Berikan folder keluaran `<dari>_<sampai>` yang ditulis `giliran generate`, atau folder di atasnya.",
    en="Give the output folder `<from>_<to>` that `giliran generate` wrote, or the folder above it.",
)


def resolve_output(path: Path) -> Path:
    """Return the folder of one period: `path` itself, or its latest `<from>_<to>` where it is a scenario's.

    A replacement that a crash interrupted is settled first.

    Raises
    ------
    InputError
        Where there is none.
    """
    try:
        recover(path)
        if (path / CERTIFICATE).is_file():
            return path
        if path.is_dir():
            for aside in path.iterdir():
                if found := _ASIDE.fullmatch(aside.name):
                    recover(path / found[1])
            periods = [
                (period, child)
                for child in path.iterdir()
                if (period := period_of_name(child.name)) and (child / CERTIFICATE).is_file()
            ]
            if periods:
                return max(periods)[1]
            problem = Bilingual(
                id="bukan folder keluaran: certificate.json tidak ada di dalamnya",
                en="no output folder: it holds no certificate.json",
            )
        elif path.exists():
            problem = Bilingual(id="ini berkas, bukan folder keluaran", en="this is a file, no output folder")
        else:
            problem = Bilingual(id="folder keluaran tidak ditemukan", en="the output folder does not exist")
    except OSError as error:
        problem = Bilingual(
            id=f"folder keluaran tidak terbaca ({error.strerror})",
            en=f"the output folder cannot be read ({error.strerror})",
        )
    raise InputError([Fault(problem=problem, file=str(path), remedy=_remedy(path))])


def _remedy(path: Path) -> Bilingual:
    return (None if path.exists() else folder_meant(path)) or _MAKE_ONE


def resolve_day(path: Path, day: date) -> Path:
    """Return the folder of the period that holds `day`, or else what `resolve_output` gives.

    Raises
    ------
    InputError
        Where there is none.
    """
    latest = resolve_output(path)
    if latest == path:
        return path
    for child in sorted(path.iterdir()):
        period = period_of_name(child.name)
        if period and period[0] <= day <= period[1] and (child / CERTIFICATE).is_file():
            return child
    return latest


def period_of_name(name: str) -> tuple[date, date] | None:
    """Return first and last day of a folder named `<from>_<to>`, or None."""
    found = _PERIOD.fullmatch(name)
    try:
        return (date.fromisoformat(found[1]), date.fromisoformat(found[2])) if found else None
    except ValueError:
        return None


def revision_folders(folder: Path) -> list[tuple[int, Path]]:
    """Return the earlier revisions of an output folder with their numbers, oldest first."""
    revisions = folder / REVISIONS
    if not revisions.is_dir():
        return []
    return sorted(
        (int(child.name), child)
        for child in revisions.iterdir()
        if re.fullmatch(r"[1-9][0-9]{0,8}", child.name) and child.is_dir()
    )


def unreadable(path: Path, error: Exception, remedy: Bilingual, field: str = "") -> InputError:
    """Return what to raise where one of our own files says something else than we wrote."""
    problem = Bilingual(id=f"tidak dapat dibaca ({error})", en=f"cannot be read ({error})")
    return InputError([Fault(problem=problem, file=str(path), field=field, remedy=remedy)])


def read_certificate(folder: Path) -> dict[str, Any]:
    """Return the certificate of an output folder or of one of its revisions.

    `revision` is a positive whole number and `period` holds two dates in order (`certified_period`); the rest is
    as the file has it.

    Raises
    ------
    InputError
        Where the file is missing, is no JSON, or lacks these two.
    """
    path = folder / CERTIFICATE

    def fault(indonesian: str, english: str, field: str = "", value: object = "") -> InputError:
        problem = Bilingual(id=indonesian, en=english)
        return InputError(
            [Fault(problem=problem, file=str(path), field=field, value=str(value), remedy=_ASK)]
        )

    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise fault(
            f"sertifikat tidak terbaca ({error.strerror})",
            f"the certificate cannot be read ({error.strerror})",
        ) from error
    except (ValueError, RecursionError) as error:
        raise fault(f"sertifikat bukan JSON ({error})", f"the certificate is no JSON ({error})") from error
    if not isinstance(document, dict):
        raise fault("sertifikat tidak berisi objek", "the certificate holds no object")
    revision = document.get("revision")
    if not isinstance(revision, int) or isinstance(revision, bool) or revision < 1:
        raise fault("nomor revisi keliru", "the revision's number is wrong", "revision", revision)
    try:
        first, last = certified_period(document)
    except (TypeError, ValueError, KeyError) as error:
        raise fault("masa jadwal keliru", "the period is wrong", "period", document.get("period")) from error
    if first > last:
        raise fault("masa jadwal terbalik", "the period is the wrong way round", "period", document["period"])
    return document


_ASK = Bilingual(
    id="Pulihkan berkas itu dari cadangan, atau buat ulang dengan `giliran generate`.",
    en="Restore the file from a backup, or make it anew with `giliran generate`.",
)


def certified_period(document: dict[str, Any]) -> tuple[date, date]:
    """Return first and last day of the period that a certificate is about."""
    period = document["period"]
    return date.fromisoformat(period["from"]), date.fromisoformat(period["to"])
