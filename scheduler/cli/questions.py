"""What `giliran init` asks of whoever starts a scenario folder, and the answers as the policy needs them."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

import click

from scheduler.cli.options import DAY, Terminal
from scheduler.errors import UsageError
from scheduler.language import Bilingual, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scheduler.problem import Person
    from scheduler.write.policy_draft import Answers

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
TURNS = ("1", "2", "1-2", "week", "")
ALWAYS_AT_WORK = {
    "rsud": "RSUD *", "puskesmas": "Puskesmas *", "pustu": "Pustu *", "kantor camat": "Kantor Camat *",
    "kelurahan": "Kelurahan *",
}  # fmt: skip
"""Classes of office that letters of 2020 and 2021 exempt, with a pattern that finds them."""


class Questions:
    """Asks on a terminal; elsewhere every question has its default."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.is_asking = sys.stdin.isatty() and not terminal.quiet and not terminal.as_json

    def ask(self, text: Bilingual, default: str, check: Any = str) -> Any:
        """Return the answer to a question, asked again until `check` takes it."""
        if not self.is_asking:
            return check(default)

        def taken(value: str) -> Any:
            try:
                return check(value)
            except (ValueError, UsageError) as error:
                raise click.BadParameter(self._reason(error)) from error

        return click.prompt(
            text.in_language(self.terminal.language),
            default=default or None,
            value_proc=taken,
            err=True,
        )

    def _reason(self, error: ValueError | UsageError) -> str:
        """Return why an answer is not taken, in the language of the questions."""
        if isinstance(error, Refusal):
            return error.sentence.in_language(self.terminal.language)
        return error.describe(self.terminal.language) if isinstance(error, UsageError) else str(error)

    def staff(self) -> str:
        """Return where the staff list is; without a terminal it must be given."""
        if not self.is_asking:
            raise UsageError(
                Bilingual(
                    id="Sebutkan daftar pegawai dengan --staff BERKAS, atau mulai dari contoh dengan --example NAMA.",
                    en="Name the staff list by --staff FILE, or start from an example by --example NAME.",
                )
            )
        return str(self.ask(Bilingual(id="Berkas daftar pegawai", en="Staff list"), "", _existing))


def _existing(text: str) -> str:
    if not Path(text.strip().strip("'\"")).is_file():
        raise Refusal(Bilingual(id=f"“{text}”: berkas ini tidak ada", en=f"“{text}”: no such file"))
    return text.strip().strip("'\"")


def answers(people: Sequence[Person], given: dict[str, Any], asks: Questions, terminal: Terminal) -> Answers:
    """Return what the policy needs, from options, questions and the staff list."""
    from scheduler.write.policy_draft import Answers

    place = given["place"] or asks.ask(Bilingual(id="Tempat penandatanganan", en="Place of signature"), "-")
    zone = _zone(
        given["zone"] or asks.ask(Bilingual(id="Zona waktu (WIB, WITA, WIT)", en="Time zone"), "WITA", _zone)
    )
    first, last = _period(given, asks, zone)
    quotas = _quotas(people, given["quotas"], asks)
    turns = given["turns"] or asks.ask(
        Bilingual(id="Giliran di rumah (1, 2, 1-2 hari, atau pekan)", en="Turns at home (1, 2, 1-2 days, or week)"),
        "1-2", _turns,
    )  # fmt: skip
    found = _exempt_classes(people)
    exempt = list(given["exempt"]) or asks.ask(
        Bilingual(id="Kantor yang selalu WFO, pisahkan dengan ;", en="Offices always on site, separated by ;"),
        "; ".join(found) or "-", _patterns,
    )  # fmt: skip
    return Answers(
        title=Bilingual(
            id="Penyesuaian sistem kerja", en="Working from home and from the office"
        ).in_language(terminal.language),
        place="" if place == "-" else str(place),
        timezone=zone,
        first=first,
        last=last,
        language=terminal.language,
        quotas=quotas,
        turns=turns,
        exempt=exempt,
    )


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfoNotFoundError

    name = ZONES.get(text.strip().upper(), text.strip())
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse("--zone", text, "WIB, WITA, WIT, Asia/Jakarta, Asia/Makassar, Asia/Jayapura")
    return name


