"""What the documents say is there, is there: files, commands, ports, decisions."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import click
import pytest
from casefold.command import ENTRY_POINTS, main
from casefold.samples import read_sample
from casefold.topology import PORTS, SMTP

ROOT = Path(__file__).parents[3]
PAGES = sorted(ROOT.glob("*.md"))
PAGES += sorted((ROOT / "docs").rglob("*.md"))
PACKAGES = sorted(file.parent for file in ROOT.glob("*/*/pyproject.toml"))
PAGES += [folder / "README.md" for folder in (*PACKAGES, ROOT / "examples" / "counter")]
TESTS = re.compile(r"bin/pytest((?: [\w/]+)+)")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
COMMAND = re.compile(r"(?:bin/|`)casefold ([a-z][a-z -]*)")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _plugged() -> dict[str, click.Command]:
    """The commands that packages of the project plug in, by their own word."""
    plugged: dict[str, click.Command] = {}
    for file in ROOT.glob("*/*/pyproject.toml"):
        entries = tomllib.loads(file.read_text())["project"].get("entry-points", {})
        for name, place in entries.get(ENTRY_POINTS, {}).items():
            module, _, attribute = place.partition(":")
            plugged[name] = getattr(import_module(module), attribute)
    return plugged


def _exists(words: list[str]) -> bool:
    own, context = dict(main.commands), click.Context(main)
    command = own.get(words[0]) or _plugged().get(words[0])
    if isinstance(command, click.Group) and len(words) > 1:
        # Other packages may have added to it: the program itself knows.
        loaded = main.get_command(context, words[0])
        return isinstance(loaded, click.Group) and loaded.get_command(context, words[1]) is not None
    return command is not None


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_link_to_a_decision_shows_its_number(page: Path) -> None:
    links = re.findall(r"\[(\d{4})[^]]*\]\((?:[^)]*/)?(\d{4})-[^)]*\)", page.read_text())
    assert [(shown, number) for shown, number in links if shown != number] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_are_there(page: Path) -> None:
    commands = [found.split() for found in COMMAND.findall(page.read_text())]
    assert [" ".join(words) for words in commands if not _exists(words)] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_the_tests_that_a_page_names_are_there(page: Path) -> None:
    named = [path for asked in TESTS.findall(page.read_text()) for path in asked.split()]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_package_says_what_it_is_and_how_to_test_it() -> None:
    for folder in PACKAGES:
        text = (folder / "README.md").read_text()
        assert "## The way through it" in text
        assert "## Test it" in text
        assert TESTS.search(text), f"{folder} names no tests"


def test_commands_are_looked_for() -> None:
    assert COMMAND.findall((ROOT / "README.md").read_text())
    assert not _exists(["case", "invent"])
    assert not _exists(["invent"])


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_make_knows_what_is_made(page: Path) -> None:
    made = set(re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(), re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert made <= targets


def test_the_readme_names_every_port_and_its_setting() -> None:
    """Issue 3, point 1: the setting to change is named."""
    text = (ROOT / "README.md").read_text()
    assert [p.setting for p in PORTS if p.setting not in text or str(p.default) not in text] == []


def test_the_readme_sends_its_mail_as_the_sample_does() -> None:
    text, sample = (ROOT / "README.md").read_text(), read_sample()
    assert f"FROM={sample.mail_from} TO={sample.mail_to}\n" in text
    assert f"smtp://127.0.0.1:{SMTP.default} " in text


def test_every_page_is_on_the_first_page_and_in_the_site() -> None:
    first, site = (ROOT / "docs" / "index.md").read_text(), (ROOT / "mkdocs.yml").read_text()
    pages = [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "index.md"]
    assert [name for name in pages if f"({name})" not in first] == []
    assert [name for name in pages if f": {name}\n" not in site] == []


def test_every_decision_is_listed_and_says_what_a_decision_must() -> None:
    listed = (ROOT / "docs" / "decisions" / "index.md").read_text()
    site = (ROOT / "mkdocs.yml").read_text()
    for page in DECISIONS:
        text = page.read_text()
        number, _, title = text.partition("\n")[0].removeprefix("# ").partition(": ")
        assert page.name.startswith(number)
        assert f"[{number}: {title}]({page.name})" in listed
        assert page.name in site
        assert [
            part
            for part in ("Context", "Decision", "Instead of", "Consequences")
            if f"**{part}.**" not in text
        ] == []
