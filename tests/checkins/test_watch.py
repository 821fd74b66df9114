"""--watch judges at once, and again when files have grown and then rested."""

from __future__ import annotations

from pathlib import Path

from scheduler.checkins.watch import Stamp, changes, stamp


class Stop(Exception):  # noqa: N818
    """Ends a watch."""


def test_a_change_is_told_once_it_rested() -> None:
    states = iter([1, 1, 2, 3, 3, 3, 4, 4])
    told: list[int] = []
    slept: list[float] = []

    def look(_: object) -> Stamp:
        try:
            return (("f", next(states), 0),)
        except StopIteration:
            raise Stop from None

    try:
        for _ in changes([Path("f")], slept.append, 2.0, look):
            told.append(len(slept))
    except Stop:
        pass
    assert told[0] == 0 and len(told) == 3 and set(slept) == {2.0}


def test_growth_a_new_file_in_a_folder_and_a_lost_file_are_changes(tmp_path: Path) -> None:
    chat, folder = tmp_path / "chat.txt", tmp_path / "export"
    folder.mkdir()
    chat.write_text("a")
    seen = [stamp([chat, folder])]
    chat.write_text("ab")
    seen.append(stamp([chat, folder]))
    (folder / "result.json").write_text("{}")
    seen.append(stamp([chat, folder]))
    chat.unlink()
    seen.append(stamp([chat, folder]))
    assert len(set(seen)) == 4
