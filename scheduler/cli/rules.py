"""`giliran rules`: every rule with its settings, units and defaults, from the code."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from scheduler.cli import spoken
from scheduler.cli.options import Terminal, common_options
from scheduler.language import Bilingual

if TYPE_CHECKING:
    from scheduler.constraints.base import Rule


@spoken.command(
    "rules",
    indonesian="""Daftar semua aturan, atau uraian lengkap aturan NAMES: arti, setelan dan bawaannya.""",
)
@spoken.argument("names", nargs=-1)
@common_options
def command(names: tuple[str, ...], terminal: Terminal) -> None:
    """List every rule, or show NAMES whole: what it means, its settings and defaults."""
    from scheduler.constraints import discover
    from scheduler.errors import UsageError

    known = discover()
    if strange := [name for name in names if name not in known]:
        listed = ", ".join(known)
        raise UsageError(
            Bilingual(
                id=f"Aturan tidak dikenal: {', '.join(strange)}. Yang ada: {listed}.",
                en=f"Unknown rule: {', '.join(strange)}. There are: {listed}.",
            )
        )
    chosen = {name: known[name] for name in names} if names else dict(known)
    terminal.answer(
        {key: {"means": documentation(rule), "settings": settings(rule)} for key, rule in chosen.items()}
    )
    language = terminal.language
    if names:
        for key, rule in chosen.items():
            terminal.say(f"[[rules.{key}]]\n")
            if language == "id":
                terminal.say(_definition_list([("Ringkas", "", rule.summary.id)]))
            terminal.say(f"{documentation(rule)}\n")
            terminal.say(_definition_list([(s["name"], s["default"], s["meaning"]) for s in settings(rule)]))
    else:
        terminal.say(
            _definition_list([(key, "", rule.summary.in_language(language)) for key, rule in chosen.items()])
        )


def documentation(rule: type[Rule]) -> str:
    """Return a rule's documentation: the docstring of its file."""
    module = inspect.getmodule(rule)
    return inspect.cleandoc((module.__doc__ if module else "") or "")


def settings(rule: type[Rule]) -> list[dict[str, Any]]:
    """Return a rule's settings: name, default as TOML, meaning."""
    found = []
    for name, info in rule.model_fields.items():
        default = "required" if info.is_required() else _as_toml(info.default)
        found.append({"name": info.alias or name, "default": default, "meaning": info.description or ""})
    return found


def _as_toml(value: Any) -> str:
    if (
        value is None
        or value == ()
        or (hasattr(value, "model_dump") and not value.model_dump(exclude_defaults=True))
    ):
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _definition_list(rows: list[tuple[str, str, str]]) -> str:
    import textwrap

    from scheduler.cli.screen import width

    indent = max(len(name) for name, _, _ in rows) + 4
    lines = []
    for name, default, meaning in rows:
        text = f"{meaning} [{default}]" if default else meaning
        wrapped = textwrap.wrap(text, width() - indent) or [""]
        lines.append(f"  {name}".ljust(indent) + wrapped[0])
        lines += [" " * indent + line for line in wrapped[1:]]
    return "\n".join(lines) + "\n"
