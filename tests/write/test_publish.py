"""A revision replaces the one before as a whole; whatever goes wrong, the one before stands as it was."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.errors import ExportError, InputError
from scheduler.read.outputs.recovery import Siblings, locked, recover
from scheduler.write import swap
from scheduler.write.certificate import sha256_of
from scheduler.write.publish import (
    Revision,
    check_writable,
    next_revision,
    publish,
    publish_checkins,
)
from scheduler.write.tables import write_roster_csv
from tests.samples import sample_roster
from tests.write.revisions import NAME, look, siblings_left, writer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "contoh" / NAME


@pytest.fixture(params=["exchange", "renames", "copies"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way in which a folder can be replaced: as here, without exchange, and without hard links as well."""
    if request.param != "exchange":
        monkeypatch.setattr(swap, "exchange", lambda first, second: False)
    if request.param == "copies":
        monkeypatch.setattr(os, "link", _no_links)
    return str(request.param)


def _no_links(*arguments: object, **more: object) -> None:
    raise PermissionError(errno.EPERM, "no hard links here")


def test_a_first_revision_makes_the_folder_and_has_number_1(folder: Path, way: str) -> None:
    revision = publish(folder, writer())
    assert revision == Revision(number=1, current=folder)
    assert look(folder)["roster.csv"] == b"revision 1 \n"
    assert siblings_left(folder) == set()


def test_the_replaced_revision_is_whole_in_revisions_and_the_new_one_on_top(folder: Path, way: str) -> None:
    publish(folder, writer("a"))
    first = look(folder)
    revision = publish(folder, writer("b"))
    second = look(folder)
    assert (revision.number, revision.replaced) == (2, 1)
    assert {name: second[f"revisions/1/{name}"] for name in first} == first
    assert second["roster.csv"] == b"revision 2 b\n"
    assert publish(folder, writer("c")).number == 3
    third = look(folder)
    assert {name for name in third if name.startswith("revisions/1/")} == {f"revisions/1/{n}" for n in first}
    assert third["revisions/2/roster.csv"] == b"revision 2 b\n"
    assert siblings_left(folder) == set()


def test_the_writer_learns_what_it_replaces_and_can_still_read_it(folder: Path) -> None:
    publish(folder, writer("a"))
    expected = sha256_of(folder / "roster.csv")

    def write(new: Path, revision: Revision) -> None:
        assert revision == Revision(number=2, replaced=1, replaced_sha256=expected, current=folder)
        assert (revision.current / "roster.csv").read_bytes() == b"revision 1 a\n"
        assert list(new.iterdir()) == []
        writer("b")(new, revision)

    assert publish(folder, write).number == 2


def test_check_in_reports_and_peoples_own_files_stay_on_top(folder: Path, way: str) -> None:
    publish(folder, writer("a"))
    (folder / "checkins").mkdir()
    (folder / "checkins" / "checkins.csv").write_text("x")
    (folder / "catatan saya.docx").write_text("y")
    publish(folder, writer("b"))
    found = look(folder)
    assert found["checkins/checkins.csv"] == b"x" and found["catatan saya.docx"] == b"y"
    assert "revisions/1/catatan saya.docx" not in found and "revisions/1/checkins/checkins.csv" not in found


def test_check_in_reports_are_replaced_as_a_whole_and_the_revision_stays(folder: Path, way: str) -> None:
    publish(folder, writer("a"))
    first = look(folder)
    publish_checkins(folder, lambda new: void((new / "old.csv").write_text("1")))
    publish_checkins(folder, lambda new: void((new / "checkins.csv").write_text("2")))
    assert look(folder) == {**first, "checkins/checkins.csv": b"2"}
    assert siblings_left(folder) == set()


def void(_: object) -> None:
    """Forget a value."""


def test_a_hand_edited_workbook_goes_into_the_archive_as_it_was_edited(folder: Path) -> None:
    publish(folder, writer("a"))
    (folder / "units" / "Dinas A.xlsx").write_bytes(b"edited")
    publish(folder, writer("b"))
    assert look(folder)["revisions/1/units/Dinas A.xlsx"] == b"edited"


@pytest.mark.parametrize("certificate", ["", "{}", "[]", '{"revision": 1}', '{"revision": true}'])
def test_a_spoilt_certificate_never_makes_two_revisions_share_a_number(
    folder: Path, certificate: str
) -> None:
    publish(folder, writer("a"))
    publish(folder, writer("b"))
    (folder / "certificate.json").write_text(certificate)
    revision = publish(folder, writer("c"))
    assert (revision.number, revision.replaced) == (3, 2)
    assert look(folder)["revisions/1/roster.csv"] == b"revision 1 a\n"
    assert look(folder)["revisions/2/roster.csv"] == b"revision 2 b\n"


