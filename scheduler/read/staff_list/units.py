"""What kind of office a name stands for, and whether a heading names an office, a part of one, or an employment."""

from __future__ import annotations

import re
from typing import Literal

from scheduler.read.files.cells import words_of

_CLASSES: tuple[tuple[str, str], ...] = (
    ("pustu", r"pustu|puskesmas pembantu|poskesdes|polindes"),
    ("puskesmas", r"puskesmas|pkm|pusat kesehatan masyarakat"),
    ("rsud", r"rsud|rsu|rs|rskd|rsia|rsup|rumah sakit"),
    ("sekolah", r"(?:sd|smp|sma|smk|tk|slb|mi|mts|ma|paud|kb|skb|sdlb|sltp)(?:n|k|it)?(?:\d+)?|sekolah|taman kanak"),
    ("uptd", r"uptd|upt|uptb|uptd?(?:\d+)|unit pelaksana teknis"),
    ("kelurahan", r"kelurahan|kel|lurah|kantor lurah|kantor kelurahan"),
    ("kantor camat", r"(?:kantor )?(?:camat|kecamatan)|kec"),
    ("desa", r"desa|kantor desa|pemerintah desa"),
    ("satpol pp", r"satpol|satpol pp|satuan polisi pamong praja|pol pp|polisi pamong praja"),
    ("bagian", r"bagian|bag"),
    ("sekretariat", r"setda|setdako|setdakab|setwan|sekretariat (?:daerah|dprd|dewan|kota|kabupaten|kpu|korpri)|setdaprov"),
    ("inspektorat", r"inspektorat|itda|itko|itkab|itprov"),
    ("badan", r"badan|bkpsdm|bkpsdmd|bkpp|bkppd|bkd|bkdd|bkad|bkpad|bpkad|bpkd|bpkpd|bppkad|bapenda|bappenda|bpprd|"
              r"bappeda|bapperida|bappelitbang|bappelitbangda|bapelitbang|bapelitbangda|baperlitbang|bapedalitbang|"
              r"bpbd|bakesbangpol|kesbangpol|badan kesbangpol|balitbang|balitbangda|brida|bpsdm|bpm|bpmd"),
    ("dinas", r"dinas|dis(?:dukcapil|dik|dikbud|dikpora|hub|kominfo|kominfotik|kes|naker|nakertrans|perin|perindag|"
              r"perkim|porapar|budpar|par|parbud|pora|pora par|perpusip|perpus|tan|kan|lutkan|bun|nak|ketapang|tarcip|"
              r"damkar|sos|pertan|hut|kopukm|perdagin|perindagkop)|din(?:kes|sos|as)|dpmptsp|dpmpd|dpmd|dpupr|dputr|"
              r"dpu|dlh|dlhk|dp3a|dp3ap2kb|dp2kb|dp3akb|dpppa|dppkb|dkp|dkpp|dpk|dpkp|dkupp|dtph|dpkukm|damkar|pupr|"
              r"kominfo|dukcapil"),
    ("kantor", r"kantor"),
)  # fmt: skip

_START = tuple((name, re.compile(rf"(?:{pattern})\b")) for name, pattern in _CLASSES)
_ANYWHERE = tuple(
    (name, re.compile(rf"\b(?:{pattern})\b")) for name, pattern in _CLASSES if name not in {"kantor"}
)

_SUB_UNIT = re.compile(
    r"(?:bidang|bid|seksi|sie?|sub ?bag(?:ian)?|sub ?bid(?:ang)?|subbag(?:ian)?|subbid(?:ang)?|sekretariat\b(?! (?:daerah|dprd|"
    r"dewan|kpu|korpri))|irban|inspektur pembantu|instalasi|ruang(?:an)?|poli(?:klinik)?|tim kerja|kelompok jabatan "
    r"fungsional|unit layanan|tata usaha|urusan|sub)\b"
)
_EMPLOYMENT = re.compile(
    r"(?:daftar |data |pegawai |tenaga |status |kelompok )*"
    r"(?:pns|pnsd|cpns|pppk|p3k|asn|non asn|non pns|nonasn|nonpns|honorer|honor|ptt|tkd|thl|gtt|kontrak|"
    r"pegawai negeri sipil|calon pegawai negeri sipil|pegawai pemerintah dengan perjanjian kerja|"
    r"aparatur sipil negara|pegawai tidak tetap|tenaga harian lepas|pppk paruh waktu|pppk penuh waktu|tenaga honorer|"
    r"tenaga kontrak|tenaga kontrak daerah)"
    r"(?: daerah| lepas)?(?: pns| pnsd| pppk)?$"
)
_ENUMERATOR = re.compile(
    r"\s*(?P<mark>[IVXLC]{1,6}|[A-Za-z]|\d{1,3})\s*[.)]\s*(?=\S)|\s*\((?:[A-Za-z]|\d{1,3}|[ivxlIVXL]+)\)\s*"
)
_LABEL = re.compile(
    r"\s*(?:nama\s+)?(?:unit\s*kerja|skpd|opd|perangkat\s+daerah|unit\s+organisasi|unor|satuan\s+kerja|satker|instansi|"
    r"kantor)\s*[:=]\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_TITLE_STOP = re.compile(
    r"\s+(?:tahun|per|keadaan|bulan|periode|tanggal|tgl|pada|di\s+lingkungan|dalam\s+rangka|yang|ta|t\.a\.?|tmt)\b.*"
    r"|\s*[-–(,]?\s*\b(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember)\b.*"
    r"|\s+(?:19|20)\d\d\b.*",
    re.IGNORECASE | re.DOTALL,
)
_REGION = re.compile(r"\s+(?:kabupaten|kab\.?|kota|provinsi|prov\.?)\s+\S.*", re.IGNORECASE | re.DOTALL)

