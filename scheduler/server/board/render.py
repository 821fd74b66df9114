"""Templates to answers: words in the visitor's language, the navigation of the office at hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse

from scheduler.language import Language, format_date, format_number
from scheduler.server.board.visit import Visit
from scheduler.write.labels import ROLE_LABELS, format_period, weekday_short

TEMPLATES = Path(__file__).parent.parent / "templates" / "board"


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["local_instant"] = _local_instant
    return environment


def _local_instant(seconds: int, zone: tzinfo, language: Language) -> str:
    local = datetime.fromtimestamp(seconds, zone)
    return f"{format_date(local.date(), language)} {local:{'%H.%M' if language == 'id' else '%H:%M'}}"


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


@cache
def asset(name: str) -> bytes:
    """Return a file of `templates/board/` as it is sent."""
    return (TEMPLATES / name).read_bytes()


@cache
def asset_mark(name: str) -> str:
    """Return what changes in an asset's address when it changes."""
    import hashlib

    return hashlib.sha256(asset(name)).hexdigest()[:12]


def page(
    visit: Visit,
    template: str,
    values: Mapping[str, Any],
    status: int = 200,
    *,
    form_token: str | None = None,
) -> HTMLResponse:
    """Return a rendered page."""
    language = visit.language

    def day(value: date | str, *, weekday: bool = True) -> str:
        return format_date(_date(value), language, weekday=weekday)

    def period(first: date | str, last: date | str) -> str:
        return format_period(_date(first), _date(last), language)

    def here(**changes: Any) -> str:
        """Return this page's address with some of its query changed."""
        query = {**visit.query, **{key: str(value) for key, value in changes.items()}}
        return f"{visit.path}?{urlencode({k: v for k, v in query.items() if k != 'next'})}"

    html: str = (
        _environment()
        .get_template(template)
        .render(
            **values,
            visit=visit,
            t=visit.say,
            language=language,
            day=day,
            period=period,
            number=lambda value, decimals=0: format_number(value, language, decimals),
            weekday_short=lambda value: weekday_short(value, language),
            role_words=ROLE_LABELS,
            here=here,
            token=visit.form_token if form_token is None else form_token,
            style=f"/board/assets/board.css?{asset_mark('board.css')}",
            script=f"/board/assets/board.js?{asset_mark('board.js')}",
        )
    )
    return HTMLResponse(html, status)


def failure(visit: Visit, status: int, title: str, said: str) -> HTMLResponse:
    """Return a page that says why there is none."""
    return page(visit, "failure.html", {"title": title, "said": said}, status)