def test_a_certificate_that_counts_backwards_is_not_believed(folder: Path) -> None:
    for mark in "abc":
        publish(folder, writer(mark))
    document = json.loads((folder / "certificate.json").read_text())
    (folder / "certificate.json").write_text(json.dumps({**document, "revision": 1}))
    assert next_revision(folder).replaced == 3


def test_a_lost_certificate_loses_no_revision(folder: Path) -> None:
    publish(folder, writer("a"))
    (folder / "certificate.json").unlink()
    assert publish(folder, writer("b")).number == 2
    assert look(folder)["revisions/1/roster.csv"] == b"revision 1 a\n"


def test_a_writer_may_only_write_what_a_revision_consists_of(folder: Path) -> None:
    def write(new: Path, revision: Revision) -> None:
        (new / "surprise.txt").write_text("x")

    with pytest.raises(ValueError, match=r"surprise\.txt"):
        publish(folder, write)
    assert not folder.exists()


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), InputError([]), RuntimeError("defect"), OSError(errno.ENOSPC, "full")]
)
def test_whatever_the_writer_raises_the_current_revision_stands(
    folder: Path, error: BaseException, way: str
) -> None:
    publish(folder, writer("a"))
    before = look(folder)

    def write(new: Path, revision: Revision) -> None:
        writer("b")(new, revision)
        raise error

    with pytest.raises(ExportError if isinstance(error, OSError) else type(error)):
        publish(folder, write)
    assert look(folder) == before
    assert siblings_left(folder) == set()
    assert publish(folder, writer("c")).number == 2


SENTENCES = [
    (errno.ENOSPC, "Disk penuh", "disk is full"),
    (errno.EFBIG, "Disk penuh", "disk is full"),
    (errno.EACCES, "tidak boleh ditulis", "may not be written"),
    (errno.EPERM, "tidak boleh ditulis", "may not be written"),
    (errno.EROFS, "hanya dapat dibaca", "read-only"),
    (errno.EBUSY, "sedang dipakai", "in use"),
    (errno.ENAMETOOLONG, "terlalu panjang", "too long"),
    (errno.EIO, "tidak dapat ditulis", "cannot be written"),
]


