"""Rules that the staff list gives nobody to hold for, and the words that may have been meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from scheduler.allowed import did_you_mean
from scheduler.constraints.base import Rule
from scheduler.constraints.selection import Selection, matches, tags_of
from scheduler.errors import Fault
from scheduler.language import Bilingual
from scheduler.problem import RANKS, Person
from scheduler.read.policy import PolicyFile

_FACTS: Mapping[str, Callable[[Person], Iterable[str]]] = {
    "unit": lambda p: (p.unit,),
    "sub_unit": lambda p: (p.sub_unit,),
    "unit_class": lambda p: (p.unit_class,),
    "rank": lambda p: (p.rank,),
    "echelon": lambda p: (p.echelon.partition(".")[0], p.echelon),
    "position": lambda p: (p.position,),
    "employment": lambda p: (p.employment,),
    "service_post": lambda p: p.service_posts,
    "tag": tags_of,
    "person": lambda p: (p.name,),
}
"""What the list knows of a person by each key of `for`."""


def for_nobody(file: PolicyFile, people: Sequence[Person]) -> Iterator[Fault]:
    """Yield a warning for each rule of the file that is for nobody, and a fault where a flag asks it."""
    for rule in file.policy.rules:
        where = (*file.places[rule.label], "for")
        if any(rule.for_.takes(person) for person in people):
            if rule.key == "service_post" and (flag := file.source.flag_of(where[:-1])):
                yield from _no_officers(rule, people, flag)
            continue
        chosen = rule.for_.model_dump(by_alias=True, exclude_defaults=True)
        known, near = _nearest(chosen, people)
        is_flag = bool(file.source.flag_of(where))
        yield file.source.fault(
            where,
            Bilingual(id="aturan ini tidak mengenai siapa pun", en="this rule is for nobody"),
            value="" if is_flag else ", ".join(f"{key} = {_words(value)}" for key, value in chosen.items()),
            allowed=Bilingual(id=known, en=known) if known else None,
            remedy=near
            or Bilingual(
                id="Bandingkan dengan `giliran staff`, yang menampilkan unit, jenjang dan jabatan.",
                en="Compare with `giliran staff`, which shows units, ranks and posts.",
            ),
            warning=not is_flag,
        )


def unknown_ranks(file: PolicyFile) -> Iterator[Fault]:
    """Yield a fault for each rank that there is not: a slip in one word of a list would go unseen otherwise."""
    for rule in file.policy.rules:
        for word in _ranks_of(rule.for_):
            if not any(matches(rank, (word,)) for rank in RANKS):
                known = ", ".join(RANKS)
                yield file.source.fault(
                    (*file.places[rule.label], "for"),
                    Bilingual(id="jenjang ini tidak ada", en="there is no such rank"),
                    value=word,
                    allowed=Bilingual(id=known, en=known),
                    remedy=did_you_mean(word, RANKS),
                )


def _ranks_of(selection: Selection) -> Iterator[str]:
    yield from selection.rank
    for part in (selection.below, selection.not_, *selection.any_):
        if part is not None:
            yield from _ranks_of(part)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _nearest(chosen: Mapping[str, object], people: Sequence[Person]) -> tuple[str, Bilingual | None]:
    """Return what the list has for the first key that is asked, and the word nearest to what is asked."""
    for key, value in chosen.items():
        if key in _FACTS and isinstance(value, (list, tuple)) and value:
            known = list(dict.fromkeys(word for person in people for word in _FACTS[key](person) if word))
            if not any(_FACTS[key](person) and str(value[0]) in _FACTS[key](person) for person in people):
                shown = ", ".join(known[:12]) + (f" (+{len(known) - 12})" if len(known) > 12 else "")
                return shown, _near_pattern(str(value[0]), known)
    return "", None


def _near_pattern(pattern: str, known: Sequence[str]) -> Bilingual | None:
    """Return the question for the nearest word; a pattern is compared with as much of each as it spells out."""
    begins = pattern.partition("*")[0].strip()
    if "*" not in pattern or not begins:
        return did_you_mean(pattern.strip("* "), known, 0.4)
    heads = {name[: len(begins)]: name for name in reversed(known)}
    near = did_you_mean(begins, list(heads), 0.6)
    if near is None:
        return did_you_mean(begins, known, 0.4)
    head = next(head for head in heads if f"“{head}”" in near.en)
    return Bilingual(*(text.replace(f"“{head}”", f"“{heads[head]}”") for text in near))


def _no_officers(rule: Rule, people: Sequence[Person], flag: str) -> Iterator[Fault]:
    """Yield a fault where --service-post names a post that nobody of the list has."""
    posts = list(dict.fromkeys(post for person in people for post in person.service_posts))
    roles = {name.casefold() for name in posts}
    if rule.for_.is_everybody and rule.name.casefold() not in roles and "*" not in rule.name:
        listed = ", ".join(posts)
        yield Fault(
            field=flag,
            problem=Bilingual(
                id="tidak ada petugas pos ini di daftar pegawai",
                en="the staff list has no officer of this post",
            ),
            allowed=Bilingual(id=listed, en=listed) if listed else None,
            remedy=did_you_mean(rule.name, posts, 0.4),
        )
