"""What a check-in is judged to be: verdicts, grades and reasons (CONTRACT, "checkins output")."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from scheduler.language import Bilingual, Language

ON_TIME, LATE, EARLY, MISSING = "on_time", "late", "early", "missing"
EXCUSED, OUT_OF_AREA, UNPROVABLE, NOT_REQUIRED = "excused", "out_of_area", "unprovable", "not_required"

VERDICTS = {
    ON_TIME: Bilingual(id="tepat waktu", en="on time"),
    LATE: Bilingual(id="terlambat", en="late"),
    EARLY: Bilingual(id="terlalu awal", en="early"),
    MISSING: Bilingual(id="tidak ada", en="missing"),
    EXCUSED: Bilingual(id="beralasan", en="excused"),
    OUT_OF_AREA: Bilingual(id="di luar wilayah", en="out of area"),
    UNPROVABLE: Bilingual(id="tidak dapat dibuktikan", en="unprovable"),
    NOT_REQUIRED: Bilingual(id="tidak diwajibkan", en="not required"),
}
"""Every verdict with the words for it; `early` also stands for a departure or a track that ended too early."""

MEANINGS = {
    "on_time": Bilingual(id="terlihat dalam jendela waktu", en="seen within the window"),
    "late": Bilingual(id="terlihat setelah jendela waktu", en="seen after the window"),
    "early": Bilingual(
        id="terlihat sebelum jendela waktu, atau berhenti terlalu cepat",
        en="seen before the window, or stopped too soon",
    ),
    "missing": Bilingual(
        id="berkas menjangkau kantor dan hari itu, tetapi tidak memuat apa pun",
        en="the files reach that office and day, and hold nothing",
    ),
    "excused": Bilingual(
        id="cuti, sakit, izin, dinas luar, dipanggil, bertukar",
        en="leave, sickness, permit, travel, recall, swap",
    ),
    "out_of_area": Bilingual(
        id="terbukti di luar radius rumah atau wilayah", en="provably outside the home radius or the region"
    ),
    "unprovable": Bilingual(
        id="tidak dapat diputuskan dari berkas yang ada", en="cannot be decided from the files at hand"
    ),
    "not_required": Bilingual(id="tidak diminta pada hari itu", en="not asked for that day"),
}
"""What each verdict means, for the legend."""

AGAINST = frozenset({LATE, EARLY, MISSING, OUT_OF_AREA})
"""Verdicts against someone: what `checkins --strict` answers with exit code 5."""

SHOWN = frozenset({ON_TIME, LATE, EARLY, OUT_OF_AREA})
"""Verdicts that rest on something the person sent that day."""

GRADES = {
    "track": Bilingual(id="jejak bot", en="bot track"),
    "export": Bilingual(id="ekspor Telegram", en="Telegram export"),
    "app": Bilingual(id="aplikasi presensi", en="attendance app"),
    "self_declared": Bilingual(id="pengakuan sendiri", en="self-declared"),
    "none": Bilingual(id="tanpa bukti", en="no evidence"),
}
"""How much the evidence is worth, best first."""

GRADE_ORDER = {grade: position for position, grade in enumerate(GRADES)}

REASONS = {
    "leave": Bilingual(id="cuti", en="leave"),
    "travel": Bilingual(id="dinas luar", en="official travel"),
    "sick": Bilingual(id="sakit", en="sick"),
    "isolation": Bilingual(id="isolasi mandiri", en="self-isolation"),
    "hospital": Bilingual(id="dirawat", en="in hospital"),
    "permit": Bilingual(id="izin", en="permit"),
    "study": Bilingual(id="tugas belajar", en="study"),
    "recall": Bilingual(id="dipanggil ke kantor", en="recalled to the office"),
    "swap": Bilingual(id="bertukar giliran", en="turn swapped"),
    "office": Bilingual(id="bekerja di kantor", en="at the office"),
    "home": Bilingual(id="bekerja dari rumah", en="working from home"),
    "no_calls": Bilingual(id="tidak ada panggilan hari itu", en="nobody called that day"),
    "live_location": Bilingual(
        id="lokasi terkini: berkas tidak memuat jejaknya", en="live location: the file holds no track of it"
    ),
    "withheld": Bilingual(
        id="pesannya dihapus atau tidak sampai ke ponsel pengekspor; isinya tidak diketahui",
        en="a message was deleted or never reached the exporter's phone; nobody knows what it held",
    ),
    "length": Bilingual(
        id="lama berbagi tidak terbukti: hanya posisi terakhir yang tersimpan",
        en="the length cannot be proven: only the last position survives",
    ),
    "place": Bilingual(id="tempatnya tidak ada di berkas", en="the place is not in the file"),
    "accuracy": Bilingual(
        id="ketelitian posisi tidak cukup untuk memutuskan", en="the position is too inaccurate to decide"
    ),
    "gap": Bilingual(
        id="jejak terputus lebih lama daripada yang diizinkan",
        en="the track is interrupted for longer than allowed",
    ),
    "grade": Bilingual(
        id="bukti lebih lemah daripada yang diminta kebijakan",
        en="the evidence is weaker than the policy asks for",
    ),
    "forged": Bilingual(
        id="barisnya mungkin hanya isi pesan orang lain",
        en="the line may be part of another person's message",
    ),
    "no_evidence": Bilingual(
        id="tidak ada berkas yang menjangkau kantor dan hari ini", en="no file reaches this office and day"
    ),
    "damaged": Bilingual(id="sebuah berkas rusak atau ditolak", en="a file is damaged or was refused"),
    "unmatched_sender": Bilingual(
        id="ada pengirim tak dikenal yang mungkin orang ini", en="a sender not recognised may be this person"
    ),
    "not_due": Bilingual(id="belum waktunya", en="not due yet"),
    "no_answer_column": Bilingual(
        id="catatan panggilan tidak memuat jawabannya",
        en="the call log does not tell whether it was answered",
    ),
    "no_target": Bilingual(id="kegiatan tanpa target", en="an activity without a target"),
    "unreadable_time": Bilingual(id="waktunya tidak terbaca", en="its time cannot be read"),
}
"""Why a verdict is excused, unprovable or not required; further codes come from a policy's `reasons`."""