@pytest.mark.parametrize(("number", "indonesian", "english"), SENTENCES)
def test_what_the_system_refuses_is_said_in_plain_words(
    folder: Path, number: int, indonesian: str, english: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(folder, writer("a"))
    before = look(folder)
    inside = Siblings.of(folder).new / "roster.xlsx"

    def fail(new: Path) -> None:
        raise OSError(number, os.strerror(number), str(inside))

    monkeypatch.setattr(swap, "sync_files", fail)
    with pytest.raises(ExportError) as caught:
        publish(folder, writer("b"))
    assert caught.value.exit_code == 7
    assert indonesian in caught.value.describe("id") and english in caught.value.describe("en")
    assert str(folder / "roster.xlsx") in caught.value.describe("id")
    assert ".new" not in caught.value.describe("id")
    assert look(folder) == before and siblings_left(folder) == set()


def test_a_file_that_windows_holds_open_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(folder, writer("a"))
    error = PermissionError(errno.EACCES, "sharing violation", str(folder))
    error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    monkeypatch.setattr(swap, "exchange", lambda first, second: False)
    monkeypatch.setattr(swap, "rename", lambda source, target: (_ for _ in ()).throw(error))
    with pytest.raises(ExportError, match="in use by another program") as caught:
        publish(folder, writer("b"))
    assert str(folder) in caught.value.describe("id")
    assert look(folder)["roster.csv"] == b"revision 1 a\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_disk_that_is_really_full_leaves_the_current_revision(folder: Path) -> None:
    publish(folder, writer("a"))
    before = look(folder)

    def write(new: Path, revision: Revision) -> None:
        (new / "roster.csv").symlink_to("/dev/full")
        write_roster_csv(sample_roster(), new / "roster.csv")

    with pytest.raises(ExportError, match="disk is full"):
        publish(folder, write)
    assert look(folder) == before and siblings_left(folder) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
def test_a_file_larger_than_allowed_leaves_the_current_revision(folder: Path) -> None:
    import resource

    publish(folder, writer("a"))
    before = look(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(ExportError, match="disk is full"):
            publish(folder, lambda new, revision: write_roster_csv(sample_roster(), new / "roster.csv"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert look(folder) == before and siblings_left(folder) == set()


def test_a_disk_that_fails_while_syncing_leaves_the_current_revision(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(folder, writer("a"))
    before = look(folder)

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(ExportError, match="present revision is as it was"):
            publish(folder, writer("b"))
    assert look(folder) == before and siblings_left(folder) == set()


def test_a_network_drive_that_cannot_sync_folders_is_written_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def folders_refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", folders_refuse)
    assert publish(folder, writer("a")).number == 1


@pytest.mark.parametrize("mark", ["~$roster.xlsx", ".~lock.roster.xlsx#", "units/~$Dinas A.xlsx"])
def test_a_workbook_open_in_excel_or_libreoffice_is_named_before_anything_is_done(
    folder: Path, mark: str
) -> None:
    publish(folder, writer("a"))
    (folder / mark).write_bytes(b"")
    before = look(folder)
    for attempt in (lambda: void(publish(folder, writer("b"))), lambda: check_writable(folder)):
        with pytest.raises(ExportError) as caught:
            attempt()
        workbook = "units/Dinas A.xlsx" if "Dinas" in mark else "roster.xlsx"
        assert caught.value.describe("id").startswith(f"{workbook} sedang terbuka")
        assert mark in caught.value.describe("en")
    assert look(folder) == before


def test_a_file_in_the_folders_place_is_not_replaced(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("x")
    for attempt in (lambda: void(publish(folder, writer())), lambda: check_writable(folder)):
        with pytest.raises(ExportError, match="is a file, no folder"):
            attempt()
    assert folder.read_text() == "x"


def test_a_file_in_a_parents_place_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    for attempt in (
        lambda: void(publish(tmp_path / "a" / "b", writer())),
        lambda: check_writable(tmp_path / "a" / "b"),
    ):
        with pytest.raises(ExportError, match="is a file, no folder"):
            attempt()


def test_a_folder_of_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "skripsi.docx").write_text("x")
    for attempt in (lambda: void(publish(tmp_path, writer())), lambda: check_writable(tmp_path)):
        with pytest.raises(ExportError, match=r"skripsi\.docx"):
            attempt()
    assert look(tmp_path) == {"skripsi.docx": b"x"}


def test_an_empty_folder_with_a_gitkeep_is_taken(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / ".gitkeep").touch()
    check_writable(folder)
    publish(folder, writer("a"))
    assert look(folder)[".gitkeep"] == b""


def test_a_name_too_long_is_said_to_be_too_long(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="too long"):
        publish(tmp_path / ("x" * 300), writer())


def test_a_place_without_permission_is_found_before_the_search(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ExportError, match="may not be written"):
        check_writable(folder)


def test_a_symbolic_link_to_the_folder_stays_one_and_its_target_is_replaced(tmp_path: Path) -> None:
    real = tmp_path / "disk" / NAME
    publish(real, writer("a"))
    link = tmp_path / "pintasan"
    link.symlink_to(real, target_is_directory=True)
    publish(link, writer("b"))
    assert link.is_symlink()
    assert look(real)["roster.csv"] == b"revision 2 b\n"
    assert {path.name for path in tmp_path.iterdir()} == {"disk", "pintasan"}


def test_a_loop_of_symbolic_links_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(ExportError):
        publish(tmp_path / "a", writer())


def test_links_inside_the_folder_are_kept_and_nothing_behind_them_is_touched(
    tmp_path: Path, way: str
) -> None:
    folder, outside = tmp_path / "x" / NAME, tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("x")
    publish(folder, writer("a"))
    (folder / "tautan").symlink_to(outside, target_is_directory=True)
    (folder / "putus").symlink_to(tmp_path / "nowhere")
    publish(folder, writer("b"))
    publish(folder, writer("c"))
    assert (folder / "tautan").is_symlink() and (folder / "putus").is_symlink()
    assert look(outside) == {"precious.txt": b"x"}


def test_a_private_folder_stays_private(folder: Path) -> None:
    publish(folder, writer("a"))
    folder.chmod(0o700)
    publish(folder, writer("b"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_interrupt_between_the_two_renames_brings_the_current_revision_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(folder, writer("a"))
    before = look(folder)
    calls = []

    def rename(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) == 2:
            raise KeyboardInterrupt
        source.rename(target)

    monkeypatch.setattr(swap, "exchange", lambda first, second: False)
    monkeypatch.setattr(swap, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        publish(folder, writer("b"))
    assert look(folder) == before and siblings_left(folder) == set()


def test_readers_put_back_what_a_crash_between_the_renames_left_and_touch_nothing_else(folder: Path) -> None:
    publish(folder, writer("a"))
    before = look(folder)
    siblings = Siblings.of(folder)
    siblings.new.mkdir()
    recover(folder)
    assert siblings.new.is_dir(), "a writer may be at work on it"
    folder.rename(siblings.previous)
    recover(folder)
    assert look(folder) == before
    recover(folder.parent / "nothing here")
    assert not (folder.parent / "nothing here").exists()


def test_a_deleted_folder_is_not_brought_back_from_its_trash(folder: Path) -> None:
    siblings = Siblings.of(folder)
    siblings.trash.mkdir(parents=True)
    (siblings.trash / "roster.csv").write_text("half deleted")
    assert publish(folder, writer("a")).number == 1
    assert siblings_left(folder) == set()


def test_who_waits_too_long_for_another_writer_is_told_so(folder: Path) -> None:
    publish(folder, writer("a"))
    with locked(folder), pytest.raises(ExportError, match="Another giliran"):
        publish(folder, writer("b"), patience=0)
    assert publish(folder, writer("b"), patience=0).number == 2


def test_exchange_where_the_system_has_none_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "darwin")
        assert swap.exchange(tmp_path, tmp_path) is False
    if sys.platform.startswith("linux"):
        with pytest.raises(FileNotFoundError):
            swap.exchange(tmp_path / "a", tmp_path / "b")


def test_windows_gets_another_try_while_a_virus_scanner_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    rename, tries = os.rename, []

    def busy_twice(source: Path, target: Path) -> None:
        tries.append(source)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "busy")
        rename(source, target)

    monkeypatch.setattr(os, "rename", busy_twice)
    with monkeypatch.context() as here, pytest.raises(PermissionError):
        here.setattr(swap, "_ATTEMPTS", 1)
        swap.rename(tmp_path / "a", tmp_path / "b")
    monkeypatch.setattr(swap.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(swap, "_on_windows", lambda: True)
    swap.rename(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").is_dir()


PUBLISHER = """
import sys
from pathlib import Path
from scheduler.write.publish import publish
from tests.write.revisions import writer
for turn in range(4):
    publish(Path(sys.argv[1]), writer(f"{sys.argv[2]}{turn}"))
"""


def test_two_writers_at_once_both_succeed_and_nothing_is_lost(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = [sys.executable, "-c", PUBLISHER, str(folder)]
    processes = [subprocess.Popen([*arguments, mark], env=environment) for mark in "ab"]
    assert [process.wait() for process in processes] == [0, 0]
    found = look(folder)
    rosters = [found[f"revisions/{n}/roster.csv"].decode() for n in range(1, 8)] + [
        found["roster.csv"].decode()
    ]
    assert [text.split()[1] for text in rosters] == [str(n) for n in range(1, 9)]
    assert {text.split()[2] for text in rosters} == {f"{mark}{turn}" for mark in "ab" for turn in range(4)}
    for number in range(1, 8):
        parts = {
            found[f"revisions/{number}/{name}"].split()[-1]
            for name in ("roster.csv", "units/Dinas A.xlsx", "calendars/people/x.ics")
        }
        assert len(parts) == 1
    assert siblings_left(folder) == set()


def test_a_lock_that_cannot_be_made_is_no_other_giliran(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows, asked for a lock where nothing may be written, answers as if the lock were held."""
    import filelock

    publish(folder, writer("a"))
    before = look(folder)
    lock = Siblings.of(folder).lock
    lock.unlink(missing_ok=True)
    lock.mkdir()  # so that no file can be opened there, even by root
    monkeypatch.setattr(filelock.FileLock, "_acquire", lambda self: None)
    with pytest.raises(ExportError) as caught:
        publish(folder, writer("b"), patience=0.0)
    assert "giliran" not in caught.value.describe("en").replace(str(folder), "")
    assert "cannot be written" in caught.value.describe(
        "en"
    ) or "may not be written" in caught.value.describe("en")
    assert look(folder) == before


def test_a_reader_that_may_not_put_back_the_last_revision_says_where_it_is(folder: Path) -> None:
    publish(folder, writer("a"))
    siblings = Siblings.of(folder)
    folder.rename(siblings.previous)
    siblings.lock.unlink(missing_ok=True)
    siblings.lock.mkdir()
    with pytest.raises(ExportError) as caught:
        recover(folder)
    assert siblings.previous.name in caught.value.describe("id")
    siblings.lock.rmdir()
    recover(folder)
    assert look(folder)["roster.csv"] == b"revision 1 a\n"
