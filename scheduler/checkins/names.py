"""Marks by which senders are recognised, and near matches of names that are suggested and never taken."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches

from scheduler.problem import Person

NIP = re.compile(r"(?<!\d)(\d{18})(?!\d)")
_SPACED_NIP = re.compile(r"(?<!\d)(\d{8}) (\d{6}) (\d) (\d{3})(?!\d)")
_PHONE = re.compile(r"\+?[\d\s().\-]{8,25}\Z")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TITLES = frozenset(
    ["dr", "drs", "dra", "ir", "hj", "se", "sh", "st", "sip", "skm", "sos", "kom", "spd", "msi", "map", "mpd", "mkes", "mm", "prof", "pak", "bu", "bapak", "ibu", "kasubag", "kabid", "kadis", "plt", "plh"]
)  # fmt: skip
MOST_SUGGESTED = 3
FUZZY_SENDERS = 500
"""Senders whose misspelt names are looked for among all; after that only whole words are compared."""
MOST_CANDIDATES = 60
"""People with a word in common who are compared with one sender."""


def plain_sender(text: str) -> str:
    """Return a sender as comparisons see it: one form of each character, lower case, single spaces, no tilde."""
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\u2010", "-")
    return " ".join(folded.casefold().lstrip("~ ").split())


def phone_digits(text: str) -> str:
    """Return a phone number with its country code and no plus sign; empty where it is none.

    Examples
    --------
    >>> phone_digits("+62 812‑3456‑7890"), phone_digits("0812 3456 7890"), phone_digits("Budi")
    ('6281234567890', '6281234567890', '')
    """
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace("\u2010", "-").strip()
    if not _PHONE.match(plain):
        return ""
    digits = re.sub(r"\D", "", plain)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = "62" + digits[1:]
    elif digits.startswith("8") and not plain.startswith("+") and 9 <= len(digits) <= 12:
        digits = "62" + digits  # a spreadsheet took the leading zero away
    return digits if 9 <= len(digits) <= 15 else ""


def marks_of_text(text: str) -> tuple[str, ...]:
    """Return the marks that a sender's text itself bears: a phone number, a NIP, a person's id."""
    plain = plain_sender(text)
    nips = [*NIP.findall(plain), *("".join(parts) for parts in _SPACED_NIP.findall(plain))]
    found = [f"nip:{nip}" for nip in nips]
    if not found and (digits := phone_digits(text)):
        found.append(f"phone:{digits}")
    return (*found, f"id:{plain}")


def telegram_mark(text: str) -> str:
    """Return one form of a Telegram id or user name: "telegram:123" or "telegram:@name"."""
    plain = text.strip().casefold().removeprefix("https://").removeprefix("t.me/")
    bare = plain.removeprefix("user")
    return f"telegram:{bare}" if bare.isdigit() else f"telegram:@{plain.lstrip('@')}"


class NearNames:
    """Finds people whose name, number or NIP is near that of a sender."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._names = [_words(p.name) for p in people]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_tail: dict[str, list[int]] = defaultdict(list)
        self._by_nip: dict[str, list[int]] = defaultdict(list)
        self._fuzzy_left = FUZZY_SENDERS
        for index, (person, words) in enumerate(zip(people, self._names, strict=True)):
            for word in words:
                self._by_word[word].append(index)
            if person.phone:
                self._by_tail[person.phone[-7:]].append(index)
            if person.nip:
                self._by_nip[person.nip[:15]].append(index)

    def near(self, sender: str, ids: Sequence[str] = ()) -> tuple[int, ...]:
        """Return the indices of at most three people, nearest first."""
        found: dict[int, float] = {}
        for mark in (*ids, *marks_of_text(sender)):
            kind, _, value = mark.partition(":")
            digits = re.sub(r"\D", "", value)
            if kind == "phone" and len(digits) >= 7:
                found.update(dict.fromkeys(self._by_tail.get(digits[-7:], [])[:MOST_SUGGESTED], 1.0))
            elif len(digits) >= 15:
                found.update(dict.fromkeys(self._by_nip.get(digits[:15], [])[:MOST_SUGGESTED], 1.0))
        words = _words(sender)
        for index in self._candidates(words):
            likeness = _likeness(words, self._names[index], is_exact=self._fuzzy_left <= 0)
            found[index] = max(found.get(index, 0.0), likeness)
        best = sorted((-score, index) for index, score in found.items() if score >= 0.6)
        return tuple(index for _, index in best[:MOST_SUGGESTED])

    def _candidates(self, words: Sequence[str]) -> list[int]:
        """Return people with words in common, most of them first; for the first senders also near words."""
        shared = Counter(index for word in set(words) for index in self._by_word.get(word, ()))
        if not words or self._fuzzy_left <= 0:
            return [index for index, _ in shared.most_common(MOST_CANDIDATES)]
        self._fuzzy_left -= 1
        if not shared:
            near = (n for word in words[:4] for n in get_close_matches(word, self._by_word, n=3, cutoff=0.8))
            shared = Counter(index for word in near for index in self._by_word[word])
        return [index for index, _ in shared.most_common(MOST_CANDIDATES)]


def _words(name: str) -> tuple[str, ...]:
    letters = unicodedata.normalize("NFKD", plain_sender(name.partition(",")[0]))
    return tuple(w for w in re.findall(r"[^\W\d_]{2,}", letters.replace("'", "")) if w not in _TITLES)[:8]


def _likeness(words: Sequence[str], name: Sequence[str], *, is_exact: bool) -> float:
    """Return 0 to 1: the shorter name's words found in the longer one; spelling errors forgiven unless `is_exact`."""
    if not words or not name:
        return 0.0
    fewer, more = (words, name) if len(words) <= len(name) else (name, words)
    total = 0.0
    for word in fewer:
        if word in more:
            total += 1.0
        elif not is_exact:
            total += max(SequenceMatcher(None, word, other).ratio() for other in more)
    covered = total / len(fewer)
    return covered * (0.8 + 0.2 * len(fewer) / len(more))
