"""The rank of a person from employment, kind of post, echelon and post; empty where they do not tell.

Source: UU 20/2023 and PP 11/2017 (JPT, administrator, pengawas, pelaksana, fungsional), PP 18/2016 for the
echelons of local posts, and POLICIES, "Ranks and posts".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from scheduler.language import Bilingual
from scheduler.read.files.cells import words_of

ECHELON_RANK = {"I": "jpt", "II": "jpt", "III": "administrator", "IV": "pengawas", "V": "pengawas"}

_KINDS: tuple[tuple[str, str], ...] = (
    ("pelaksana", r"pelaksana|jfu|fungsional umum|jabatan fungsional umum|staf|umum"),
    ("jpt", r"jpt|pimpinan tinggi|eselon i\b|eselon ii\b"),
    ("administrator", r"administrator|eselon iii\b"),
    ("pengawas", r"pengawas|eselon iv\b|eselon v\b"),
    (
        "fungsional",
        r"fungsional|jft|jf|jabfung|ahli (?:pertama|muda|madya|utama)|terampil|mahir|penyelia|pemula",
    ),
    ("non_asn", r"non asn|non pns|nonasn|nonpns|honorer"),
)
_ACTING = re.compile(
    r"\(?\b(?:plt|plh|pj|pjs|pgs|ymt|pelaksana (?:tugas|harian)|penjabat)\b\.?\)?", re.IGNORECASE
)
_PARTS = re.compile(
    r"\s*(?:\n|/|;|\bmerangkap\b|\bselaku\b|\bsekaligus\b|\s-\s|\+|&(?=\s*pl[th]))\s*", re.IGNORECASE
)

_FUNCTIONAL = re.compile(
    r"\bahli(?: (?:pertama|muda|madya|utama))?$|\bahli (?:pertama|muda|madya|utama)\b|"
    r"\b(?:terampil|mahir|penyelia|pemula)\b|"
    r"^(?:calon )?(?:guru|dosen|widyaiswara|perawat|bidan|dokter|apoteker|asisten apoteker|nutrisionis|sanitarian|"
    r"epidemiolog|entomolog|radiografer|fisioterapis|okupasi terapis|terapis|perekam medis|pranata laboratorium|"
    r"teknisi elektromedis|elektromedis|fisikawan medis|refraksionis|penata anestesi|asisten penata anestesi|"
    r"psikolog|auditor|auditor kepegawaian|pranata komputer|arsiparis|pustakawan|penyuluh|perencana|statistisi|"
    r"pranata hubungan masyarakat|pranata humas|penilik|pamong belajar|pengawas sekolah|pengawas tk|pengawas sd|"
    r"pengawas smp|pengawas pendidikan|pengawas madrasah|pengawas mutu|kepala sekolah|kepala (?:sd|smp|sma|smk|tk|paud|slb|skb)|"
    r"kepala (?:sdn|smpn|sman|smkn)|plt kepala sekolah|wakil kepala sekolah|penguji kendaraan|medik veteriner|"
    r"paramedik veteriner|pekerja sosial|mediator|penghulu|instruktur|pengantar kerja|pengawas ketenagakerjaan|"
    r"surveyor|asesor|assessor|tenaga promosi kesehatan|promotor kesehatan|tenaga sanitasi lingkungan|"
    r"pembimbing kesehatan kerja|administrator kesehatan|administrator database|pengendali|penera|pengamat tera|"
    r"pengawas kemetrologian|pengawas bibit|pengawas benih|pengawas penyelenggaraan urusan|pengawas lingkungan|"
    r"pengawas koperasi|pengawas farmasi|pengawas alat|pengawas perdagangan|pengawas perikanan|"
    r"teknik (?:pengairan|jalan|tata bangunan|penyehatan)|penata ruang|perancang peraturan|adyatama|"
    r"pranata pencarian|penggerak swadaya|pemeriksa pajak|penilai pajak|dokter gigi|perawat gigi)\b"
)
_EXECUTIVE = re.compile(
    r"^(?:staf(?! ahli)|pelaksana|jabatan pelaksana|fungsional umum|jfu|analis|penelaah|pengelola|pengolah|penata|"
    r"penyusun|pengadministrasi|pengadministrator|administrasi|tenaga administrasi|tenaga|bendahara|pengemudi|sopir|"
    r"supir|operator|teknisi|petugas|pramu\w*|verifikator|ajudan|sekretaris (?:pimpinan|pribadi)|pranata|juru|"
    r"penjaga|caraka|pemeriksa|pemelihara|agendaris|resepsionis|notulis|protokol|kasir|anggota|pemadam|pengumpul|"
    r"penagih|pencatat|pengantar|penyaji|pengagenda|pengevaluasi|pengawas lapangan|konsultan|komandan|"
    r"pengadministrasian|satpam|cleaning service|kurir|penyimpan|pengurus|arsip|pembantu|koordinator lapangan|"
    r"binatu|juru masak|mandor|perencana umum|calon pelaksana|dokumentalis|fasilitator|polisi pamong praja|"
    r"kebersihan|keamanan)\b"
)
_POSTS: tuple[tuple[str, str], ...] = (
    ("pengawas", r"^kepala (?:sub|seksi|sie|si|upt|uptd|uptb|unit pelaksana|tata usaha|tu|urusan|satuan tugas)|"
                 r"^(?:kasub\w*|kasi|kasie|kaupt\w*|ka upt\w*|ka sub\w*|ka seksi|katu|kasubbag|lurah|kaur)\b|"
                 r"^sekretaris (?:lurah|kelurahan|kel)\b|^seklur\b"),
    ("jpt", r"^(?:sekretaris daerah|sekda)\b|^asisten(?! (?:apoteker|penata|dokter|perawat|bidan|administrasi$))|^staf ahli\b|"
            r"^(?:kepala|ka) (?:dinas|badan|satuan polisi pamong praja|satpol)\b|^(?:kadis|kaban)\w*\b|"
            r"^inspektur(?! pembantu)\b|^(?:sekretaris (?:dprd|dewan)|sekwan)\b"),
    ("administrator", r"^(?:kepala|ka) (?:bagian|bidang|kantor)\b|^(?:kabag|kabid)\b|^camat\b|^sekretaris (?:dinas|badan|"
                      r"inspektorat|camat|kecamatan|satpol|satuan polisi)|^(?:sekcam|sekdis|sekban)\w*\b|^inspektur pembantu\b|^irban\b|"
                      r"^direktur\b|^wakil direktur\b"),
)  # fmt: skip
_SECRETARY = {"dinas": "administrator", "badan": "administrator", "inspektorat": "administrator",
              "kantor camat": "administrator", "kelurahan": "pengawas", "satpol pp": "administrator"}  # fmt: skip

Family = Literal["jpt", "administrator", "pengawas", "pelaksana", "fungsional", ""]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A rank with what is doubtful about it; `doubt` is None where nothing is."""

    rank: str
    doubt: Bilingual | None = None


