"""Requests to be away, or to leave the area, that people send from their page: what became of them.

An absence takes effect by `giliran replan`, which moves the roster; leave to go out takes effect in `giliran checkins`,
which then asks nobody's place on those days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select, update

from scheduler.language import Bilingual, Language
from scheduler.problem import ABSENCE_KINDS
from scheduler.server.store.tables import PERMIT_REQUEST, SCENARIO, SUBJECT
from scheduler.write.labels import STATUS_LABELS

OUTING = "outing"
KINDS = (*ABSENCE_KINDS, OUTING)
ACCEPTED, REFUSED = "accepted", "refused"
DECISIONS = {
    "": Bilingual(id="menunggu", en="waiting"),
    ACCEPTED: Bilingual(id="disetujui", en="accepted"),
    REFUSED: Bilingual(id="ditolak", en="refused"),
}
_OUTING = Bilingual(id="Keluar wilayah saat WFH", en="Leaving the area while at home")


def kind_label(kind: str, language: Language) -> str:
    """Return a kind of request as people read it."""
    return (STATUS_LABELS[kind] if kind in ABSENCE_KINDS else _OUTING).in_language(language)


def decide(connection: Connection, numbers: Sequence[int], decision: str, by: str, now: int) -> int:
    """Accept or refuse requests; return how many there were. A later decision replaces a former.

    Parameters
    ----------
    by : who decides; `now` in milliseconds since 1970.
    """
    changed = update(PERMIT_REQUEST).where(PERMIT_REQUEST.c.id.in_(list(numbers)))
    values = {"decision": decision, "decided_at": now, "decided_by": by}
    return connection.execute(changed.values(values)).rowcount


def outings(connection: Connection, fingerprint: str) -> dict[str, list[tuple[date, date]]]:
    """Return the days on which leaving the area was allowed, by person id, of one scenario."""
    joined = PERMIT_REQUEST.join(SUBJECT, PERMIT_REQUEST.c.subject_id == SUBJECT.c.id)
    joined = joined.join(SCENARIO, SUBJECT.c.scenario_id == SCENARIO.c.id)
    c = PERMIT_REQUEST.c
    wanted = select(SUBJECT.c.key, c.first_day, c.last_day).select_from(joined)
    wanted = wanted.where(SCENARIO.c.fingerprint == fingerprint, c.kind == OUTING, c.decision == ACCEPTED)
    found: dict[str, list[tuple[date, date]]] = {}
    for key, first, last in connection.execute(wanted.order_by(c.id)):
        found.setdefault(key, []).append((date.fromisoformat(first), date.fromisoformat(last)))
    return found
