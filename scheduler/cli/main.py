"""The program `giliran`: finds commands by their files, turns every error into a few lines and an exit code."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from scheduler.cli import spoken
from scheduler.cli.help_words import in_words
from scheduler.cli.options import LANGUAGE_HELP
from scheduler.cli.spoken import command_line_language, speak
from scheduler.errors import SchedulerError
from scheduler.language import Bilingual
from scheduler.version import __version__

NOT_COMMANDS = frozenset(
    {
        "__init__", "edited", "examples", "help_words", "main", "options", "prices", "questions", "screen", "search_options",
        "spoken", "start", "warnings",
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
            formatter.write_text(EPILOG.in_language(command_line_language()))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its sentence, without importing any."""
        language = command_line_language()
        widest = max(map(len, SUMMARIES))
        for heading, commands in COMMANDS.items():
            with formatter.section(heading.in_language(language)):
                formatter.write_dl(
                    [(name.ljust(widest), said.in_language(language)) for name, said in commands.items()]
                )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, `help` among them; name the nearest where it does not exist."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            if args[0] in ("help", "bantuan"):
                return super().resolve_command(ctx, [args[1], "--help"]) if args[1:] else self._show(ctx)
            words = Bilingual(id="Tidak ada perintah", en="No such command:").in_language(
                command_line_language()
            )
            raise click.UsageError(f"{words} “{args[0]}”.{_meant(args[0], known)}", ctx)
        return super().resolve_command(ctx, args)

    def _show(self, ctx: click.Context) -> NoReturn:
        click.echo(self.get_help(ctx))
        ctx.exit()

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words of the line “Usage”, in the language asked for."""
        return [in_words(piece, command_line_language()) for piece in super().collect_usage_pieces(ctx)]


def _meant(word: str, known: Sequence[str]) -> str:
    """Return a question for the commands that may be meant: spelt alike, or called so in their sentence."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1) or [
        name
        for name in known
        if any(said.casefold().startswith(f"{word.casefold()} ") for said in SUMMARIES[name])
    ]
    named = (
        Bilingual(id=" atau ", en=" or ")
        .in_language(command_line_language())
        .join(f"“{name}”" for name in near)
    )
    return (
        Bilingual(id=f" Maksud Anda {named}?", en=f" Did you mean {named}?").in_language(
            command_line_language()
        )
        if near
        else ""
    )


INDONESIAN = "Ubah surat edaran WFH menjadi jadwal yang sah, adil dan terperiksa."
COMMANDS: dict[Bilingual, dict[str, Bilingual]] = {
    Bilingual(id="Menyusun jadwal", en="Make a roster"): {
        "init": Bilingual("Mulai folder skenario baru", "Start a scenario folder"),
        "staff": Bilingual("Baca daftar pegawai dan laporkan isinya", "Read a staff list and report on it"),
        "generate": Bilingual("Susun jadwal dari folder skenario", "Make a roster from a scenario folder"),
        "explain": Bilingual(
        "Mengapa jadwal tidak mungkin, dan jalan keluarnya",
        "Why no roster exists, and the ways out",
    ),
        "next": Bilingual("Susun periode berikutnya", "Make the following period"),
    },
    Bilingual(id="Sehari-hari", en="Live with it"): {
        "today": Bilingual("Siapa di mana hari ini, untuk WhatsApp", "Who is where today, for WhatsApp"),
        "replan": Bilingual("Ubah jadwal sesedikit mungkin", "Change a roster as little as possible"),
        "partners": Bilingual("Siapa yang boleh bertukar hari", "Who may lawfully swap a day"),
        "verify": Bilingual("Periksa jadwal terhadap semua aturan", "Check a roster against every rule"),
        "log": Bilingual("Daftar revisi sebuah jadwal", "The revisions of a roster"),
        "diff": Bilingual("Bandingkan dua jadwal", "Compare two rosters"),
    },
    Bilingual(id="Presensi dari rumah", en="Check-ins from home"): {
        "checkins": Bilingual("Periksa bukti kehadiran WFH", "Judge check-in evidence against the roster"),
        "purge": Bilingual("Hapus bukti yang lewat masa simpannya", "Delete evidence past its retention"),
        "requests": Bilingual("Permintaan izin dari halaman presensi", "Requests to be away, sent by phone"),
        "call": Bilingual("Panggil orang yang harus dapat dihubungi", "Call people who must be reachable"),
    },
    Bilingual(id="Kalender, ponsel, papan", en="Calendars, phones, the board"): {
        "publish": Bilingual("Terbitkan jadwal ke kalender dan ponsel", "Publish a roster to calendars and phones"),
        "tokens": Bilingual("Tautan kalender dan presensi", "The links to calendars and check-in"),
        "serve": Bilingual("Jalankan peladen kalender dan presensi", "Serve calendars and phone check-in"),
        "users": Bilingual("Akun papan kepala unit dan pemantau", "Accounts of the board for heads and monitors"),
        "telegram-poll": Bilingual("Ambil pesan bot Telegram", "Fetch what the Telegram bot was sent"),
        "backup": Bilingual("Cadangkan basis data peladen", "Back up the server's database"),
        "restore": Bilingual("Pulihkan cadangan ke basis data kosong", "Put a backup into an empty database"),
    },
    Bilingual(id="Lain-lain", en="Besides"): {
        "rules": Bilingual("Semua aturan dan setelannya", "Every rule with its settings"),
        "doctor": Bilingual("Periksa pemasangan ini", "Look whether this installation is sound"),
        "synth": Bilingual("Buat skenario rekaan", "Invent a scenario of any size"),
    },
}  # fmt: skip
"""Each command with one sentence, by what it is for; a test holds them against the files."""
SUMMARIES = {name: said for commands in COMMANDS.values() for name, said in commands.items()}
ORDER = tuple(SUMMARIES)


