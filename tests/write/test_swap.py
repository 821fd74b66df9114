"""What other systems and file systems lack is gone around; what fails for good is raised."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from scheduler.write import certificate, swap
from tests.write.revisions import look


def test_a_tree_is_linked_where_links_are_possible(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_text("x")
    swap.link_tree(tmp_path / "a", tmp_path / "z")
    assert (tmp_path / "z" / "b" / "c").samefile(tmp_path / "a" / "b" / "c")


def test_a_tree_is_copied_with_its_symbolic_links_where_links_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*arguments: object, **more: object) -> None:
        raise NotImplementedError("follow_symlinks unavailable on this platform")

    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "c").write_text("x")
    (tmp_path / "a" / "l").symlink_to("c")
    monkeypatch.setattr(os, "link", unknown)
    swap.link_tree(tmp_path / "a", tmp_path / "z")
    assert look(tmp_path / "z") == {"c": b"x", "l": b"x"}
    assert (tmp_path / "z" / "l").is_symlink()
    assert not (tmp_path / "z" / "c").samefile(tmp_path / "a" / "c")


def test_a_full_disk_is_no_reason_to_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    (tmp_path / "c").write_text("x")
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="full"):
        swap.link_tree(tmp_path / "c", tmp_path / "z")
    assert not (tmp_path / "z").exists()


def test_windows_syncs_what_it_may_open_for_writing_and_no_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "free").write_text("x")
    (tmp_path / "read-only").write_text("x")
    (tmp_path / "link").symlink_to("free")
    synced = []
    monkeypatch.setattr(swap, "_on_windows", lambda: True)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "read-only")
    monkeypatch.setattr(os, "fsync", synced.append)
    swap.sync_files(tmp_path)
    swap.sync_folders(tmp_path)
    assert len(synced) == 1


def test_every_file_at_any_depth_is_synced_once_and_one_that_is_not_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / ("a" * (number % 3 + 1)) / f"{number}.ics" for number in range(19)]
    files += [tmp_path / "a" / "deeper" / "b.xlsx", tmp_path / "top.csv"]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    swap.sync_files(tmp_path)
    assert sorted(synced) == sorted(path.stat().st_ino for path in files)

    broken = files[-2].stat().st_ino

    def fsync(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino == broken:
            raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="broken"):
        swap.sync_files(tmp_path)


def test_a_folder_that_cannot_be_synced_for_another_reason_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        swap.sync_folders(tmp_path)


@pytest.mark.parametrize("library", [SimpleNamespace(), SimpleNamespace(renameat2=lambda *arguments: -1)])
def test_an_old_system_or_file_system_cannot_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: SimpleNamespace
) -> None:
    monkeypatch.setattr(swap.sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name, use_errno: library)
    monkeypatch.setattr(ctypes, "get_errno", lambda: errno.EINVAL)
    assert swap.exchange(tmp_path / "a", tmp_path / "b") is False


def test_a_package_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise certificate.PackageNotFoundError(name)

    monkeypatch.setattr(certificate, "version", absent)
    assert set(certificate.installed_versions()) == {"giliran", "python"}
