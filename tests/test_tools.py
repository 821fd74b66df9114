"""What tests lack is told: skipped on a contributor's machine, failed in CI."""

from __future__ import annotations

import pytest

from tests.tools import require, require_package


@pytest.mark.parametrize(
    "lacking", [lambda: require("no-such-program"), lambda: require_package("no-such-package")]
)
@pytest.mark.parametrize(("ci", "outcome"), [("", "skipped"), ("true", "failed")])
def test_what_a_test_lacks_skips_it_here_and_fails_in_ci(
    lacking: object, ci: str, outcome: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    call = pytest.CallInfo.from_call(lacking, "call")  # type: ignore[arg-type]
    report = request.node.ihook.pytest_runtest_makereport(item=request.node, call=call)
    assert report.outcome == outcome
    assert "this test needs no-such-" in str(report.longrepr)
