"""`giliran init DIR`: a new scenario folder, by a handful of questions or from a shipped example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import spoken
from scheduler.cli.options import DAY, FOLDER, Terminal, common_options
from scheduler.cli.questions import Questions, answers, refuse
from scheduler.errors import UsageError
from scheduler.language import Bilingual

if TYPE_CHECKING:
    pass


@spoken.command(
    "init",
    indonesian="""Mulai folder skenario DIR: policy.toml, daftar pegawai, calendar.key.

Menanyakan beberapa hal; setiap pertanyaan juga ada pilihannya, dan tanpa terminal yang tidak disebut memakai
bawaannya. Yang sudah ada tidak ditimpa.""",
)
@spoken.argument("folder", metavar="DIR", type=FOLDER)
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
    metavar="FILE",
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
    help=Bilingual(
        id="Bagian suatu jenjang yang bekerja dari rumah, misalnya pelaksana=50%.",
        en="Share of a rank at home, as pelaksana=50%.",
    ),
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
    help=Bilingual(
        id="Unit yang selalu bekerja di kantor, misalnya “UPTD *”.",
        en="Units that are always at the office, as “UPTD *”.",
    ),
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

    from scheduler.allowed import did_you_mean
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

    asks = Questions(terminal)
    staff = staff or Path(asks.staff())
    if f"staff{staff.suffix.lower()}" not in STAFF_NAMES:
        endings = ", ".join(name.removeprefix("staff") for name in STAFF_NAMES)
        refuse("--staff", str(staff), endings)
    people = read_staff(staff).people
    text = draft_policy(answers(people, given, asks, terminal), folder.as_posix())
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(staff, folder / f"staff{staff.suffix.lower()}")
    (folder / "policy.toml").write_text(text, encoding="utf-8", newline="\n")
    new_key(folder)
    return [path.name for path in folder.iterdir()]