def rank_of(
    *, employment_is_asn: bool | None, kind: str, echelon: str, position: str, unit_class: str
) -> Ranked:
    """Return the rank, or "" with the reason where the list does not tell it.

    Parameters
    ----------
    employment_is_asn : None where the list does not say.
    kind : the cell of "Jenis Jabatan" or the like; wins where it tells.
    echelon : "II.b" and the like, or empty.
    position : the post as printed, with "Plt." if it has it.

    Examples
    --------
    >>> rank_of(employment_is_asn=True, kind="", echelon="", position="Analis Data", unit_class="dinas").rank
    'pelaksana'
    >>> rank_of(employment_is_asn=True, kind="", echelon="II.b", position="Kepala Pelaksana", unit_class="badan").rank
    'jpt'
    """
    if employment_is_asn is False:
        return Ranked("non_asn")
    told = rank_of_kind(kind)
    by_echelon = ECHELON_RANK.get(echelon.partition(".")[0], "")
    by_post = rank_of_post(position, unit_class)
    rank = told or by_echelon or by_post
    if not rank:
        return Ranked("", _untold(position))
    if by_echelon and by_echelon != rank:
        return Ranked(rank, _conflict(kind, f"eselon {echelon}", rank))
    if by_echelon and by_post in {"pelaksana", "fungsional"} and not is_acting(position):
        return Ranked(rank, _conflict(position, f"eselon {echelon}", rank))
    return Ranked(rank)


def is_acting(position: str) -> bool:
    """Whether the post is held as an acting one (Plt., Plh., Pj.)."""
    return _ACTING.search(position) is not None


def rank_of_kind(kind: str) -> str:
    """Return the rank that "Jenis Jabatan" names; empty for "Struktural", which does not say the level.

    Examples
    --------
    >>> rank_of_kind("JFU"), rank_of_kind("Jabatan Fungsional Tertentu"), rank_of_kind("Struktural")
    ('pelaksana', 'fungsional', '')
    """
    words = words_of(kind)
    return next((rank for rank, pattern in _KINDS if re.search(rf"\b(?:{pattern})", words)), "")


def rank_of_post(position: str, unit_class: str) -> Family:
    """Return the family that a post's words tell; empty where they do not, or where the post is an acting one.

    Examples
    --------
    >>> rank_of_post("Kepala Sub Bagian Umum", "dinas"), rank_of_post("Pengawas Sekolah", "dinas")
    ('pengawas', 'fungsional')
    >>> rank_of_post("Plt. Kepala Dinas", "dinas"), rank_of_post("Kepala Bidang X / Plt. Sekretaris", "dinas")
    ('', 'administrator')
    """
    own = [part for part in _PARTS.split(position) if part.strip() and not _ACTING.match(part.strip())]
    for part in own:
        family = _family(words_of(part), unit_class)
        if family:
            return family
    return ""


def _family(words: str, unit_class: str) -> Family:
    if _FUNCTIONAL.search(words):
        return "fungsional"
    for rank, pattern in _POSTS:
        if re.search(pattern, words):
            return rank  # type: ignore[return-value]
    if words == "sekretaris":
        return _SECRETARY.get(unit_class, "")  # type: ignore[return-value]
    if _EXECUTIVE.match(words):
        return "pelaksana"
    return ""


def _untold(position: str) -> Bilingual:
    if not position:
        return Bilingual(
            id="jenjang tidak dapat ditentukan: jabatan dan eselon kosong",
            en="the rank cannot be told: neither post nor echelon is given",
        )
    return Bilingual(
        id="jenjang tidak dapat ditentukan dari jabatan dan eselon; dibiarkan kosong",
        en="the rank cannot be told from post and echelon; left empty",
    )


def _conflict(one: str, other: str, rank: str) -> Bilingual:
    return Bilingual(
        id=f"“{one}” tidak cocok dengan {other}; dibaca sebagai {rank}",
        en=f"“{one}” does not fit {other.replace('eselon', 'echelon')}; read as {rank}",
    )
