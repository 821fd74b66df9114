from dataclasses import replace
from datetime import date

from scheduler.problem import Signature
from scheduler.write.signatory import (
    DOTS,
    group_nip,
    head_of,
    name_lines,
    place_and_day,
    signatory,
    title_lines,
)
from tests.samples import horizon, person, sample_roster

UNIT = sample_roster().results[0].unit


def unit(*people):
    return replace(UNIT, people=people, horizon=horizon())


def test_the_head_is_the_highest_echelon_and_the_first_of_them_in_the_list():
    people = (
        person(2, "Kabid", "U", echelon="III.b"),
        person(3, "Sekretaris", "U", echelon="III.a"),
        person(4, "Sekretaris Dua", "U", echelon="III.a"),
    )
    assert head_of(unit(*people)) is people[1]


def test_where_the_list_has_no_echelons_the_structural_ranks_tell():
    people = (
        person(1, "Staf", "U"),
        person(2, "Kasubag", "U", rank="pengawas"),
        person(3, "Camat", "U", rank="administrator"),
    )
    assert head_of(unit(*people)) is people[2]


def test_who_is_there_when_the_period_begins_goes_before_who_joins_later():
    later = person(1, "Baru", "U", echelon="II.b", joins=date(2021, 8, 4))
    now = person(2, "Sekretaris", "U", echelon="III.a")
    assert head_of(unit(later, now)) is now
    assert head_of(unit(later)) is later


def test_a_unit_without_echelons_has_dotted_lines_to_fill_in():
    signature = signatory(unit(person(1, "Staf", "U")), Signature(place="Masamba"))
    assert signature == Signature(place="Masamba")
    assert title_lines(signature) == (DOTS,)
    assert name_lines(signature)[1] == "NIP. " + DOTS


def test_by_default_the_head_signs_with_title_name_grade_and_nip():
    signature = signatory(UNIT, Signature(place="Masamba"))
    assert title_lines(signature) == ("Kepala Dinas,",)
    assert name_lines(signature) == ("Dr. Hj. Siti Aminah, S.Sos., M.Si", "Pembina Utama Muda (IV/c)", "NIP. 19800101 200501 1 001")  # fmt: skip


def test_an_acting_head_signs_as_such_even_under_the_policys_title():
    acting = person(1, "Budi", "U", echelon="III.a", position="Plt Kepala Badan")
    assert title_lines(signatory(unit(acting), Signature())) == ("Plt. Kepala Badan,",)
    titled = signatory(unit(acting), Signature(title="Kepala BKPSDM"))
    assert title_lines(titled) == ("Plt. Kepala BKPSDM,",)


def test_the_policy_goes_before_the_head_field_by_field():
    given = Signature(place="Masamba", title="Bupati Paser\nWakil Bupati", prefix="a.n.")
    assert title_lines(signatory(UNIT, given)) == ("a.n. Bupati Paser", "Wakil Bupati,")


def test_another_name_never_bears_the_heads_grade_or_nip():
    signature = signatory(UNIT, Signature(name="Kaharuddin", title="Wakil Bupati"))
    assert (signature.grade, signature.nip) == ("", "")
    assert name_lines(signature) == ("Kaharuddin",)


def test_a_name_from_the_unit_brings_its_own_nip():
    signature = signatory(UNIT, Signature(name="budi santoso"))
    assert signature.nip == UNIT.people[1].nip
    assert signature.title == "Analis Data"
    assert signatory(UNIT, Signature(nip=UNIT.people[1].nip)).name == "Budi Santoso, S.Kom"


def test_place_and_day_have_dots_for_what_is_not_known():
    first = date(2021, 7, 28)
    assert (
        place_and_day(Signature(place="Masamba", day=date(2021, 7, 27)), first, "id")
        == "Masamba, 27 Juli 2021"
    )
    assert place_and_day(Signature(place="Masamba"), first, "id") == f"Masamba, {'.' * 18} 2021"
    assert place_and_day(Signature(), first, "en").startswith(DOTS)


def test_a_nip_is_grouped_only_where_it_has_18_digits():
    assert group_nip("196304151986121952") == "19630415 198612 1 952"
    assert group_nip("12345") == "12345"
