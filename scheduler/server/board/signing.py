"""The pages of one's own account: signing in and out, another password."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.server.board import accounts, audit, errors, passwords, sessions
from scheduler.server.board.accounts import units_seen
from scheduler.server.board.gate import COOKIE
from scheduler.server.board.render import page
from scheduler.server.board.visit import Visit
from scheduler.server.store.board_tables import ACCOUNT
from scheduler.server.store.database import writing


def show(visit: Visit) -> Response:
    """Return the sign-in page; who is signed in goes on."""
    if visit.account is not None:
        return RedirectResponse(errors.HOME, 303)
    if "ended" in visit.query:
        said = visit.say(
            "Sesi Anda sudah berakhir; masuk lagi. Yang baru saja dikirim tidak dilakukan.",
            "Your session has ended; sign in again. What you sent just now was not done.",
        )
        return errors.sign_in_page(visit, said=said)
    if "left" in visit.query:
        return errors.sign_in_page(
            visit, said=visit.say("Anda sudah keluar.", "You have signed out."), is_good=True
        )
    return errors.sign_in_page(visit)


def enter(visit: Visit) -> Response:
    """Sign in, or say that it failed without saying why."""
    name = visit.form.get("name", "")
    entry = visit.tools.door.enter(name, visit.form.get("password", ""), visit.address, visit.now)
    if entry.is_locked:
        said = visit.say(
            "Terlalu banyak percobaan. Tunggu 15 menit, atau hubungi admin.",
            "Too many attempts. Wait 15 minutes, or ask your administrator.",
        )
        return errors.sign_in_page(visit, 429, said, name)
    if not entry.secret:
        said = visit.say("Nama akun atau sandi salah.", "Account name or password is wrong.")
        return errors.sign_in_page(visit, 403, said, name)
    response = RedirectResponse(errors.safe_path(visit.form.get("next", "")), 303)
    _set_cookie(response, entry.secret)
    response.delete_cookie(errors.DOOR_COOKIE, secure=True, httponly=True, samesite="strict")
    return response


def _set_cookie(response: Response, secret: str) -> None:
    response.set_cookie(COOKIE, secret, max_age=sessions.LONGEST, secure=True, httponly=True, samesite="lax")


def leave(visit: Visit) -> Response:
    """Sign out."""
    with writing(visit.engine) as connection:
        sessions.end(connection, visit.secret)
    response = RedirectResponse(f"{errors.HOME}/sign-in?left=1", 303)
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def password_page(visit: Visit) -> Response:
    """Return the form for another password."""
    return page(visit, "password.html", {"said": "", "done": "done" in visit.query, "least": passwords.LEAST})


def change_password(visit: Visit) -> Response:
    """Change one's own password; other sessions of the account end."""
    with visit.engine.connect() as connection:
        stored = connection.execute(
            select(ACCOUNT.c.password).where(ACCOUNT.c.id == visit.who.id)
        ).scalar_one()
    new = visit.form.get("new", "")
    try:
        if not visit.tools.door.is_right(
            visit.who.name, stored, visit.form.get("old", ""), visit.address, visit.now
        ):
            raise UsageError(Bilingual(id="Sandi yang sekarang salah.", en="The present password is wrong."))
        if new != visit.form.get("again", ""):
            raise UsageError(Bilingual(id="Kedua sandi baru berbeda.", en="The two new passwords differ."))
        passwords.check_new(new, visit.who.name)
    except UsageError as error:
        said = error.message.in_language(visit.language)
        return page(visit, "password.html", {"said": said, "done": False, "least": passwords.LEAST}, 422)
    with writing(visit.engine) as connection:
        accounts.set_password(connection, visit.who.id, visit.who.name, new)
        secret = sessions.begin(connection, visit.who.id, int(visit.now))
    response = RedirectResponse("/board/password?done=1", 303)
    _set_cookie(response, secret)
    return response


def log(visit: Visit) -> Response:
    """Return the audit log, newest first."""
    text = visit.query.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
    with visit.engine.connect() as connection:
        rows = audit.rows(connection, visit.who, before, 101)
        seen = units_seen(connection, visit.who)
    usual = seen[0]["timezone"] if seen else "UTC"  # for what concerns no scenario, such as signing in
    zones = {row["id"]: ZoneInfo(row["timezone"] or usual) for row in rows}
    return page(
        visit, "audit.html", {"rows": rows[:100], "more": len(rows) > 100, "acts": ACTS, "zones": zones}
    )


ACTS = {
    "sign-in": Bilingual(id="masuk", en="signed in"),
    "sign-in failed": Bilingual(id="gagal masuk", en="failed to sign in"),
    "sign-in locked": Bilingual(id="terkunci sementara", en="locked out for a while"),
    "sign-out": Bilingual(id="keluar", en="signed out"),
    "password": Bilingual(id="ganti sandi", en="changed the password"),
    "swap": Bilingual(id="pratinjau tukar", en="previewed a swap"),
    "recall": Bilingual(id="pratinjau panggilan", en="previewed a recall"),
    "absence": Bilingual(id="pratinjau ketidakhadiran", en="previewed an absence"),
    "pin": Bilingual(id="pratinjau penetapan hari", en="previewed a fixed day"),
    "leaver": Bilingual(id="pratinjau pegawai keluar", en="previewed a leaver"),
    "policy": Bilingual(id="unggah kebijakan", en="uploaded a policy"),
    "back": Bilingual(id="pratinjau kembali ke revisi lama", en="previewed going back"),
    "request": Bilingual(id="keputusan permintaan", en="decided on a request"),
    "absences file": Bilingual(id="unggah daftar cuti", en="uploaded absences"),
    "workbook": Bilingual(id="unggah buku kerja", en="uploaded a workbook"),
    "staff list": Bilingual(id="unggah daftar pegawai", en="uploaded a staff list"),
    "generate": Bilingual(id="susun periode berikutnya", en="ordered the next period"),
    "confirm": Bilingual(id="konfirmasi", en="confirmed"),
    "published": Bilingual(id="terbit", en="published"),
    "refused": Bilingual(id="ditolak", en="was refused"),
    "download": Bilingual(id="unduh", en="downloaded"),
    "pruned": Bilingual(id="hapus catatan lama", en="deleted old entries"),
}
"""What the log's acts are called on the page."""
