"""The `casefold` program: what is plugged in, and what is broken."""

import json
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import click
import pytest
from case_portal.access.cli import portal as accounts
from casefold import command, project
from casefold.databases import FILE, OWN
from casefold.platform import Platform
from casefold.publishing import publish
from casefold.servers import Addresses
from casefold.topology import PORTAL, TopologyError, count_setting, partitions
from click.testing import CliRunner

from tests.support.wire import SETTINGS


@click.command()
@click.argument("word")
def echo(word: str) -> None:
    """Say a word."""
    click.echo(word)


@click.command()
@click.option("--database-url", envvar="CASEFOLD_DATABASE_URL", default="nowhere")
def portal(database_url: str) -> None:
    """Say which database it was told of."""
    click.echo(database_url)


@click.group()
def words() -> None:
    """Words, and what is done with them."""


@words.command()
def own() -> None:
    """What the group has by itself."""
    click.echo("own")


AT_HAND = {"echo": echo, "portal": portal, "words": words, "further": echo, "odd": 3.14}


@pytest.fixture(autouse=True)
def plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    """One command that works, one whose module is missing, one that is no command; and a group,
    to which others add one that works and one whose module is missing."""
    of_words = f"{command.ENTRY_POINTS}.words"
    entries = [
        EntryPoint("echo", f"{__name__}:echo", command.ENTRY_POINTS),
        EntryPoint("portal", f"{__name__}:portal", command.ENTRY_POINTS),
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


def test_the_list_of_commands_loads_none_that_can_be_read() -> None:
    """It is there at once, whatever the commands need: a database, a broker, a rule engine."""
    listing = "from casefold.command import main; main(['--help'], standalone_mode=False)"
    asked = f"import sys; {listing}; print(*sorted(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    *listed, loaded = answer.stdout.splitlines()
    assert "  sla         Compute the clocks of a case, for anyone to check." in listed
    needed = {"aiokafka", "cel", "fastapi", "jinja2", "psycopg", "pydantic", "ruamel"}
    assert not needed & {name.partition(".")[0] for name in loaded.split()}


def test_rules_are_evaluated_without_a_terminal_toolkit() -> None:
    asked = "import sys, case_definition.cel.rules; print(*sorted(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert not {"cel.cli", "prompt_toolkit", "rich", "typer"} & set(answer.stdout.split())


@pytest.mark.parametrize("name", ["absent", "odd"])
def test_a_broken_plug_in_says_one_line_when_used(name: str) -> None:
    """Whatever its arguments are."""
    result = CliRunner().invoke(command.main, [name, "group", "--option", "x"])
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: `casefold {name}` cannot be used: ")
    assert result.output.count("\n") == 1


def test_a_setting_that_is_no_port_or_count_is_named() -> None:
    """Before anything is started."""
    with pytest.raises(TopologyError, match="CASEFOLD_PORTAL_PORT=http is not a port"):
        PORTAL.number({"CASEFOLD_PORTAL_PORT": "http"})
    with pytest.raises(TopologyError, match="CASEFOLD_PARTITIONS=0"):
        partitions({"CASEFOLD_PARTITIONS": "0"})
    with pytest.raises(TopologyError, match="CASEFOLD_REPLICATION=two"):
        count_setting("CASEFOLD_REPLICATION", {"CASEFOLD_REPLICATION": "two"})


HERE = "postgresql://casefold_portal:its-own@127.0.0.1:15432/portal"


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({}, HERE),
        ({"CASEFOLD_POSTGRES_PORT": "7"}, HERE.replace("15432", "7")),
        (
            {"DATABASE_URL": "postgresql://me@there:5432/x"},
            HERE.replace("127.0.0.1:15432", "there:5432"),
        ),
        ({"CASEFOLD_DATABASE_URL": "as given"}, "as given"),
    ],
    ids=["here", "another port", "a server of one's own", "given"],
)
def test_the_portals_commands_find_its_database(
    settings: dict[str, str], found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D13, C16: that of the platform on this machine, where nothing else is said; with the login of
    the portal, never with that of the administrator."""
    _says(monkeypatch, settings, tmp_path)
    (tmp_path / FILE).write_text(json.dumps({"portal": {OWN: HERE.replace("15432", "1")}}))
    assert CliRunner().invoke(command.main, ["portal"]).output == f"{found}\n"


def test_no_service_gets_the_login_of_an_administrator(tmp_path: Path) -> None:
    """C16: on a server of one's own, `DATABASE_URL` is for `casefold` alone."""
    given = {"DATABASE_URL": "postgresql://admin:word@there/x", "CASEFOLD_PORTAL_URL": "http://p"}
    platform = Platform(data=tmp_path, environment=given)
    settings = platform._settings(Addresses("there:9092", given["DATABASE_URL"]))
    assert settings["CASEFOLD_PORTAL_URL"] == "http://p"
    assert [name for name, value in settings.items() if "word" in value] == []


def test_a_definition_is_published_to_the_broker_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no other is named."""
    monkeypatch.setenv("CASEFOLD_KAFKA", "")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "")
    monkeypatch.setenv("CASEFOLD_KAFKA_PORT", "1")
    for setting, keys in SETTINGS.items():
        monkeypatch.setenv(setting, keys)
    example = str(project.PROJECT / "docs" / "examples" / "complaints")
    result = CliRunner().invoke(publish, [example])
    assert "127.0.0.1:1 does not answer" in result.output


def test_where_no_platform_ran_the_portals_commands_say_what_they_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _says(monkeypatch, {}, tmp_path)
    monkeypatch.setitem(AT_HAND, "portal", accounts)
    asked = ["portal", "administrator", "--tenant", "t", "--agent", "a", "--user", "u"]
    result = CliRunner().invoke(command.main, [*asked, "--password-stdin"], input="a long password")
    assert result.exit_code == 2
    assert "CASEFOLD_DATABASE_URL" in result.output


def _says(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], data: Path) -> None:
    """An environment that says this and nothing else of where databases are."""
    monkeypatch.setattr(project, "DATA", data)
    for name in ("CASEFOLD_POSTGRES_PORT", "DATABASE_URL", "CASEFOLD_DATABASE_URL"):
        monkeypatch.setenv(name, settings.get(name, ""))
        if name not in settings:
            monkeypatch.delenv(name)
