"""Leaders by their place: the highest levels present, one level below, a list beside the echelon, by name."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from scheduler.constraints.leaders import guessed_supervisors, mark_people, selections_of
from scheduler.constraints.selection import Selection, tags_of
from scheduler.problem import Person
from tests.constraints.problems import make_rule


def _person(id_: str, position: str, echelon: str = "", unit: str = "Dinas", **fields: object) -> Person:
    return Person(id=id_, name=id_, unit=unit, position=position, echelon=echelon, **fields)  # type: ignore[arg-type]


DINAS = (
    _person("kadis", "Kepala Dinas", "II.b"),
    _person("sekretaris", "Sekretaris", "III.a", supervisor="kadis"),
    _person("kabid", "Kepala Bidang Data", "III.b", supervisor="kadis"),
    _person("kasubag", "Kepala Sub Bagian Umum", "IV.a", supervisor="sekretaris"),
    _person("kauptd", "Kepala UPTD", "IV.a", supervisor="kadis"),
    _person("analis", "Analis", supervisor="kadis"),
    _person("ajudan", "Ajudan", supervisor="kabid"),
)
BAGIAN = (
    _person("kabag", "Kepala Bagian", "III.a", "Bagian Umum"),
    _person("kasub", "Kepala Sub Bagian", "IV.a", "Bagian Umum", supervisor="kabag"),
    _person("staf", "Pengelola", "", "Bagian Umum", supervisor="kasub"),
)
EVERYBODY = (*DINAS, *BAGIAN)


def _taken(people: tuple[Person, ...] = EVERYBODY, **for_: object) -> set[str]:
    rule = make_rule("always_office", **{"for": for_})
    return {person.id for person in mark_people(people, [rule]) if rule.for_.takes(person)}


def test_the_two_highest_levels_present_differ_from_echelons_two_and_three_in_a_bagian() -> None:
    assert _taken(echelon=["II", "III"]) == {"kadis", "sekretaris", "kabid", "kabag"}
    assert _taken(highest_levels=2) == {"kadis", "sekretaris", "kabid", "kabag", "kasub"}


def test_levels_come_from_the_rank_where_the_list_has_no_echelon() -> None:
    people = (_person("a", "Camat", rank="administrator"), _person("b", "Kasi", rank="pengawas"), _person("c", "Staf", rank="pelaksana"))  # fmt: skip
    assert _taken(people, highest_levels=1) == {"a"}
    assert _taken(people, highest_levels=5) == {"a", "b"}


def test_one_level_below_goes_down_the_supervisor_tree_to_structural_posts_only() -> None:
    assert _taken(below={"position": "Kepala Dinas"}) == {"sekretaris", "kabid", "kauptd"}


def test_one_level_below_by_echelon_leaves_out_whom_the_tree_takes_in() -> None:
    assert _taken(below={"position": "Kepala Dinas"}, below_by="echelon") == {"sekretaris", "kabid"}


def test_a_supervisor_may_be_in_another_unit() -> None:
    people = (_person("camat", "Camat", "III.a", "Kantor Camat"), _person("lurah", "Lurah", "IV.a", "Kelurahan", supervisor="camat"))  # fmt: skip
    assert _taken(people, below={"position": "Camat"}) == {"lurah"}


def test_a_supervisor_without_a_structural_post_is_passed_over() -> None:
    people = (
        _person("kadis", "Kepala Dinas", "II.b"),
        _person("koordinator", "Analis Ahli Madya", supervisor="kadis"),
        _person("kasi", "Kepala Seksi", "IV.a", supervisor="koordinator"),
    )
    assert _taken(people, below={"position": "Kepala Dinas"}) == {"kasi"}


def test_where_the_list_names_no_supervisor_the_next_level_of_the_unit_counts_and_a_note_says_so() -> None:
    people = tuple(_person(p.id, p.position, p.echelon, p.unit) for p in DINAS)
    rule = make_rule("always_office", **{"for": {"below": {"position": "Kepala Dinas"}}})
    assert _taken(people, below={"position": "Kepala Dinas"}) == {"sekretaris", "kabid"}
    (note,) = guessed_supervisors(people, [rule])
    assert "sekretaris" in note.en and "kadis" not in note.en
    assert guessed_supervisors(DINAS, [rule]) == ()
    assert guessed_supervisors(people, [make_rule("always_office")]) == ()


def test_supervisors_in_a_circle_end() -> None:
    people = (_person("a", "Analis", supervisor="b"), _person("b", "Analis", supervisor="a"), _person("c", "Kasi", "IV.a", supervisor="a"))  # fmt: skip
    assert _taken(people, below={"person": "a"}) == set()


def test_a_list_overrides_the_echelon_and_the_head_designates_by_name() -> None:
    any_ = [{"echelon": ["II"]}, {"position": ["Kepala UPTD"]}, {"person": "staf"}]
    assert _taken(any=any_) == {"kadis", "kauptd", "staf"}
    assert _taken(**{"not": {"any": any_}}) == {
        "sekretaris",
        "kabid",
        "kasubag",
        "analis",
        "ajudan",
        "kabag",
        "kasub",
    }  # type: ignore[arg-type]


def test_two_levels_below_is_below_of_below() -> None:
    assert _taken(below={"below": {"position": "Kepala Dinas"}}) == {"kasubag"}


def test_marking_twice_is_marking_once_and_marks_are_no_tags_of_the_list() -> None:
    rules = [make_rule("always_office", **{"for": {"below": {"highest_levels": 1}}})]
    people = (_person("kadis", "Kepala Dinas", "II.b", tags=("ruang 1",)), *DINAS[1:])
    once = mark_people(people, rules)
    assert mark_people(once, rules) == once
    assert tags_of(once[0]) == ("ruang 1",)
    assert not Selection.model_validate({"tag": "*"}).takes(once[1])
    assert mark_people(once, []) == mark_people(people, [])


def test_selections_are_found_in_every_setting() -> None:
    rule = make_rule("always_home", **{"for": {"not": {"any": [{"below": {"rank": "jpt"}}]}}})
    assert sum(s.below is not None for s in selections_of(rule)) == 1


@pytest.mark.parametrize(
    "for_", [{"highest_levels": 0}, {"below_by": "grade"}, {"any": [{"echelons": "II"}]}]
)
def test_faulty_selections_are_refused(for_: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_rule("always_office", **{"for": for_})