CHECKPOINT_WORDS = {
    "arrival": Bilingual(id="datang", en="arrival"),
    "departure": Bilingual(id="pulang", en="departure"),
    "live": Bilingual(id="lokasi langsung", en="live location"),
    "reachability": Bilingual(id="panggilan", en="call"),
    "activity": Bilingual(id="kegiatan", en="activity"),
}
"""The words of checkpoints' labels as people read them; programs get the labels as they are."""


def checkpoint_text(label: str, language: Language) -> str:
    """Return a checkpoint's label for people.

    Examples
    --------
    >>> checkpoint_text("lasik arrival", "id"), checkpoint_text("08:00", "id")
    ('lasik datang', '08:00')
    """
    words = (
        CHECKPOINT_WORDS[w].in_language(language) if w in CHECKPOINT_WORDS else w for w in label.split(" ")
    )
    return " ".join(words)


class Verdict(NamedTuple):
    """One person, day and checkpoint: a line of checkins.csv.

    Attributes
    ----------
    checkpoint : its label, such as "08:00", "arrival" or "pagi 08:00".
    due, window_from, window_to, seen_at : seconds since 1970 UTC, or None.
    source, line : the file and the line in it (1-based) that the verdict rests on; empty and 0 where none.
    distance : metres from home, or None.
    flags : codes of `scheduler.checkins.flags.FLAGS`, alphabetical.
    reason : a code of `REASONS` or of the policy's own reasons; empty where the verdict needs none.
    in_region : None where no region is set or the position is not known.
    position : rounded latitude and longitude where the policy keeps them; never in workbooks.
    """

    day: date
    person_id: str
    unit: str
    checkpoint: str
    due: int | None
    window_from: int | None
    window_to: int | None
    seen_at: int | None
    verdict: str
    grade: str
    source: str
    line: int
    distance: int | None
    flags: tuple[str, ...]
    reason: str = ""
    in_region: bool | None = None
    position: tuple[float, float] | None = None
