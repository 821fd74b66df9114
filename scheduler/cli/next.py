"""`giliran next OUTPUT`: the following period in one word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.cli import spoken
from scheduler.cli.options import FOLDER, Terminal, common_options, moved_option
from scheduler.cli.search_options import search_options, tweak_options

if TYPE_CHECKING:
    from scheduler.read.tweaks import Tweaks


@spoken.command(
    "next",
    indonesian="""Susun periode sesudah OUTPUT: tanggal berikut dengan panjang yang sama, kebijakan, saldo, dan giliran yang berjalan.""",
)
@spoken.argument("output", type=FOLDER)
@moved_option
@tweak_options
@search_options
@common_options
def command(
    output: Path, scenario: Path | None, tweaks: Tweaks, search: dict[str, Any], terminal: Terminal
) -> None:
    """Make the period that follows OUTPUT: next dates of the same length, policy, ledger, open stints."""
    from scheduler.cli.generate import run
    from scheduler.pipeline import order_next

    run(order_next(output, scenario, tweaks, terminal.asked, search), terminal)
