"""What makes a check-in worth a second look. A flag never changes a verdict and is never held against anyone.

Flags travel as bits of one integer while evidence streams by, and become words in the reports.
"""

from __future__ import annotations

from scheduler.language import Bilingual

FLAGS = {
    "accuracy_missing": Bilingual(
        id="sumbernya mencatat ketelitian, tetapi di sini kosong",
        en="the source gives accuracies, but not here",
    ),
    "accuracy_poor": Bilingual(
        id="ketelitian lebih buruk daripada batas", en="accuracy worse than the limit"
    ),
    "ambiguous_hour": Bilingual(
        id="jam yang terjadi dua kali atau tidak ada karena waktu musim panas",
        en="an hour that happens twice, or never, when clocks change",
    ),
    "clock_jump": Bilingual(
        id="waktunya melompat terhadap baris sekitarnya", en="its time jumps against the lines around it"
    ),
    "clocks_differ": Bilingual(
        id="jam ponsel dan jam peladen berbeda lebih dari 5 menit",
        en="the phone's clock and the server's differ by more than 5 minutes",
    ),
    "fast_travel": Bilingual(
        id="kecepatan tersirat melebihi batas", en="the implied speed is above the limit"
    ),
    "forwarded": Bilingual(id="pesan terusan", en="a forwarded message"),
    "looks_forged": Bilingual(
        id="baris mirip kepala pesan di dalam pesan lain",
        en="a line like a message's head inside another message",
    ),
    "no_target": Bilingual(id="kegiatan tanpa target", en="an activity without a target"),
    "outside_region": Bilingual(id="di luar wilayah", en="outside the region"),
    "same_place_other_day": Bilingual(
        id="koordinat persis sama pada hari lain", en="exactly the same coordinates on another day"
    ),
    "same_place_other_person": Bilingual(
        id="koordinat persis sama dengan orang lain", en="exactly the same coordinates as another person"
    ),
    "sent_later": Bilingual(
        id="tersimpan di ponsel lebih dari 5 menit sebelum terkirim",
        en="held back on the phone for more than 5 minutes before it was sent",
    ),
    "short_live_period": Bilingual(
        id="lokasi langsung dibagikan lebih singkat daripada yang diminta",
        en="live location shared for less than asked",
    ),
    "track_gap": Bilingual(id="jejak terputus", en="the track has a gap"),
    "typed_link": Bilingual(id="tautan peta diketik sendiri", en="a map link typed by hand"),
}
"""Every flag with what it means."""

BIT = {code: 1 << position for position, code in enumerate(FLAGS)}


def codes(bits: int) -> tuple[str, ...]:
    """Return the flags of an integer, alphabetical.

    Examples
    --------
    >>> codes(BIT["forwarded"] | BIT["accuracy_poor"])
    ('accuracy_poor', 'forwarded')
    """
    return tuple(code for code, bit in BIT.items() if bits & bit) if bits else ()
