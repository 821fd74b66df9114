"""One request to the board as its handlers see it: who asks, in which language, about which office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response
from sqlalchemy import Engine, RowMapping

from scheduler.language import Bilingual, Language
from scheduler.server.board.accounts import Account
from scheduler.server.board.audit import Note


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with a form."""

    name: str
    content: bytes


@dataclass(kw_only=True)
class Visit:
    """What a handler gets; the gate has checked that the account may see `scenario`, `unit` and `job`.

    Attributes
    ----------
    now : seconds since 1970.
    secret : of the session; `form_token` is what its forms bring along.
    unit : the subject's row with its scenario's, where the address names a unit.
    detail : what the audit log keeps of the act; handlers set it.
    tools : what the board runs on (`routes.Tools`).
    """

    engine: Engine
    tools: Any
    now: float
    language: Language
    address: str
    path: str
    query: Mapping[str, str]
    account: Account | None = None
    secret: str = ""
    form_token: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    file: Upload | None = None
    scenario: RowMapping | None = None
    unit: RowMapping | None = None
    job: RowMapping | None = None
    detail: str = ""

    @property
    def who(self) -> Account:
        """The account; only for pages behind the login."""
        assert self.account is not None
        return self.account

    @property
    def office(self) -> RowMapping:
        """The unit; only for pages of one."""
        assert self.unit is not None
        return self.unit

    @property
    def place(self) -> RowMapping:
        """The scenario; only for pages about one or a part of it."""
        assert self.scenario is not None
        return self.scenario

    @property
    def zone(self) -> ZoneInfo:
        """The scenario's time zone."""
        return ZoneInfo(self.place["timezone"])

    @property
    def may_change(self) -> bool:
        """Whether the account may change rosters at all."""
        return self.account is not None and self.account.role in ("admin", "head")

    @property
    def note(self) -> Note:
        """Who and where, for the audit log."""
        return Note(
            account=self.account.name if self.account else "",
            address=self.address,
            scenario_id=self.scenario["id"] if self.scenario else None,
            unit=self.unit["key"] if self.unit else (self.job["unit"] if self.job else ""),
        )

    def say(self, indonesian: str, english: str) -> str:
        """Return the half in the visitor's language."""
        return Bilingual(id=indonesian, en=english).in_language(self.language)


class Stop(Exception):  # noqa: N818 - no error, but an answer that a handler gives from within
    """Ends the handling of a request with an answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response
