"""The `casefold` program: what is plugged in, and what is broken."""

from importlib.metadata import EntryPoint
from typing import Any

import click
import pytest
from casefold import command
from casefold.plan import PORTAL, PlanError, partitions
from click.testing import CliRunner


@click.command()
@click.argument("word")
def echo(word: str) -> None:
    """Say a word."""
    click.echo(word)


@click.group()
def words() -> None:
    """Words, and what is done with them."""


@words.command()
def own() -> None:
    """What the group has by itself."""
    click.echo("own")


AT_HAND = {"echo": echo, "words": words, "further": echo, "odd": 3.14}


@pytest.fixture(autouse=True)
def plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    """One command that works, one whose module is missing, one that is no command; and a group,
    to which others add one that works and one whose module is missing."""
    of_words = f"{command.ENTRY_POINTS}.words"
    entries = [
        EntryPoint("echo", f"{__name__}:echo", command.ENTRY_POINTS),
        EntryPoint("absent", "no_such_module:group", command.ENTRY_POINTS),
        EntryPoint("odd", "math:pi", command.ENTRY_POINTS),
        EntryPoint("words", f"{__name__}:words", command.ENTRY_POINTS),
        EntryPoint("further", f"{__name__}:echo", of_words),
        EntryPoint("absent", "no_such_module:group", of_words),
    ]

    def found(*, group: str, name: str | None = None) -> list[EntryPoint]:
        assert group.startswith(command.ENTRY_POINTS)
        return [one for one in entries if one.group == group and name in {None, one.name}]

    monkeypatch.setattr(command, "entry_points", found)
    monkeypatch.setattr("importlib.metadata.EntryPoint.load", load)


def load(entry: EntryPoint) -> Any:
    """As the library does, but what this module has is at hand."""
    if entry.name in AT_HAND:
        return AT_HAND[entry.name]
    raise ModuleNotFoundError("No module named 'no_such_module'")


def test_plugged_commands_stand_beside_the_own_ones() -> None:
    """The list shows all, also those that cannot be used."""
    assert CliRunner().invoke(command.main, ["echo", "hello"]).output == "hello\n"
    listed = CliRunner().invoke(command.main, ["--help"]).output
    for name in ("absent", "echo", "odd", "reset", "topics", "up"):
        assert f"\n  {name} " in listed


def test_a_group_has_what_others_plug_into_it() -> None:
    listed = CliRunner().invoke(command.main, ["words", "--help"]).output
    assert "Words, and what is done with them." in listed
    for name in ("absent", "further", "own"):
        assert f"\n  {name} " in listed
    assert CliRunner().invoke(command.main, ["words", "further", "hello"]).output == "hello\n"


def test_what_a_command_does_not_need_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others plug into its group may take long, or be broken."""
    loaded = []

    def watched(entry: EntryPoint) -> Any:
        loaded.append(entry.name)
        return load(entry)

    monkeypatch.setattr("importlib.metadata.EntryPoint.load", watched)
    assert CliRunner().invoke(command.main, ["words", "own"]).output == "own\n"
    assert loaded == ["words"]


@pytest.mark.parametrize("name", ["absent", "odd"])
def test_a_broken_plug_in_says_one_line_when_used(name: str) -> None:
    """Whatever its arguments are."""
    result = CliRunner().invoke(command.main, [name, "group", "--option", "x"])
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: `casefold {name}` cannot be used: ")
    assert result.output.count("\n") == 1


def test_a_setting_that_is_no_port_or_count_is_named() -> None:
    """Before anything is started."""
    with pytest.raises(PlanError, match="CASEFOLD_PORTAL_PORT=http is not a port"):
        PORTAL.number({"CASEFOLD_PORTAL_PORT": "http"})
    with pytest.raises(PlanError, match="CASEFOLD_PARTITIONS=0"):
        partitions({"CASEFOLD_PARTITIONS": "0"})
