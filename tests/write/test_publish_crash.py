"""The process is killed before every single step that publishing takes; a reader then finds a whole revision.

A forked child publishes while an audit hook counts what it asks of the file system (opening, linking, renaming,
deleting …), with the syncs, the exchange and the middle of each written file; before step n it vanishes without
any tidying up. n goes up until the child comes to its end.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.read.outputs.recovery import Siblings, recover
from scheduler.write import swap
from scheduler.write.publish import publish, publish_checkins
from tests.write.revisions import NAME, Look, look, nothing, siblings_left, writer

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="Windows cannot fork; the steps are the same there"
)

KILLED = 42
WAYS = ("exchange", "renames", "copies")
Step = Callable[[], None]


def killed_before_step(number: int, way: str, place: Path, work: Callable[[Step], None]) -> bool:
    """Run `work` in a child that vanishes before its step `number` below `place`; whether it did."""
    child = os.fork()
    if child == 0:
        try:
            _vanish_before(number, way, str(place), work)
        except BaseException as error:  # noqa: BLE001 - a child must not return into pytest
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, KILLED)
    return code == KILLED


def _vanish_before(number: int, way: str, place: str, work: Callable[[Step], None]) -> None:
    steps = iter(range(1, 1_000_000))

    def step() -> None:
        if next(steps) >= number:
            os._exit(KILLED)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(("open", "os.", "shutil.")) and any(str(a).startswith(place) for a in arguments):
            step()

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*arguments: Any, **more: Any) -> Any:
            step()
            return function(*arguments, **more)

        return stepping

    def no_links(*arguments: Any, **more: Any) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    os.fsync = before(os.fsync)
    swap.exchange = before(swap.exchange if way == "exchange" else lambda first, second: False)
    if way == "copies":
        os.link = no_links
    sys.addaudithook(watch)
    work(step)


def publishes(folder: Path, mark: str) -> Callable[[Step], None]:
    """Return the work of publishing one more revision."""
    return lambda step: void(publish(folder, writer(mark, step)))


def void(_: object) -> None:
    """Forget a value."""


def every_crash(
    folder: Path, way: str, prepare: Callable[[], None], work: Callable[[Step], None]
) -> Iterator[tuple[int, bool]]:
    """Yield after each crash, with the number of the step and whether there was one; everything anew each time."""
    number, killed = 0, True
    while killed:
        number += 1
        shutil.rmtree(folder.parent, ignore_errors=True)
        folder.parent.mkdir()
        prepare()
        killed = killed_before_step(number, way, folder.parent, work)
        yield number, killed
    assert number > 20, "the steps are seen at all"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An output folder in memory where there is such a place: thousands of folders are made and deleted."""
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: None
    )  # counted as a step; a killed process needs no disk
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as place:
        yield Path(place).resolve() / "contoh" / NAME


def outcome(folder: Path, prepare: Callable[[], None], work: Callable[[Step], None]) -> tuple[Look, Look]:
    """Return what a reader finds before and after the work, done without a crash."""
    folder.parent.mkdir()
    prepare()
    before = look(folder)
    work(nothing)
    return before, look(folder)


@pytest.mark.parametrize("way", WAYS)
def test_a_crash_at_any_step_leaves_the_one_revision_or_the_other(folder: Path, way: str) -> None:
    def prepare() -> None:
        publish(folder, writer("a"))
        publish(folder, writer("b"))
        (folder / "checkins").mkdir()
        (folder / "checkins" / "checkins.csv").write_text("x")

    work = publishes(folder, "c")
    before, after = outcome(folder, prepare, work)
    assert before != after
    never_away = way == "exchange" and _can_exchange(folder.parent)
    found_both = set()
    for number, killed in every_crash(folder, way, prepare, work):
        if never_away:
            assert folder.is_dir(), f"step {number}: there is no instant without the folder"
        recover(folder)
        found = look(folder)
        assert found in (before, after), f"step {number}"
        assert killed or found == after
        found_both.add(found == after)
        assert publish(folder, writer("d")).number == 3 + (found == after)
        assert siblings_left(folder) == set(), f"step {number}: leftovers are swept"
    assert found_both == {True, False}


def _can_exchange(place: Path) -> bool:
    for name in ("one", "two"):
        (place / name).mkdir()
    try:
        return swap.exchange(place / "one", place / "two")
    finally:
        for name in ("one", "two"):
            (place / name).rmdir()


def test_a_crash_of_the_first_publication_leaves_nothing_or_all_of_it(folder: Path) -> None:
    work = publishes(folder, "a")
    _, after = outcome(folder, nothing, work)
    for number, killed in every_crash(folder, "exchange", nothing, work):
        recover(folder)
        found = look(folder) if folder.exists() else {}
        assert found in ({}, after), f"step {number}"
        assert killed or found == after


@pytest.mark.parametrize("way", WAYS)
def test_a_crash_while_check_ins_are_replaced_leaves_the_one_report_or_the_other(
    folder: Path, way: str
) -> None:
    def report(text: str, between: Step = nothing) -> None:
        def write(new: Path) -> None:
            with (new / "checkins.csv").open("w") as file:
                file.write(text[:2])
                file.flush()
                between()
                file.write(text[2:])

        publish_checkins(folder, write)

    def prepare() -> None:
        publish(folder, writer("a"))
        report("first")

    def work(step: Step) -> None:
        report("second", step)

    before, after = outcome(folder, prepare, work)
    for number, killed in every_crash(folder, way, prepare, work):
        recover(folder)
        assert look(folder) in (before, after), f"step {number}"
        assert killed or look(folder) == after


def test_a_crash_while_an_earlier_crash_is_mended_leaves_a_whole_revision_too(folder: Path) -> None:
    siblings = Siblings.of(folder)

    def prepare() -> None:
        publish(folder, writer("a"))
        shutil.copytree(folder, siblings.new)  # the crash came between the two renames
        shutil.copytree(folder, siblings.trash)
        folder.rename(siblings.previous)

    work = publishes(folder, "b")

    def prepare_and_recover() -> None:
        prepare()
        recover(folder)

    _, after = outcome(folder, prepare_and_recover, work)
    before = {
        name.removeprefix("revisions/1/"): data
        for name, data in after.items()
        if name.startswith("revisions/1/")
    }
    for number, killed in every_crash(folder, "renames", prepare, work):
        recover(folder)
        found = look(folder)
        assert found in (before, after), f"step {number}"
        assert killed or found == after
