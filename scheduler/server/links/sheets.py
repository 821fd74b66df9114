"""Links as people get them: https and webcal addresses, QR codes, and a sheet for each unit to print and cut."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from scheduler.errors import ExportError, UsageError
from scheduler.language import Bilingual, Language

LABELS = {
    "feed": Bilingual(id="Kalender", en="Calendar"),
    "checkin": Bilingual(id="Presensi", en="Check-in"),
    "staff": Bilingual(id="Kalender bawahan", en="Calendar of one's staff"),
    "telegram": Bilingual(id="Telegram (sekali pakai)", en="Telegram (works once)"),
}
PLACES = {"person": "people", "unit": "units", "supervisor": "supervisors"}
"""Where in the address of a feed each kind of holder stands."""
WORDS = {
    "secret": Bilingual(
        id="Setiap tautan milik satu orang dan bersifat rahasia: gunting, serahkan kepada yang bersangkutan, jangan difoto atau ditempel. Tautan yang bocor diganti dengan `giliran tokens rotate`.",
        en="Each link belongs to one person and is secret: cut, hand over, do not photograph or pin up. A link that leaked is replaced by `giliran tokens rotate`.",
    ),
    "iphone": Bilingual(
        id="iPhone: arahkan kamera ke kode kalender, ketuk tautan, pilih Langganan.",
        en="iPhone: point the camera at the calendar's code, tap the link, choose Subscribe.",
    ),
    "android": Bilingual(
        id="Android/Google: di komputer buka calendar.google.com › Kalender lainnya › Dari URL, lalu tempel alamat di bawah kode.",
        en="Android/Google: on a computer open calendar.google.com › Other calendars › From URL, and paste the address below the code.",
    ),
    "late": Bilingual(
        id="Google memperbarui kalender 12–24 jam sekali: panggilan masuk kantor tetap disampaikan langsung.",
        en="Google refreshes calendars every 12 to 24 hours: a recall to the office is still told directly.",
    ),
}


class Made(NamedTuple):
    """One new link, with whose it is: `kind` person, unit or supervisor, `purpose` feed, checkin or telegram."""

    kind: str
    key: str
    name: str
    unit: str
    purpose: str
    link: str

    @property
    def webcal(self) -> str:
        """The address under which phones offer to subscribe; empty for a check-in."""
        return f"webcal://{self.link.partition('://')[2]}" if self.purpose == "feed" else ""

    @property
    def label(self) -> Bilingual:
        """What the link is for."""
        return LABELS["staff" if self.kind == "supervisor" else self.purpose]


def address(base: str, kind: str, purpose: str, token: str, bot: str = "") -> str:
    """Return the whole address of a token; of a Telegram code without a `bot`, what is to be sent to it.

    Examples
    --------
    >>> address("https://jadwal.example.go.id", "person", "feed", "T")
    'https://jadwal.example.go.id/feeds/people/T.ics'
    """
    base = base.rstrip("/")
    if purpose == "checkin":
        return f"{base}/checkin/{token}"
    if purpose == "telegram":
        return f"https://t.me/{bot}?start={token}" if bot else f"/start {token}"
    return f"{base}/feeds/{PLACES[kind]}/{token}.ics"


def check_base(base: str) -> None:
    """Refuse what cannot stand before a link.

    Raises
    ------
    UsageError
        Where it is no http or https address, or has more than a path.
    """
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(
            Bilingual(
                id=f"--url {base}: bukan alamat peladen. Contoh: https://jadwal.example.go.id",
                en=f"--url {base}: no address of a server. Example: https://jadwal.example.go.id",
            )
        )


def is_secure(base: str) -> bool:
    """Whether browsers give a location to pages there: HTTPS, or this very computer."""
    parts = urlsplit(base)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1")


def write_sheets(
    made: Sequence[Made], folder: Path, titles: Mapping[str, tuple[str, Language]]
) -> list[Path]:
    """Write one sheet for each unit, readable by its owner alone; return their paths.

    Parameters
    ----------
    titles : the roster's title and the sheet's language, by unit.

    Raises
    ------
    ExportError
        Where one cannot be written.
    """
    from scheduler.write.file_names import unit_file_names

    units = list(dict.fromkeys(one.unit for one in made))
    names = unit_file_names(units)
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for unit in units:
            path = folder / f"{names[unit]}.html"
            path.touch(mode=0o600)
            path.write_text(_sheet(unit, [m for m in made if m.unit == unit], *titles[unit]), "utf-8")
            paths.append(path)
    except OSError as error:
        raise ExportError(
            Bilingual(
                id=f"{folder}: lembar tidak dapat ditulis ({error.strerror}); tidak ada tautan yang dibuat.",
                en=f"{folder}: the sheets cannot be written ({error.strerror}); no link was made.",
            )
        ) from error
    return paths


def _sheet(unit: str, made: Sequence[Made], title: str, language: Language) -> str:
    from jinja2 import Environment

    cards: dict[tuple[str, str], dict[str, object]] = {}
    for one in made:
        kind = "unit" if one.kind == "unit" else "person"  # a supervisor is a person: one card for all theirs
        card = cards.setdefault((kind, one.key), {"name": one.name, "codes": []})
        code = {
            "label": one.label.in_language(language),
            "svg": qr_code(one.webcal or one.link),
            "link": one.link,
        }
        card["codes"].append(code)  # type: ignore[attr-defined]
    template = (Path(__file__).parent.parent / "templates" / "sheet.html").read_text("utf-8")
    words = {key: text.in_language(language) for key, text in WORDS.items()}
    return Environment(autoescape=True).from_string(template).render(
        language=language, unit=unit, title=title, w=words, cards=list(cards.values())
    )  # fmt: skip


def qr_code(text: str) -> str:
    """Return a QR code as SVG to stand in a page; it survives a fold (error correction M)."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True
    )
    return out.getvalue().decode()
