"""The page: complete, safe, self-contained, and in the language asked for."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from scheduler.language import Bilingual
from scheduler.problem import Reading
from scheduler.roster import BalanceSheet
from scheduler.write.html import make_page, write_page
from tests.samples import sample_roster
from tests.write.made_rosters import made_roster, made_unit

ROSTER = sample_roster()
PAGE = make_page(ROSTER, "id")
VOID = {"meta", "input", "br", "line", "rect", "link", "img"}


class Reader(HTMLParser):
    """Collects tags, attributes and texts, and checks that every tag is closed in turn."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)


def test_every_tag_is_closed_in_turn():
    assert Reader(PAGE).open == []


def test_the_page_says_its_language():
    assert '<html lang="id">' in PAGE
    assert '<html lang="en">' in make_page(ROSTER, "en")
    assert "Summary" in make_page(ROSTER, "en")
    assert "Ringkasan" in PAGE


def test_nothing_is_loaded_from_outside():
    for tag, attributes in Reader(PAGE).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed")
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith("#")
    assert not re.search(r"url\(|@import|https?://|fetch\(|XMLHttpRequest", PAGE)


def test_every_unit_person_and_status_stands_on_the_page():
    reader = Reader(PAGE)
    words = "\n".join(reader.texts)
    for result in ROSTER.results:
        assert result.unit.name in words
        for person in result.unit.people:
            assert person.display_name in words
    cells = [a["class"] for tag, a in reader.tags if tag == "td" and (a.get("class") or "").startswith("s-")]
    wanted = [
        f"s-{s}" for r in ROSTER.results for row in r.roster.statuses for s in row if s not in ("", "off")
    ]
    assert sorted(c.split()[0] for c in cells) == sorted(wanted)


def test_the_page_bears_neither_nip_nor_telephone_nor_place():
    for person in ROSTER.results[0].unit.people:
        if person.nip:
            assert person.nip not in PAGE
    assert "6281234567890" not in PAGE
    assert "120.32" not in PAGE


def test_the_page_does_not_tell_who_is_ill():
    page = make_page(made_roster([made_unit("Dinas", 60, date(2021, 7, 28), 30)]), "id")
    for word in ("Sakit", "Isolasi", "Dirawat", "Izin"):
        assert f">{word}<" not in page
    assert '<td class="s-permit">Tidak masuk</td>' in page
    assert '<td class="s-leave">Cuti</td>' in page


def test_totals_stand_against_targets_and_roles_name_their_holders():
    assert "<td>1<span class=target>/1</span></td>" in PAGE
    assert 'title="Loket Berkas"' in PAGE
    assert 'title="3. Ma&#x27;mur Andi"' in PAGE


def test_a_missed_target_is_marked_and_says_why():
    page = make_page(made_roster([made_unit("Dinas", 24, date(2021, 7, 28), 9)]), "id")
    assert (
        '<td class="miss" title="cuti mengurangi yang dapat WFH">10<span class=target>/11</span></td>' in page
    )


def test_balances_are_drawn_as_bars_with_signs_and_decimal_commas():
    assert '<svg class="fair" role="img"' in PAGE
    assert "−5,0" in PAGE
    assert "−5.0" in make_page(ROSTER, "en")


def test_balances_of_roles_are_drawn_too():
    result = ROSTER.results[0]
    ids = [person.id for person in result.unit.people[1:3]]
    sheet = BalanceSheet(name="monitor", kind="role", taken={}, due={}, balance=dict(zip(ids, (500, -500), strict=True)), monday_friday={})  # fmt: skip
    audit = replace(result.audit, balances=(*result.audit.balances, sheet))
    page = make_page(replace(ROSTER, results=(replace(result, audit=audit),)), "id")
    assert "Pemantau: selisih 1,0" in page


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '" onmouseover="x', "'><img src=x>", "a\x00\x1b&amp;"]
)
def test_whatever_comes_in_is_escaped(evil):
    result = ROSTER.results[0]
    person = replace(result.unit.people[1], printed_name=evil, position=evil)
    unit = replace(result.unit, name=evil, people=(result.unit.people[0], person, *result.unit.people[2:]))
    roster = replace(result.roster, roles={(person.id, result.roster.days[0]): (evil,)})
    audit = replace(result.audit, notes=(Bilingual(id=evil, en=evil),))
    reading = Reading(key=evil, text=Bilingual(id=evil, en=evil))
    policy = replace(ROSTER.problem.policy, title=evil, readings=(reading,), letter=replace(ROSTER.problem.policy.letter, number=evil))  # fmt: skip
    problem = replace(ROSTER.problem, policy=policy)
    whole = replace(ROSTER, problem=problem, results=(replace(result, unit=unit, roster=roster, audit=audit),), flags={evil: evil})  # fmt: skip
    reader = Reader(make_page(whole, "id"))
    assert reader.open == []
    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert not [a for tag, a in reader.tags if "onmouseover" in a or tag == "img"]
    assert not re.search("[\x00-\x08\x0b-\x1f]", make_page(whole, "id"))


def test_a_unit_without_quota_has_no_picture_and_a_new_revision_says_what_it_replaces():
    audit = replace(ROSTER.results[0].audit, quotas=(), balances=(), notes=())
    page = make_page(replace(sample_roster(2), results=(replace(ROSTER.results[0], audit=audit),)), "en")
    assert "<svg" not in page
    assert "Revision 2 (replaces revision 1)" in page


def test_a_status_off_on_a_working_day_is_shown():
    result = ROSTER.results[0]
    rows = (("off", *result.roster.statuses[0][1:]), *result.roster.statuses[1:])
    page = make_page(
        replace(ROSTER, results=(replace(result, roster=replace(result.roster, statuses=rows)),)), "id"
    )
    assert '<td class="s-off">Libur</td>' in page


def test_a_quota_without_members_has_no_line():
    assert "terisi/target" not in make_page(made_roster([made_unit("Pustu", 1, date(2021, 7, 28), 9)]), "id")


def test_a_month_of_one_day_does_not_make_its_column_wide():
    page = make_page(made_roster([made_unit("Dinas", 3, date(2026, 11, 30), 12)]), "id")
    assert (
        '<th colspan="1" scope="colgroup">Nov</th><th colspan="11" scope="colgroup">Desember 2026</th>'
        in page
    )


def test_large_units_fold_their_picture_away():
    page = make_page(made_roster([made_unit("Dinas", 60, date(2021, 7, 28), 9)]), "id")
    assert "<details><summary>" in page
    assert "<details open><summary>" in PAGE


def test_an_empty_roster_still_makes_a_page():
    page = make_page(replace(ROSTER, results=()), "id")
    assert Reader(page).open == []


def test_the_page_works_on_a_phone_and_on_paper():
    assert '<meta name="viewport" content="width=device-width,initial-scale=1">' in PAGE
    assert "position:sticky;left:0" in PAGE
    assert "@media print" in PAGE


def test_long_periods_are_printed_in_smaller_letters():
    assert '<table class="board">' in PAGE
    assert '<table class="board long">' in make_page(
        made_roster([made_unit("Dinas", 3, date(2021, 7, 12), 31)]), "id"
    )


def test_the_page_is_written_in_utf8_at_the_path_given(tmp_path):
    write_page(ROSTER, tmp_path / "roster.html", "id")
    assert (tmp_path / "roster.html").read_bytes().decode("utf-8") == PAGE
