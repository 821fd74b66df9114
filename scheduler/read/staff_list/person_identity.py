"""Who an entry is: the name without degrees, the NIP or printed id, and whether they fit the other cells."""

from __future__ import annotations

import re

from scheduler.language import Bilingual
from scheduler.read.files.cells import Cell, clean, hidden_characters, lines_of, stated, text_of
from scheduler.read.staff_list import nip as nips
from scheduler.read.staff_list.cell_reader import FILL_IN, CellReader
from scheduler.read.staff_list.names import printed_name, split_name
from scheduler.read.staff_list.values import is_asn


def read_name(reader: CellReader) -> tuple[str, str, str]:
    """Return the plain name, the printed name and the id printed in the name's cell."""
    cells = reader.entry.cells
    field = next(f for f in ("name", "name_nip", "plain_name", "") if not f or f in cells)
    raw = cells.get(field)
    text, identity = nips.split_name_and_id(lines_of(raw))
    if isinstance(raw, str) and hidden_characters(raw):
        reader.add(
            field,
            Bilingual(id="nama memuat karakter tak terlihat; dibuang", en="the name held invisible characters; removed"),
            value=text, warning=True,
        )  # fmt: skip
    if len(lines_of(raw)) > nips.LONGEST_NAME:
        reader.add(
            field,
            Bilingual(id="nama terlalu panjang", en="the name is too long"),
            allowed=Bilingual(id=f"{nips.LONGEST_NAME} huruf", en=f"{nips.LONGEST_NAME} letters"),
            remedy=FILL_IN,
        )
    text = _unquoted(re.sub(r"^\d{1,4}[.)]\s+(?=[^\W\d])", "", clean(text)))
    split = split_name(text)
    if split.doubtful:
        reader.add(
            field,
            Bilingual(
                id="setelah koma bukan gelar yang dikenal; dibaca sebagai bagian nama",
                en="what follows the comma is no known degree; read as part of the name",
            ),
            warning=True,
        )
    name = split_name(text_of(cells.get("plain_name"))).name or split.name
    printed = printed_name(text, reader.text("title_before"), reader.text("title_after"))
    return name, printed, identity


def _unquoted(text: str) -> str:
    """Take off the apostrophe with which programs keep text from being read as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def read_identity(reader: CellReader, in_name: str, employment: str) -> tuple[str, str, str]:
    """Return the id that the list gives, the NIP, and the number that lost its digits."""
    cells = reader.entry.cells
    cell: Cell = cells.get("nip")
    field = "nip" if cell is not None else "name_nip"
    if cell is None or nips.read_id(cell).kind == "none":
        cell = in_name or cell
    printed = nips.read_id(cell)
    own = nips.read_id(cells.get("id"))
    own_id = clean(text_of(cells.get("id"))) if own.kind != "lost" else ""
    asn = is_asn(employment)
    if printed.kind == "lost" or own.kind == "lost":
        reader.add(
            field if printed.kind == "lost" else "id",
            Bilingual(
                id="NIP tersimpan sebagai angka sehingga digit terakhirnya hilang; tidak ditebak, dipakai id internal",
                en="the NIP is stored as a number and has lost its last digits; not guessed, an internal id is used",
            ),
            value=printed.text,
            remedy=Bilingual(
                id="Format kolom sebagai Teks, lalu ketik ulang NIP-nya.",
                en="Format the column as Text and type the NIP again.",
            ),
            warning=True,
        )
        return own_id, "", printed.text
    if printed.kind == "none":
        told = clean(text_of(cells.get("nip")))
        if asn and stated(told) and any(c.isalpha() for c in told):
            reader.add(
                "nip",
                Bilingual(
                    id="ini bukan NIP; dipakai id internal", en="this is no NIP; an internal id is used"
                ),
                value=told,
                allowed=Bilingual(id="18 digit, atau kosong", en="18 digits, or nothing"),
                warning=True,
            )
        return own_id, "", ""
    digits_only = printed.text.isascii() and printed.text.isdigit()
    if (printed.kind == "wrong" and asn is not False) or (
        asn and digits_only and 10 <= len(printed.text) != 18
    ):
        reader.add(
            field,
            Bilingual(id=f"NIP ini {len(printed.text)} digit", en=f"this NIP has {len(printed.text)} digits"),
            value=printed.text,
            allowed=Bilingual(id="18 digit", en="18 digits"),
            remedy=Bilingual(id="Periksa NIP-nya.", en="Check the NIP."),
        )
        return own_id or printed.text, "", ""
    if printed.kind != "nip":
        mistyped = asn and sum(c.isdigit() for c in printed.text) >= 12
        if mistyped and not digits_only:
            reader.add(
                field,
                Bilingual(id="NIP ini memuat selain angka", en="this NIP holds more than digits"),
                value=printed.text,
                allowed=Bilingual(id="18 digit", en="18 digits"),
                remedy=Bilingual(id="Periksa NIP-nya.", en="Check the NIP."),
            )
        return own_id or clean(printed.text), "", ""
    pppk = None if asn is not True or employment == "ASN" else employment.startswith("PPPK")
    if nips.implausible(printed.text, pppk):
        if asn is False:
            return own_id or printed.text, "", ""
        reader.add(
            field,
            Bilingual(
                id="NIP ini tidak mungkin: tanggal lahir, pengangkatan, atau jenis kelamin di dalamnya keliru",
                en="no NIP reads so: the birth date, appointment or sex in it is impossible",
            ),
            value=printed.text,
            allowed=Bilingual(
                id="lahir TTTTBBHH, diangkat TTTTBB, 1 atau 2, urut 001–999",
                en="birth YYYYMMDD, appointment YYYYMM, 1 or 2, serial 001–999",
            ),
            remedy=Bilingual(id="Periksa NIP-nya.", en="Check the NIP."),
        )
    return own_id or printed.text, printed.text, ""


def compare_sex(reader: CellReader, nip: str, sex: str) -> None:
    """Warn where the NIP spells another sex than the column."""
    spelt = nips.nip_parts(nip).sex if nip else ""
    if sex and spelt and sex != spelt:
        reader.add(
            "sex",
            Bilingual(
                id="jenis kelamin berbeda dengan digit ke-15 NIP; kolom ini yang dipakai",
                en="the sex differs from digit 15 of the NIP; this column is used",
            ),
            warning=True,
        )
