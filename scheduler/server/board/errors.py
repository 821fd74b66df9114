"""Answers that are no page: to sign in first, not found, not allowed, too large, refused with every fault."""

from __future__ import annotations

import secrets
from urllib.parse import quote, urlsplit

from fastapi import Response
from fastapi.responses import RedirectResponse

from scheduler.errors import SchedulerError
from scheduler.server.board import sessions
from scheduler.server.board.render import failure, page
from scheduler.server.board.visit import Visit

DOOR_COOKIE = "__Host-giliran-door"
"""Whose form the sign-in form is, before there is a session."""
HOME = "/board"


def to_sign_in(visit: Visit, method: str) -> Response:
    """Send to the sign-in page, and from there back."""
    query = [f"next={quote(visit.path)}"] if method == "GET" and visit.path != HOME else []
    query += ["ended=1"] if visit.secret else []
    return RedirectResponse(f"{HOME}/sign-in{'?' if query else ''}{'&'.join(query)}", 303)


def sign_in_page(
    visit: Visit, status: int = 200, said: str = "", name: str = "", *, is_good: bool = False
) -> Response:
    """Return the sign-in page with a form token of its own."""
    secret = secrets.token_urlsafe(32)
    response = page(
        visit,
        "sign_in.html",
        {
            "said": said,
            "is_good": is_good,
            "name": name,
            "next": safe_path(visit.form.get("next") or visit.query.get("next", "")),
        },
        status,
        form_token=sessions.form_token(secret),
    )
    response.set_cookie(DOOR_COOKIE, secret, max_age=3600, secure=True, httponly=True, samesite="strict")
    return response


def safe_path(text: str) -> str:
    """Return where to go after signing in: a page of the board, whatever was asked."""
    parts = urlsplit(text)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith(f"{HOME}/")
    return parts.path if is_ours and "\\" not in text and "//" not in parts.path else HOME


def not_found(visit: Visit) -> Response:
    """Answer where there is no such page, or not for this account."""
    return failure(
        visit,
        404,
        visit.say("Tidak ditemukan", "Not found"),
        visit.say(
            "Halaman ini tidak ada, atau bukan untuk akun Anda.",
            "There is no such page, or it is not for your account.",
        ),
    )


def forbidden(visit: Visit) -> Response:
    """Answer where the role does not suffice."""
    return failure(
        visit,
        403,
        visit.say("Tidak diizinkan", "Not allowed"),
        visit.say("Peran akun Anda tidak mencakup tindakan ini.", "Your account's role does not cover this."),
    )


def broken(visit: Visit, *, is_busy: bool) -> Response:
    """Answer where the database, or this program, has failed."""
    said = (
        visit.say(
            "Basis data sedang tidak dapat dipakai. Coba lagi sebentar lagi.",
            "The database cannot be used now. Try again in a moment.",
        )
        if is_busy
        else visit.say(
            "Ini kesalahan program, bukan kesalahan Anda. Coba lagi; bila terulang, sampaikan kepada admin: catatannya ada di log peladen.",
            "This is a defect of the program, no mistake of yours. Try again; if it comes back, tell your administrator: the server's log has it.",
        )
    )
    return failure(visit, 503 if is_busy else 500, visit.say("Gagal", "Failed"), said)


def stale_form(visit: Visit) -> Response:
    """Answer where a form did not bring its token."""
    return failure(
        visit,
        403,
        visit.say("Formulir kedaluwarsa", "The form is out of date"),
        visit.say(
            "Tidak ada yang dilakukan. Muat ulang halamannya dan coba lagi.",
            "Nothing was done. Load the page again and try once more.",
        ),
    )


def too_large(visit: Visit, most: int) -> Response:
    """Answer where more was sent than is taken."""
    size = f"{most // (1024 * 1024)} MB" if most >= 1024 * 1024 else f"{most // 1024} kB"
    return failure(
        visit,
        413,
        visit.say("Terlalu besar", "Too large"),
        visit.say(
            f"Berkas lebih dari {size} tidak diterima; tidak ada yang disimpan.",
            f"Files over {size} are not taken; nothing was stored.",
        ),
    )


def refused(visit: Visit, error: SchedulerError) -> Response:
    """Answer with what is wrong, every fault in a row of its own; nothing was done."""
    from scheduler.server.board.faults import fault_rows

    visit.detail = (visit.detail + " " + error.message.en).strip()
    return page(
        visit,
        "refused.html",
        {
            "message": error.message.in_language(visit.language),
            "faults": fault_rows(error, visit.language),
            "lines": [],
        },
        422,
    )
