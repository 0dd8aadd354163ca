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


@pytest.fixture(autouse=True)
def plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    """One command that works, one whose module is missing, one that is no command."""
    entries = [
        EntryPoint("echo", f"{__name__}:echo", command.ENTRY_POINTS),
        EntryPoint("absent", "no_such_module:group", command.ENTRY_POINTS),
        EntryPoint("odd", "math:pi", command.ENTRY_POINTS),
    ]

    def found(*, group: str, name: str | None = None) -> list[EntryPoint]:
        assert group == command.ENTRY_POINTS
        return [entry for entry in entries if name in {None, entry.name}]

    monkeypatch.setattr(command, "entry_points", found)
    monkeypatch.setattr("importlib.metadata.EntryPoint.load", load)


def load(entry: EntryPoint) -> Any:
    """As the library does, but this module's command is at hand."""
    if entry.name == "echo":
        return echo
    if entry.name == "odd":
        return 3.14
    raise ModuleNotFoundError("No module named 'no_such_module'")


def test_plugged_commands_stand_beside_the_own_ones() -> None:
    """The list shows all, also those that cannot be used."""
    assert CliRunner().invoke(command.main, ["echo", "hello"]).output == "hello\n"
    listed = CliRunner().invoke(command.main, ["--help"]).output
    for name in ("absent", "echo", "odd", "reset", "topics", "up"):
        assert f"\n  {name} " in listed


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
