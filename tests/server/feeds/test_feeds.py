"""Feeds as calendar programs fetch them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from icalendar import Calendar

from scheduler.roster import Roster
from scheduler.server.feeds.feed import takes_gzip
from tests.server.published import BUDI, MAMUR, UNIT, Server, moved, publication, roster

KADIS, RAHMI = "198001012005011001", "198001012005011004"


def events(body: bytes) -> dict[str, Any]:
    found = Calendar.from_ical(body).walk("VEVENT")
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_a_feed_is_the_calendar_of_the_output_folder(any_server: Server) -> None:
    made = publication()
    any_server.publish(made)
    answer = any_server.client.get(any_server.link(BUDI))
    own = next(content for subject, content in made.calendars.items() if subject.key == BUDI)
    assert answer.status_code == 200
    assert answer.content == own
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["last-modified"] == "Fri, 23 Jul 2021 00:26:40 GMT"
    assert answer.headers["referrer-policy"] == "no-referrer"
    plain = any_server.client.get(any_server.link(UNIT), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content.startswith(b"BEGIN:VCALENDAR")
    assert UNIT in plain.text


def test_a_reader_that_has_it_gets_304_by_tag_or_by_date(any_server: Server) -> None:
    any_server.publish(publication())
    link = any_server.link(BUDI)
    first = any_server.client.get(link)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    assert tag.startswith('"')
    identity = any_server.client.get(link, headers={"Accept-Encoding": "identity"}).headers["etag"]
    assert identity != tag
    for asked in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{identity}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
    ):
        answer = any_server.client.get(link, headers=asked)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    for asked in (
        {"If-None-Match": '"other"', "If-Modified-Since": date},
        {"If-Modified-Since": "Thu, 22 Jul 2021 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
    ):
        assert any_server.client.get(link, headers=asked).status_code == 200


def test_a_replan_reaches_readers_under_the_same_uids_over_three_revisions(any_server: Server) -> None:
    any_server.publish(publication(roster(1)))
    link, other = any_server.link(BUDI), any_server.link("NonASN-1522")
    first = any_server.client.get(link)
    untouched = any_server.client.get(other).headers
    seen = [events(first.content)]
    for number in (2, 3):
        any_server.publish(publication(roster(number, swapped=True), sha256=str(number)))
        answer = any_server.client.get(link, headers={"If-None-Match": first.headers["etag"]})
        assert answer.status_code == 200
        seen.append(events(answer.content))
    days = [{uid for uid, event in one.items() if "RRULE" not in event and "-" not in uid} for one in seen]
    assert days[0] == days[1] == days[2]
    changed = [uid for uid in days[0] if seen[0][uid]["SUMMARY"] != seen[2][uid]["SUMMARY"]]
    assert [[one[uid]["SEQUENCE"] for one in seen] for uid in changed] == [[0, 1, 2]]
    again = any_server.client.get(other, headers={"If-None-Match": untouched["etag"]})
    assert again.status_code == 304
    assert again.headers["last-modified"] == untouched["last-modified"]


def without(made: Roster, *gone: str) -> Roster:
    """The roster with some people no longer on the first office's list; what they counted goes with them."""
    first = made.results[0]
    kept = [n for n, person in enumerate(first.roster.people) if person not in gone]
    grid = replace(
        first.roster,
        people=tuple(first.roster.people[n] for n in kept),
        statuses=tuple(first.roster.statuses[n] for n in kept),
        roles={key: roles for key, roles in first.roster.roles.items() if key[0] not in gone},
    )
    unit = replace(first.unit, people=tuple(p for p in first.unit.people if p.id not in gone))
    counts = {key: count for key, count in made.sequences.items() if key[0] not in gone}
    results = (replace(first, unit=unit, roster=grid), made.results[1])
    return replace(made, results=results, sequences=counts)


def test_whoever_leaves_takes_no_count_along_from_the_feeds_of_unit_and_supervisor(
    any_server: Server,
) -> None:
    swapped = roster(2, swapped=True)
    revisions = (
        swapped,
        without(swapped, BUDI),
        without(swapped, BUDI, MAMUR, RAHMI),  # nobody is left who reports to the supervisor
        roster(1),
    )
    any_server.publish(publication(roster(1)))
    links = [any_server.link(KADIS, kind="supervisor"), any_server.link(UNIT)]
    given: dict[str, tuple[int, Any, list[Any]]] = {}
    counts: dict[str, list[int]] = {link: [] for link in links}
    for number, made in enumerate((None, *revisions), 1):
        if made is not None:
            any_server.publish(publication(made, number=number, sha256=str(number)))
        for link in links:
            found = events(any_server.client.get(link).content)
            counts[link].append(sum(int(event["SEQUENCE"]) for event in found.values()))
            for uid, event in found.items():
                count, stamp = int(event["SEQUENCE"]), event["DTSTAMP"].dt
                said = [event.get(name) for name in ("SUMMARY", "DESCRIPTION", "DTSTART")]
                if uid in given:
                    before, stamped, told = given[uid]
                    assert (count > before and stamp > stamped) if said != told else count == before
                given[uid] = (count, stamp, said)
    own = [sum(made.sequences.values()) for made in revisions]
    assert own == [2, 1, 0, 0]  # what the rosters count by themselves falls
    assert counts[links[0]][3] == 0  # the feed is there, without days
    assert counts[links[1]] == sorted(counts[links[1]])


