"""Whatever a page tells readers to type exists: commands with their options, modules, files and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scheduler.cli.main import group

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "rosters/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)


def typed(page: str) -> Iterator[str]:
    """The lines of a page's code blocks, and what stands between backticks."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from (line.partition("  #")[0] for line in block.replace("\\\n", " ").splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists_with_every_option_that_is_named(page: str) -> None:
    context = click.Context(group)
    for line in typed(page):
        for found in re.finditer(r"(?:^|[\s/\\;])giliran ([a-z][a-z-]*)((?:\s[^;&|]*)?)", line):
            command = group.get_command(context, found[1])
            assert command is not None, line
            known = {
                flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)
            }
            if isinstance(command, click.Group):
                known |= {f for sub in command.commands.values() for p in sub.params for f in p.opts}
            assert set(re.findall(r"(?<=\s)--[a-z][a-z-]*", found[2])) <= known | {"--help"}, line


def test_every_command_is_told_of_on_a_page() -> None:
    lines = [line for page in PAGES if page != "CHANGELOG.md" for line in typed(page)]
    told = {found for line in lines for found in re.findall(r"\bgiliran ([a-z][a-z-]*)", line)}
    assert set(group.list_commands(click.Context(group))) - told == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_module_script_and_link_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for line in typed(page):
        for module in re.findall(r"python -m (benchmarks[.\w]*)", line):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), line
        for script in re.findall(r"python ((?:docs|benchmarks)/\S+\.py)", line):
            assert (ROOT / script).is_file(), line
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert "://" in link or ((ROOT / page).parent / link).exists(), link


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/search.md", "CONTRIBUTING.md"])
def test_every_module_that_is_named_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+\.py)`", text))
    assert named
    have = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("[dst]*/**/*.py")}
    assert [name for name in sorted(named) if not any(f"/{path}".endswith(f"/{name}") for path in have)] == []


def test_every_source_cited_in_the_solver_is_listed() -> None:
    listed = (ROOT / "docs" / "search.md").read_text(encoding="utf-8").partition("## Sources")[2]
    cited = {
        (name, year)
        for path in (ROOT / "scheduler" / "solve").rglob("*.py")
        for name, year in re.findall(
            r"\b([A-Z][a-z]+)(?: et al\.)?, ((?:19|20)\d\d)\b", path.read_text(encoding="utf-8")
        )
    }
    assert len(cited) >= 10
    assert [c for c in sorted(cited) if not re.search(rf"{c[0]}[^*]*{c[1]}", listed)] == []
