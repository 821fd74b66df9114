"""All sections of a report, in their order; no coordinates in any of them."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.checkins.report import details, recaps
from scheduler.checkins.report.section import Report, Section

MAKERS: tuple[Callable[[Report], Section | None], ...] = (
    details.summary,
    recaps.daily,
    recaps.heads,
    recaps.people,
    recaps.heat_map,
    details.exceptions,
    details.monitor,
    details.members,
    details.unknown_senders,
    details.sources,
)


def sections(report: Report) -> list[Section]:
    """Return every section that has something to say."""
    return [section for make in MAKERS if (section := make(report)) is not None]
