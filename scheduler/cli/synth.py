"""`giliran synth DIR`: an invented scenario of any size, by seed."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options
from scheduler.language import Bilingual


@spoken.command(
    "synth",
    indonesian="""Buat kota rekaan: unit, jenjang, loket, ketidakhadiran dan keinginan. Tidak seorang pun dimaksudkan.

Angka yang sama menghasilkan kota yang sama. Dengan --evidence jadwalnya ditulis ke DIR/output dan bukti dari setiap
sumber ke DIR/evidence, dan kunci jawabannya ke DIR/truth.csv.""",
)
@spoken.argument("folder", metavar="DIR", type=FOLDER)
@spoken.option(
    "--staff",
    type=click.IntRange(1, 200_000),
    required=True,
    help=Bilingual(id="Jumlah pegawai.", en="How many people."),
)
@spoken.option(
    "--units",
    type=click.IntRange(1, 20_000),
    help=Bilingual(
        id="Jumlah kantor; bawaannya satu untuk sekitar 45 orang.",
        en="How many offices; by default one for about 45 people.",
    ),
)
@spoken.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help=Bilingual(id="Benih pengacakan.", en="Of the draw."),
)
@spoken.option(
    "--evidence",
    is_flag=True,
    help=Bilingual(
        id="Susun juga jadwalnya, dengan bukti presensi dan kunci jawabannya.",
        en="Also make the roster, and check-in evidence for it with its truth.",
    ),
)
@common_options
def command(
    folder: Path, staff: int, units: int | None, seed: int, evidence: bool, terminal: Terminal
) -> None:
    """Invent a city: units of log-normal size, ranks, posts, absences and wishes. Nobody is meant.

    The same numbers give the same city. With --evidence its roster goes to DIR/output and the evidence of every
    source to DIR/evidence, with the true verdicts in DIR/truth.csv.
    """
    from scheduler.errors import UsageError
    from scheduler.language import Bilingual
    from scheduler.synth.city import make_city
    from scheduler.synth.folder import write_city
    from scheduler.write.new_folder import refuse_existing

    if units is not None and units > staff:
        raise UsageError(
            Bilingual(
                id=f"--units {units}: paling banyak sejumlah pegawai; nilai terdekat yang sah: {staff}.",
                en=f"--units {units}: at most as many as people; the nearest valid value is {staff}.",
            )
        )
    refuse_existing(folder)
    city = make_city(staff, units, seed, folder=folder.as_posix())
    files = write_city(city, folder, seed)
    made: dict[str, object] = {
        "folder": folder.as_posix(),
        "staff": len(city.staff),
        "files": [path.name for path in files],
    }
    if evidence:
        made["evidence"] = _evidence(folder, seed)
    terminal.answer(made)
    terminal.say(
        Bilingual(
            id=f"{len(city.staff)} pegawai rekaan di {folder}. Susun: giliran generate {folder}",
            en=f"{len(city.staff)} invented people in {folder}. Make a roster: giliran generate {folder}",
        )
    )
    if evidence:
        terminal.say(
            Bilingual(
                id=f"Jadwal dan buktinya sudah ada. Periksa: giliran checkins {folder}/output {folder}/evidence --aliases {folder}/evidence/aliases.csv",
                en=f"Roster and evidence are there. Judge it: giliran checkins {folder}/output {folder}/evidence --aliases {folder}/evidence/aliases.csv",
            )
        )


def _evidence(folder: Path, seed: int) -> list[str]:
    """Make the roster and evidence for it; return the files' names."""
    from zoneinfo import ZoneInfo

    from scheduler.checkins.policy import parse_settings
    from scheduler.checkins.roster_days import from_assignments
    from scheduler.pipeline import Order, generate
    from scheduler.synth.evidence import write_evidence

    outcome = generate(Order(scenario=folder, out=folder / "output", effort=2.0, seed=seed))
    policy = outcome.roster.problem.policy
    made = write_evidence(
        from_assignments(outcome.roster.assignments()),
        parse_settings(policy.checkins, str(folder / "policy.toml")),
        ZoneInfo(policy.timezone),
        folder / "evidence",
        seed=seed,
        truth=folder
        / "truth.csv",  # beside the evidence, not in it: it is no evidence, and would be told as such
    )
    return [path.name for path in made.files]
