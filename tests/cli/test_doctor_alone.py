"""The doctor of an installation without the server."""

from __future__ import annotations

from pathlib import Path

from scheduler.server.upkeep.doctor import examine


def test_an_installation_without_the_server_is_examined_and_found_well(tmp_path: Path) -> None:
    found = {finding.about: finding for finding in examine("", tmp_path, 1_790_000_000.0)}
    assert found["server"].state == "good"
    assert "giliran[server]" in found["server"].said.id
    assert {"versions", "disk"} <= set(found)
    assert not {"database", "address"} & set(found)
