"""`giliran init DIR`: a new scenario folder, by a handful of questions or from a shipped example."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from scheduler.cli import spoken
from scheduler.cli.options import DAY, FOLDER, Terminal, common_options
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


@spoken.command(
    "init",
    indonesian="""Mulai folder skenario DIR: policy.toml, daftar pegawai, calendar.key.

Menanyakan beberapa hal; setiap pertanyaan juga ada pilihannya, dan tanpa terminal yang tidak disebut memakai
bawaannya. Yang sudah ada tidak ditimpa.""",
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@spoken.option(
    "--example",
    metavar="NAME",
    help=Bilingual(
        id="Salin contoh yang ikut serta; “list” menyebut semuanya.",
        en="Copy a shipped scenario instead; “list” names them.",
    ),
)
@spoken.option(
    "--staff",
    type=click.Path(path_type=Path),
    help=Bilingual(
        id="Daftar pegawai yang disalin: xlsx, xls, ods atau csv.",
        en="The staff list to copy: xlsx, xls, ods or csv.",
    ),
)
@spoken.option(
    "--place",
    help=Bilingual(
        id="Tempat penandatanganan, misalnya Masamba.", en="Where the rosters are signed, such as Masamba."
    ),
)
@spoken.option(
    "--zone",
    help=Bilingual(
        id="WIB, WITA, WIT atau nama IANA seperti Asia/Makassar.",
        en="WIB, WITA, WIT or an IANA name such as Asia/Makassar.",
    ),
)
@spoken.option(
    "--from",
    "first",
    type=DAY,
    help=Bilingual(
        id="Hari pertama periode; bawaannya Senin depan.",
        en="First day of the period; by default next Monday.",
    ),
)
@spoken.option(
    "--to",
    "last",
    type=DAY,
    help=Bilingual(
        id="Hari terakhir periode; bawaannya dua pekan.", en="Last day of the period; by default two weeks."
    ),
)
@spoken.option(
    "--quota",
    "quotas",
    multiple=True,
    metavar="RANK=SHARE",
    help=Bilingual(id="Bagian suatu jenjang yang bekerja dari rumah.", en="Share of a rank at home."),
)
@spoken.option(
    "--turns",
    type=click.Choice(["1", "2", "1-2", "week"]),
    help=Bilingual(id="Hari kerja berturut-turut di rumah.", en="Working days in a row at home."),
)
@spoken.option(
    "--exempt",
    multiple=True,
    metavar="PATTERN",
    help=Bilingual(id="Unit yang selalu bekerja di kantor.", en="Units that are always at the office."),
)
@common_options
def command(folder: Path, example: str | None, staff: Path | None, terminal: Terminal, **given: Any) -> None:
    """Start a scenario folder DIR: policy.toml, the staff list, calendar.key.

    Asks a handful of questions; each has an option, and without a terminal what is not given takes its default.
    Nothing that exists is overwritten.
    """
    from scheduler.write.new_folder import examples, refuse_existing

    if example == "list":
        terminal.answer({"examples": list(examples())})
        terminal.say("\n".join(examples()))
        return
    refuse_existing(folder)
    files = _from_example(folder, example) if example else _by_questions(folder, staff, given, terminal)
    terminal.answer({"folder": folder.as_posix(), "files": sorted(files)})
    terminal.say(
        Bilingual(
            id=f"{folder} siap. Lihat dulu: giliran generate {folder} --dry-run\nSusun:      giliran generate {folder}",
            en=f"{folder} is ready. Look first: giliran generate {folder} --dry-run\nMake it:    giliran generate {folder}",
        )
    )


def _from_example(folder: Path, name: str) -> list[str]:
    """Copy a shipped scenario with a calendar key of its own; return its files."""
    import shutil

    from scheduler.read.policy_faults import did_you_mean
    from scheduler.write.new_folder import examples, examples_folder, new_key

    known = list(examples())
    if name not in known:
        near = did_you_mean(name, known, 0.3) or Bilingual(id="", en="")
        listed = ", ".join(known)
        raise UsageError(
            Bilingual(
                id=f"--example {name}: tidak ada contoh ini. {near.id} Yang ada: {listed}.",
                en=f"--example {name}: there is no such example. {near.en} There are: {listed}.",
            )
        )
    source = examples_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    policy = folder / "policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace(f"rosters/{name}", folder.as_posix()), encoding="utf-8", newline="\n")
    new_key(folder)
    return [path.name for path in folder.iterdir()]


def _by_questions(folder: Path, staff: Path | None, given: dict[str, Any], terminal: Terminal) -> list[str]:
    """Ask what is not given, read the staff list, and write the folder; return its files."""
    import shutil

    from scheduler.read.scenario import STAFF_NAMES
    from scheduler.read.staff import read_staff
    from scheduler.write.new_folder import new_key
    from scheduler.write.policy_draft import draft_policy

    asks = _Questions(terminal)
    staff = staff or Path(asks.staff())
    if f"staff{staff.suffix.lower()}" not in STAFF_NAMES:
        endings = ", ".join(name.removeprefix("staff") for name in STAFF_NAMES)
        _refuse("--staff", str(staff), endings)
    people = read_staff(staff).people
    text = draft_policy(_answers(people, given, asks, terminal), folder.as_posix())
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(staff, folder / f"staff{staff.suffix.lower()}")
    (folder / "policy.toml").write_text(text, encoding="utf-8", newline="\n")
    new_key(folder)
    return [path.name for path in folder.iterdir()]


class _Questions:
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


def _answers(
    people: Sequence[Person], given: dict[str, Any], asks: _Questions, terminal: Terminal
) -> Answers:
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
        title={"id": "Penyesuaian sistem kerja", "en": "Working from home and from the office"}[
            terminal.language
        ],
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
        _refuse("--zone", text, "WIB, WITA, WIT, Asia/Jakarta, Asia/Makassar, Asia/Jayapura")
    return name


def _period(given: dict[str, Any], asks: _Questions, zone: str) -> tuple[date, date]:
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
        _refuse("--to", str(last), f"≥ {first}")
    return first, last


def _day(text: str) -> date:
    try:
        found: date = DAY.convert(text, None, None)
    except click.BadParameter as error:
        raise ValueError(error.message) from None
    return found


def _quotas(people: Sequence[Person], pairs: Sequence[str], asks: _Questions) -> dict[str, str]:
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
                _refuse("--quota", pair, ", ".join(f"{r}=50%" for r in RANKS))
            try:
                quotas[rank] = share(value)
            except Refusal as error:
                _refuse("--quota", pair, error.sentence)
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


def _refuse(flag: str, value: str, allowed: str | Bilingual) -> None:
    may = allowed if isinstance(allowed, Bilingual) else Bilingual(id=allowed, en=allowed)
    raise UsageError(
        Bilingual(
            id=f"{flag} {value}: tidak dapat dipakai. Yang boleh: {may.id}.",
            en=f"{flag} {value}: cannot be taken. Allowed: {may.en}.",
        )
    )