def _period(given: dict[str, Any], asks: Questions, zone: str) -> tuple[date, date]:
    today = datetime.now(ZoneInfo(zone)).date()
    monday = today + timedelta(days=7 - today.weekday())
    first = given["first"] or asks.ask(Bilingual(id="Mulai tanggal", en="From"), monday.isoformat(), _day)
    until = (first + timedelta(days=11)).isoformat()

    def not_before(text: str) -> date:
        day = _day(text)
        if day < first:
            raise Refusal(
                Bilingual(
                    id=f"{day} sebelum hari pertama, {first}", en=f"{day} is before the first day, {first}"
                )
            )
        return day

    last = given["last"] or asks.ask(Bilingual(id="Sampai tanggal", en="To"), until, not_before)
    if last < first:
        refuse("--to", str(last), f"≥ {first}")
    return first, last


def _day(text: str) -> date:
    try:
        found: date = DAY.convert(text, None, None)
    except click.BadParameter as error:
        raise ValueError(error.message) from None
    return found


def _quotas(people: Sequence[Person], pairs: Sequence[str], asks: Questions) -> dict[str, str]:
    """Return the share at home by rank: those given, or one asked for each rank of the list below the leaders."""
    from scheduler.constraints.shares import parse_share
    from scheduler.problem import RANK_NAMES, RANKS

    present = [rank for rank in RANKS if any(person.rank == rank for person in people)]

    def share(text: str) -> str:
        text = text.strip()
        if re.fullmatch(r"[1-9]\d+([.,]\d+)?", text):  # whoever answers 50 means 50 %
            text += "%"
        parse_share(text)
        return text

    if pairs:
        quotas = {}
        for pair in pairs:
            rank, _, value = (part.strip() for part in pair.partition("="))
            if rank not in RANKS:
                refuse("--quota", pair, ", ".join(f"{r}=50%" for r in RANKS))
            try:
                quotas[rank] = share(value)
            except Refusal as error:
                refuse("--quota", pair, error.sentence)
        return quotas
    usual = {"pelaksana": "50%", "non_asn": "50%"}
    asked = [rank for rank in present if rank not in ("jpt", "administrator")]
    question = "Bagian {} di rumah (0% = selalu WFO)", "Share of {} at home (0% = always on site)"
    answers = {
        rank: asks.ask(
            Bilingual(id=question[0].format(RANK_NAMES[rank]), en=question[1].format(RANK_NAMES[rank])),
            usual.get(rank, "0%"),
            share,
        )
        for rank in asked
    }
    return {rank: value for rank, value in answers.items() if parse_share(value) > 0}


def _turns(text: str) -> str:
    turns = {"pekan": "week", "minggu": "week"}.get(text.strip().casefold(), text.strip())
    if turns not in TURNS:
        raise Refusal(
            Bilingual(id=f"“{text}”; tulis 1, 2, 1-2 atau pekan", en=f"“{text}”; write 1, 2, 1-2 or week")
        )
    return turns


def _patterns(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", text) if part.strip() not in ("", "-")]


def _exempt_classes(people: Sequence[Person]) -> list[str]:
    classes = {person.unit_class for person in people}
    return [pattern for name, pattern in ALWAYS_AT_WORK.items() if name in classes]


def refuse(flag: str, value: str, allowed: str | Bilingual) -> NoReturn:
    """Raise for what a flag, or an answer in its place, does not take."""
    may = allowed if isinstance(allowed, Bilingual) else Bilingual(id=allowed, en=allowed)
    raise UsageError(
        Bilingual(
            id=f"{flag} {value}: tidak dapat dipakai. Yang boleh: {may.id}.",
            en=f"{flag} {value}: cannot be taken. Allowed: {may.en}.",
        )
    )