EPILOG = Bilingual(
    id="""Mulai: giliran init kantor-saya, lalu giliran generate kantor-saya. Contoh setiap perintah: giliran PERINTAH
--help. Kode keluar: 0 selesai, 2 salah pakai, 3 masukan keliru, 4 jadwal tidak mungkin, 5 aturan dilanggar, 6 waktu
habis sebelum ada jadwal, 7 berkas terkunci atau tidak dapat ditulis, 130 dihentikan.""",
    en="""Start with: giliran init my-office, then giliran generate my-office. Examples of each command: giliran COMMAND
--help. Exit codes: 0 done, 2 wrong usage, 3 faulty input, 4 no roster can exist, 5 a rule is broken, 6 time ran out
before any roster, 7 a file is locked or unwritable, 130 interrupted.""",
)


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
    except SchedulerError as error:
        if _is_debugging():
            raise
        click.echo(error.describe(command_line_language()), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo(
            Bilingual(id="Dihentikan.", en="Interrupted.").in_language(command_line_language()), err=True
        )
        sys.exit(130)
    except SystemExit as over:
        # No command of ours ends so with 1: click does, where whoever read the output has left, and that is no defect.
        sys.exit(0 if over.code == 1 else over.code)
    except BrokenPipeError:
        _silence()
        sys.exit(0)
    except OSError as error:
        if _is_debugging():
            raise
        sys.exit(_tell_unwritable(error))
    except Exception as error:
        if _is_debugging():
            raise
        words = Bilingual(
            id="Kesalahan di giliran sendiri, bukan pada masukan Anda",
            en="A defect in giliran itself, not in your input",
        )
        click.echo(
            f"{words.in_language(command_line_language())}: {type(error).__name__}: {error} (--debug)",
            err=True,
        )
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _tell_unwritable(error: OSError) -> int:
    """Say which file the system refused; return the exit code. Windows calls a pipe that nobody reads EINVAL."""
    where = "" if error.filename is None else str(error.filename)
    if not where and error.errno in (errno.EINVAL, errno.EPIPE):
        _silence()
        return 0
    where = where or Bilingual(id="keluaran", en="the output").in_language(command_line_language())
    if error.errno == errno.ENOSPC:
        words = Bilingual(
            id=f"Disk penuh: {where} tidak dapat ditulis. Kosongkan sebagian, lalu ulangi.",
            en=f"The disk is full: {where} cannot be written. Free some space, then try again.",
        )
    else:
        reason = error.strerror or type(error).__name__
        words = Bilingual(
            id=f"{where} tidak dapat dibaca atau ditulis ({reason}). Periksa nama, izin, dan apakah sedang terbuka di "
            "program lain.",
            en=f"{where} cannot be read or written ({reason}). Check its name, permissions, and whether another program "
            "has it open.",
        )
    click.echo(words.in_language(command_line_language()), err=True)
    _silence()
    return 7


def _silence() -> None:
    """Let nobody hear what is still to be flushed: Python would complain about it on the way out."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
