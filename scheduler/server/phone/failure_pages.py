"""What people see instead of their check-in page: the link is not valid, or the server cannot answer now."""

from __future__ import annotations

from functools import cache

from scheduler.language import Bilingual
from scheduler.server.phone.checkin_page import asset

GONE_TITLE = Bilingual(id="Tidak ditemukan", en="Not found")
GONE = Bilingual(
    id="Tautan ini tidak berlaku: salah ketik, sudah diganti, atau sudah dicabut. Minta yang baru kepada bagian kepegawaian.",
    en="This link is not valid: mistyped, replaced or revoked. Ask your personnel office for a new one.",
)
BUSY_TITLE = Bilingual(id="Peladen belum dapat menjawab", en="The server cannot answer yet")
BUSY = Bilingual(
    id="Halaman ini dimuat ulang sendiri sebentar lagi. Yang sudah disimpan di ponsel ini tidak hilang.",
    en="This page loads itself again in a moment. What is kept on this phone is not lost.",
)
SECONDS = 10


@cache
def gone_page() -> bytes:
    """Return the page of a link that leads nowhere; it is the same for every one of them."""
    return _page(GONE_TITLE, GONE, "")


@cache
def busy_page() -> bytes:
    """Return the page of a server that fails for now; it asks again by itself."""
    return _page(BUSY_TITLE, BUSY, f'<meta http-equiv="refresh" content="{SECONDS}">')


def _page(title: Bilingual, said: Bilingual, more: str) -> bytes:
    return (
        '<!doctype html>\n<html lang="id"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{more}<meta name="robots" content="noindex">'
        f"<title>{title.id}</title><style>{asset('style.css')}</style></head><body><main>"
        f'<h1>{title.id}</h1><p>{said.id}</p><div lang="en" class="soft"><h2>{title.en}</h2><p>{said.en}</p></div>'
        "</main></body></html>\n"
    ).encode()
