from __future__ import annotations

import hashlib
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import InputError
from scheduler.write.calendar.names import (
    checkpoint_suffix,
    opaque_name,
    person_file,
    person_uid,
    unit_file,
    unit_uid,
)

NIP = "198001012005011002"
DAY = date(2021, 7, 28)


def test_names_are_160_bits_of_hmac_sha256_and_stay_what_they_are() -> None:
    # From printf '10:person day18:19800101200501100210:2021-07-28' | openssl dgst -sha256 -hmac key, and so on.
    assert person_uid(b"key", NIP, DAY) == "6a13e6efb701e514a403e2c9f80c4fe70fae91d7"
    assert person_file(b"key", NIP) == "4eb8c425a155d5a85a66112459f460234ff060dd.ics"
    assert unit_uid(b"key", "Dinas", DAY) == "6133bbc321b75a4ad722e2b306f9beaf4c0d60f4"
    assert unit_file(b"key", "Dinas") == "8778ac48c8c3f79aa4e6fe2d090f255390525cbf.ics"


def test_without_the_key_a_name_is_neither_the_nip_nor_a_plain_hash_of_it() -> None:
    for name in (person_file(b"key", NIP), person_uid(b"key", NIP, DAY)):
        assert NIP not in name
        for hashed in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            assert not name.startswith(hashed(NIP.encode()).hexdigest()[:16])
        assert set(name.removesuffix(".ics")) <= set("0123456789abcdef")


def test_another_key_gives_other_names() -> None:
    assert person_uid(b"key", NIP, DAY) != person_uid(b"yek", NIP, DAY)


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(InputError, match="1 fault"):
        opaque_name(b"", NIP)


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec=None)), max_size=4), st.lists(st.text(), max_size=4))
def test_different_parts_have_different_names_however_they_are_cut(one: list[str], other: list[str]) -> None:
    assert (opaque_name(b"key", *one) == opaque_name(b"key", *other)) is (one == other)


def test_a_file_name_tells_nothing_of_the_uids_inside() -> None:
    names = {person_file(b"key", "A")[:40], unit_file(b"key", "A")[:40]}
    names |= {person_uid(b"key", "A", DAY), unit_uid(b"key", "A", DAY)}
    assert len(names) == 4


def test_the_suffix_of_a_reminder_tells_checkpoints_apart_to_the_second() -> None:
    assert [checkpoint_suffix(t) for t in (time(8), time(8, 0, 30), time(0))] == ["-0800", "-080030", "-0000"]
