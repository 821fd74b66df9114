"""The program `giliran`: finds commands by their files, turns every error into a few lines and an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from scheduler.cli import spoken
from scheduler.cli.options import LANGUAGE_HELP
from scheduler.cli.spoken import command_line_language, speak
from scheduler.errors import SchedulerError
from scheduler.language import Bilingual
from scheduler.version import __version__

NOT_COMMANDS = frozenset(
    {
        "__init__", "edited", "main", "options", "prices", "questions", "screen", "search_options", "spoken", "warnings",
    }
)  # fmt: skip


class LazyGroup(click.Group):
    """A group whose commands are the files beside this one, imported only when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names in the order in which people meet them."""
        stems = {path.stem for path in Path(__file__).parent.glob("*.py")} - NOT_COMMANDS
        names = {stem.replace("_", "-") for stem in stems}
        return [name for name in ORDER if name in names] + sorted(names - set(ORDER))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        stem = cmd_name.replace("-", "_")
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"scheduler.cli.{stem}").command
        return command

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the program is for."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(INDONESIAN if command_line_language() == "id" else self.help or "")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how to begin."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(EPILOG[command_line_language()])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its sentence, without importing any."""
        language = command_line_language()
        with formatter.section("Perintah" if language == "id" else "Commands"):
            formatter.write_dl([(name, _summary(name, language)) for name in self.list_commands(ctx)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; name the nearest one where it does not exist."""
        import difflib

        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], known, n=1)
            hint = {"id": f" Maksud Anda “{near[0]}”?", "en": f" Did you mean “{near[0]}”?"} if near else {}
            language = command_line_language()
            words = "Tidak ada perintah" if language == "id" else "No such command:"
            raise click.UsageError(f"{words} “{args[0]}”.{hint.get(language, '')}", ctx)
        return super().resolve_command(ctx, args)


INDONESIAN = "Ubah surat edaran WFH menjadi jadwal yang sah, adil dan terperiksa."
SUMMARIES = {
    "init": ("Mulai folder skenario baru", "Start a scenario folder"),
    "staff": ("Baca daftar pegawai dan laporkan isinya", "Read a staff list and report on it"),
    "generate": ("Susun jadwal dari folder skenario", "Make a roster from a scenario folder"),
    "next": ("Susun periode berikutnya", "Make the following period"),
    "verify": ("Periksa jadwal terhadap semua aturan", "Check a roster against every rule"),
    "explain": (
        "Mengapa jadwal tidak mungkin, dan jalan keluarnya",
        "Why no roster exists, and the ways out",
    ),
    "replan": ("Ubah jadwal sesedikit mungkin", "Change a roster as little as possible"),
    "partners": ("Siapa yang boleh bertukar hari", "Who may lawfully swap a day"),
    "today": ("Siapa di mana hari ini, untuk WhatsApp", "Who is where today, for WhatsApp"),
    "checkins": ("Periksa bukti kehadiran WFH", "Judge check-in evidence against the roster"),
    "log": ("Daftar revisi sebuah jadwal", "The revisions of a roster"),
    "diff": ("Bandingkan dua jadwal", "Compare two rosters"),
    "purge": ("Hapus bukti yang lewat masa simpannya", "Delete evidence past its retention"),
    "rules": ("Semua aturan dan setelannya", "Every rule with its settings"),
    "synth": ("Buat skenario rekaan", "Invent a scenario of any size"),
    "publish": ("Terbitkan jadwal ke kalender dan ponsel", "Publish a roster to calendars and phones"),
    "tokens": ("Tautan kalender dan presensi", "The links to calendars and check-in"),
    "serve": ("Jalankan peladen kalender dan presensi", "Serve calendars and phone check-in"),
    "users": ("Akun papan kepala unit dan pemantau", "Accounts of the board for heads and monitors"),
    "requests": ("Permintaan izin dari halaman presensi", "Requests to be away, sent by phone"),
    "call": ("Panggil orang yang harus dapat dihubungi", "Call people who must be reachable"),
    "telegram-poll": ("Ambil pesan bot Telegram", "Fetch what the Telegram bot was sent"),
    "backup": ("Cadangkan basis data peladen", "Back up the server's database"),
    "restore": ("Pulihkan cadangan ke basis data kosong", "Put a backup into an empty database"),
    "doctor": ("Periksa pemasangan ini", "Look whether this installation is sound"),
}
"""One sentence a command in Indonesian and English; a test holds it against the files."""
ORDER = tuple(SUMMARIES)


def _summary(name: str, language: str) -> str:
    indonesian, english = SUMMARIES.get(name, ("", ""))
    return indonesian if language == "id" else english


EPILOG = {
    "id": "Mulai: giliran init kantor-saya, lalu giliran generate kantor-saya.",
    "en": "Start with: giliran init my-office, then giliran generate my-office.",
}


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@spoken.option("--lang", type=click.Choice(["id", "en"]), help=LANGUAGE_HELP)
@click.version_option(
    __version__,
    prog_name="giliran",
    cls=spoken.SpokenOption,
    help=Bilingual(id="Tampilkan versinya.", en="Show the version and exit."),
)
def group(lang: str | None) -> None:
    """Turn a work-from-home letter into lawful, fair, verified rosters."""


def main() -> None:
    """Run the program and exit with CONTRACT's codes; never a traceback without --debug."""
    _use_utf8()
    speak()
    try:
        code = group.main(standalone_mode=False, prog_name="giliran")
        sys.exit(code if isinstance(code, int) else 0)
    except SchedulerError as error:
        if _is_debugging():
            raise
        click.echo(error.describe(command_line_language()), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo({"id": "Dihentikan.", "en": "Interrupted."}[command_line_language()], err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has left; keep Python from complaining about it on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if _is_debugging():
            raise
        words = {
            "id": "Kesalahan di giliran sendiri, bukan pada masukan Anda",
            "en": "A defect in giliran itself, not in your input",
        }
        click.echo(f"{words[command_line_language()]}: {type(error).__name__}: {error} (--debug)", err=True)
        sys.exit(1)


def _is_debugging() -> bool:
    return "--debug" in sys.argv[1:]


def _use_utf8() -> None:
    """Write UTF-8 wherever output goes: a Windows console page would break on “é” or “✓”."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