_GROUP = re.compile(
    r"(?:pejabat |jabatan |kelompok |pegawai |eselon |pimpinan )*(?:struktural|pelaksana|fungsional(?: (?:umum|tertentu))?|pimpinan|"
    r"pimpinan tinggi(?: pratama)?|administrator|pengawas|eselon|staf|[iv]+[abcd]?|golongan(?: [iv]+)?|laki laki|perempuan|"
    r"jpt(?: pratama)?|jfu|jft|administrasi|golongan [iv]+[abcd]?)$"
)

SectionKind = Literal["unit", "sub_unit", "employment", "group", ""]


def unit_class_of(name: str) -> str:
    """Return the kind of office: dinas, badan, bagian, kantor camat, kelurahan, rsud, …; empty if unknown.

    Examples
    --------
    >>> unit_class_of("Kantor Camat Masamba"), unit_class_of("Bagian Organisasi Setda"), unit_class_of("BKPSDM")
    ('kantor camat', 'bagian', 'badan')
    >>> unit_class_of("UPTD Puskesmas Bone-Bone"), unit_class_of("SD Negeri 9"), unit_class_of("Gudang")
    ('puskesmas', 'sekolah', '')
    """
    words = words_of(name)
    start = next((kind for kind, pattern in _START if pattern.match(words)), "")
    if start == "uptd":
        rest = next((k for k, p in _ANYWHERE if k in _WITHIN_UPTD and p.search(words)), "")
        return rest or start
    if start == "sekretariat" or (not start and words.startswith("sekretariat")):
        return "sekretariat"
    if start:
        return start
    return next((kind for kind, pattern in _ANYWHERE if kind in _TRAILING and pattern.search(words)), "")


_WITHIN_UPTD = frozenset({"puskesmas", "pustu", "rsud", "sekolah"})
_TRAILING = frozenset({"puskesmas", "rsud", "sekretariat", "satpol pp"})


def section_kind(text: str) -> SectionKind:
    """Return what a heading row names; empty where its words do not say.

    Examples
    --------
    >>> section_kind("DINAS PENDIDIKAN"), section_kind("BIDANG MUTASI"), section_kind("NON ASN"), section_kind("Lain")
    ('unit', 'sub_unit', 'employment', '')
    """
    words = words_of(text)
    if _EMPLOYMENT.match(words):
        return "employment"
    if _GROUP.match(words):
        return "group"
    if _SUB_UNIT.match(words):
        return "sub_unit"
    return "unit" if unit_class_of(text) else ""


def split_enumerator(text: str) -> tuple[str, str]:
    """Split a heading's number from its words: "II. BIDANG X" is ("II", "BIDANG X")."""
    match = _ENUMERATOR.match(text)
    if match is None or not text[match.end() :].strip():
        return "", text.strip()
    return (match["mark"] or match[0].strip(" ()")), text[match.end() :].strip()


def labelled_unit(text: str) -> str | None:
    """Return what follows "Unit Kerja :", "SKPD :" and the like; None where there is no such label."""
    match = _LABEL.match(text)
    return None if match is None else match["value"].strip()


def unit_in_title(text: str) -> str:
    """Return the office that a title row names ("DAFTAR NOMINATIF PEGAWAI DINAS X TAHUN 2021"), or nothing."""
    flat = " ".join(text.split())
    if len(flat) > 400:
        return ""
    for match in re.finditer(r"\b[A-Za-z]", flat):
        rest = flat[match.start() :]
        kind = _starts_with_class(rest)
        if kind:
            rest = _TITLE_STOP.sub("", rest)
            if kind not in {"kelurahan", "kantor camat", "rsud"}:
                rest = _REGION.sub("", rest)
            rest = rest.strip(" .,:-–")
            return "" if words_of(rest) in _NO_OFFICE else rest
    return ""


def _starts_with_class(text: str) -> str:
    words = words_of(text)
    kind = next((name for name, pattern in _START if pattern.match(words)), "")
    return (
        ""
        if kind == "kantor" or words.split(" ")[0] in {"kec", "kel", "ma", "mi", "kb", "rs", "bag"}
        else kind
    )


_NO_OFFICE = frozenset({"dinas", "badan", "bagian", "desa", "kantor", "sekolah", "kelurahan", "kecamatan"})
