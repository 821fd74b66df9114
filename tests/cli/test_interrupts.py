"""Ctrl-C: whatever command solves, what was found by then is verified, written whole, and told by exit code 130."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler.write import output as writing
from tests.revise.offices import make_output, make_scenario
from tests.running import giliran


@pytest.fixture
def interrupts_as_at_a_terminal() -> Iterator[None]:
    """What runs the tests may ignore interrupts, as a shell's background jobs do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts_as_at_a_terminal")
@pytest.mark.parametrize("units_done", [1, 2])
def test_ctrl_c_writes_the_best_verified_roster_of_every_unit_and_exits_with_130(
    units_done: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    from scheduler.cli import screen

    class Interrupting(screen.Progress):
        done = 0

        def __call__(self, unit: str) -> None:
            self.done += 1
            if self.done == units_done:
                signal.raise_signal(signal.SIGINT)

    @contextmanager
    def interrupting(terminal, units):  # type: ignore[no-untyped-def]
        yield Interrupting()

    monkeypatch.setattr(screen, "progress", interrupting)
    ran = giliran(*generates(tmp_path), "--workers", 1, "--lang", "en")
    assert ran.code == 130
    certificate = json.loads((tmp_path / "out" / "certificate.json").read_text(encoding="utf-8"))
    assert (len(certificate["units"]), certificate["unfinished"]) == (2, []), (
        "those not begun get a first roster"
    )
    assert certificate["interrupted"] is (units_done == 1), (
        "after the last unit there is nothing to interrupt"
    )
    assert certificate["optimal"] is (units_done == 2)
    assert certificate["violations"]["hard"] == 0


def generates(folder: Path) -> tuple[str | Path, ...]:
    make_scenario(folder / "kantor")
    return "generate", folder / "kantor", "--out", folder / "out"


def generates_a_unit(folder: Path) -> tuple[str | Path, ...]:
    make_output(folder)
    return "generate", folder / "kantor", "--out", folder / "out", "--unit", "Dinas Satu", "--seed", "7"


def replans(folder: Path) -> tuple[str | Path, ...]:
    make_output(folder)
    return "replan", folder / "out", "--as-of", "2021-08-04", "--absent", "Ani Lestari:2021-08-05=sick"


@pytest.mark.usefixtures("interrupts_as_at_a_terminal")
@pytest.mark.parametrize(
    ("command", "revision"),
    [(generates, 1), (generates_a_unit, 2), (replans, 2)],
    ids=lambda given: given.__name__ if callable(given) else "",
)
def test_an_interrupt_while_files_are_written_lets_them_be_written_and_is_told(
    command: Callable[[Path], tuple[str | Path, ...]],
    revision: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = command(tmp_path)
    write_roster_csv = writing.write_roster_csv

    def interrupted(*given: object) -> None:
        signal.raise_signal(signal.SIGINT)
        write_roster_csv(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "write_roster_csv", interrupted)
    ran = giliran(*words, "--workers", 1, "--effort", 2, "--lang", "en")
    assert ran.code == 130, ran.err
    document = json.loads((tmp_path / "out" / "certificate.json").read_text(encoding="utf-8"))
    assert (document["revision"], document["interrupted"]) == (revision, False), "all was solved"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert "".join(str(tmp_path / "out").split()) in "".join(ran.out.split()), "told, however long the path"