def test_two_publications_in_one_second_have_different_dates(server: Server) -> None:
    server.publish(publication(roster(1)), publication(roster(2, swapped=True)))
    assert server.client.get(server.link(BUDI)).headers["last-modified"] == "Fri, 23 Jul 2021 00:26:41 GMT"


def test_several_periods_join_into_one_feed(any_server: Server) -> None:
    made = publication()
    any_server.publish(made)
    link = any_server.link(BUDI)
    alone = any_server.client.get(link)
    any_server.publish(moved(made, 15))
    joined = any_server.client.get(link, headers={"If-None-Match": alone.headers["etag"]})
    calendar = Calendar.from_ical(joined.content)
    assert len(events(joined.content)) == 2 * len(events(alone.content))
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert joined.text.count("BEGIN:VCALENDAR") == joined.text.count("END:VCALENDAR") == 1
    starts = [str(e["DTSTART"].dt)[:10] for e in calendar.walk("VEVENT")]
    assert starts == sorted(starts)


def test_a_day_of_two_periods_is_as_the_later_published_has_it(server: Server) -> None:
    made = publication()
    server.publish(made)
    server.publish(moved(made, 7), now=1_627_000_900)
    found = events(server.client.get(server.link(BUDI)).content)
    early = {str(e["DTSTART"].dt)[:10] for uid, e in found.items() if not uid.startswith("later-")}
    assert max(early) <= "2021-08-03"
    assert (
        min(str(e["DTSTART"].dt)[:10] for uid, e in found.items() if uid.startswith("later-")) >= "2021-08-04"
    )


def test_whoever_left_the_roster_keeps_a_feed_without_days(any_server: Server) -> None:
    made = publication()
    any_server.publish(made)
    link = any_server.link(BUDI)
    before = any_server.client.get(link)
    left = {s: c for s, c in made.calendars.items() if s.key != BUDI}
    days = tuple(day for day in made.days if day.person_id != BUDI)
    any_server.publish(replace(made, number=2, sha256="2", calendars=left, days=days), now=1_627_000_700)
    after = any_server.client.get(link, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert events(after.content) == {}
    assert after.headers["last-modified"] == "Fri, 23 Jul 2021 00:38:20 GMT"
    assert any_server.client.get(link, headers={"If-None-Match": after.headers["etag"]}).status_code == 304


def test_wrong_rotated_and_revoked_tokens_are_not_found_and_look_alike(any_server: Server) -> None:
    any_server.publish(publication())
    rotated = any_server.link(BUDI)
    present = any_server.link(BUDI, anew=True)
    revoked = any_server.link(MAMUR)
    any_server.revoke(MAMUR)
    checkin = any_server.link("NonASN-1522", "checkin").removeprefix("/checkin/")
    wrong = [
        rotated,
        revoked,
        "/feeds/people/wrong.ics",
        present.removesuffix(".ics"),
        present.replace("people", "units"),
        f"/feeds/people/{checkin}.ics",
        f"/checkin/{present.split('/')[-1].removesuffix('.ics')}",
        "/checkin/wrong",
        "/feeds/people/%00%ff.ics",
    ]
    for place in ("/feeds/", "/checkin/"):  # people read a page where programs read a line
        answers = [any_server.client.get(link) for link in wrong if link.startswith(place)]
        assert len(answers) > 1
        assert {(a.status_code, a.content, tuple(sorted(a.headers.items()))) for a in answers} == {
            (404, answers[0].content, tuple(sorted(answers[0].headers.items())))
        }
    assert any_server.client.get(present).status_code == 200


def test_head_tells_the_same_without_the_body(server: Server) -> None:
    server.publish(publication())
    link = server.link(BUDI)
    head, got = server.client.head(link), server.client.get(link)
    assert head.content == b""
    assert head.headers == got.headers


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [("gzip", True), ("gzip;q=0", False), ("br, GZIP;q=0.5", True), ("*", True), ("br", False), ("", False)],
)
def test_gzip_is_sent_to_whoever_takes_it(accepted: str, wanted: bool) -> None:
    assert takes_gzip(accepted) is wanted


def test_nothing_documents_the_api_to_strangers(server: Server) -> None:
    assert {server.client.get(p).status_code for p in ("/docs", "/redoc", "/openapi.json", "/")} == {404}
