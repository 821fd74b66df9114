"""Every kind of link tried where it opens nothing: of another purpose, person, unit, office, government, or ended."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from scheduler.server.links import tokens
from scheduler.server.links.sheets import PLACES
from scheduler.server.store.database import writing
from tests.server.published import BUDI, KEY, MAMUR, UNIT, Server, publication

KADIS = "198001012005011001"
HOLDERS = {"person": BUDI, "unit": UNIT, "supervisor": KADIS}


def make(server: Server, kind: str, key: str, purpose: str, scenario: str = "contoh") -> str:
    with writing(server.engine) as connection:
        rows = tokens.subjects(connection, scenario)
        row = next(r for r in rows if (r["kind"], r["key"]) == (kind, key))
        return tokens.make(connection, [row["id"]], [purpose], 1, anew=True)[0].token


def feed(kind: str, token: str) -> str:
    return f"/feeds/{PLACES[kind]}/{token}.ics"


def test_a_link_opens_its_own_feed_and_nothing_else(server: Server) -> None:
    server.publish(publication())
    links = {kind: make(server, kind, key, "feed") for kind, key in HOLDERS.items()}
    for kind, token in links.items():
        for other in links:
            assert (server.client.get(feed(other, token)).status_code == 200) is (kind == other)
        assert server.client.get(f"/checkin/{token}").status_code == 404
        assert (
            server.client.post(f"/checkin/{token}", data={"client_id": "a" * 9, "reason": "x"}).status_code
            == 404
        )


@pytest.mark.parametrize("purpose", ["checkin", "telegram"])
def test_a_link_for_another_purpose_opens_no_feed(server: Server, purpose: str) -> None:
    server.publish(publication())
    token = make(server, "person", BUDI, purpose)
    assert [server.client.get(feed(kind, token)).status_code for kind in PLACES] == [404] * 3
    assert (server.client.get(f"/checkin/{token}").status_code == 200) is (purpose == "checkin")


def test_a_feed_holds_nobody_elses_days(server: Server) -> None:
    server.publish(publication())
    own = server.client.get(feed("person", make(server, "person", BUDI, "feed"))).text
    staff = server.client.get(feed("supervisor", make(server, "supervisor", KADIS, "feed"))).text
    assert "Ma'mur" not in own
    assert "Ma'mur" in staff
    assert "Puspa" not in staff  # of the same unit, but reports to nobody


def test_another_government_of_the_same_names_sees_its_own_only(any_server: Server) -> None:
    theirs = publication(key=b"another key", name="contoh lain")
    any_server.publish(publication(key=KEY), theirs)
    mine, other = (make(any_server, "person", BUDI, "feed", name) for name in ("contoh", "contoh lain"))
    feeds = [any_server.client.get(feed("person", token)) for token in (mine, other)]
    assert [answer.status_code for answer in feeds] == [200, 200]
    uids = [{line for line in answer.text.splitlines() if line.startswith("UID:")} for answer in feeds]
    assert uids[0]
    assert not uids[0] & uids[1]
    own = make(any_server, "person", BUDI, "checkin", "contoh lain")
    any_server.client.post(f"/checkin/{own}", data={"client_id": "abcdefgh1", "reason": "x"})
    with any_server.engine.connect() as connection:
        wanted = "SELECT scenario.name FROM checkin JOIN subject ON subject.id = subject_id JOIN scenario ON scenario.id = scenario_id"
        assert connection.execute(text(wanted)).scalars().all() == ["contoh lain"]


@pytest.mark.parametrize("kind", list(HOLDERS))
def test_a_link_that_was_rotated_or_revoked_opens_nothing_from_then_on(server: Server, kind: str) -> None:
    server.publish(publication())
    first = make(server, kind, HOLDERS[kind], "feed")
    assert server.client.get(feed(kind, first)).status_code == 200
    second = make(server, kind, HOLDERS[kind], "feed")
    assert server.client.get(feed(kind, first)).status_code == 404
    assert server.client.get(feed(kind, second)).status_code == 200
    with writing(server.engine) as connection:
        ids = [row["id"] for row in tokens.subjects(connection)]
        tokens.revoke(connection, ids, tokens.PURPOSES, 5)
    assert server.client.get(feed(kind, second)).status_code == 404


def test_everybody_has_a_link_of_their_own_that_nobody_can_guess(server: Server) -> None:
    server.publish(publication())
    made: list[Any] = [
        make(server, "person", key, purpose) for key in (BUDI, MAMUR) for purpose in ("feed", "checkin")
    ]
    assert len({*made}) == 4
    assert {len(token) for token in made} == {43}  # 256 bits
    with server.engine.connect() as connection:
        stored = connection.execute(text("SELECT sha256 FROM token")).scalars().all()
    assert not {bytes(one) for one in stored} & {token.encode() for token in made}
