"""The `casefold` program: its own commands, and the commands of other packages.

A package adds a command with an entry point of the group `casefold.commands`: the name of the entry
point is the name of the command, its object a click command or group. With an entry point of
`casefold.commands.<group>`, a package adds a command to the group of another package.

The program loads a command when it is used, so it starts fast and a broken package breaks only its
own commands. The list of commands shows help lines from the source files and loads no command. The
commands in this module import other modules when they run, for the same reason.
"""

import ast
import asyncio
import ctypes
import os
import shutil
import signal
import sys
from contextlib import suppress
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

ENTRY_POINTS = "casefold.commands"
PR_SET_PDEATHSIG = 1


class PluggedGroup(click.Group):
    """A group with additional commands from the entry points of the group `plugs`."""

    def __init__(self, *args: Any, plugs: str = ENTRY_POINTS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plugs = plugs

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, its own and those of entry points."""
        plugged = {entry.name for entry in entry_points(group=self.plugs)}
        return sorted({*super().list_commands(ctx), *plugged})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with a name, its own or that of an entry point; None if there is none."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        found = next(iter(entry_points(group=self.plugs, name=cmd_name)), None)
        return _load(found) if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their help lines."""
        plugged = {entry.name: entry for entry in entry_points(group=self.plugs)}
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names), default=0)
        rows = []
        for name in names:
            entry = None if name in self.commands else plugged.get(name)
            command = (entry and _as_listed(entry)) or self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(limit)))
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _as_listed(entry: EntryPoint) -> click.Command | None:
    """A command that has only its help, read from the source file; None if that is not possible."""
    try:
        spec = find_spec(entry.module)
    except ImportError:
        return None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    for node in ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == entry.attr:
            return click.Command(entry.name, help=ast.get_docstring(node))
    return None


def _load(entry: EntryPoint) -> click.Command:
    try:
        command = entry.load()
    except Exception as error:  # noqa: BLE001 - a broken package must not break the other commands
        return _broken(entry.name, f"{entry.value}: {type(error).__name__}: {error}")
    further = f"{entry.group}.{entry.name}"
    if isinstance(command, click.Group) and entry_points(group=further):
        sources = [command, PluggedGroup(plugs=further)]
        return click.CommandCollection(entry.name, sources, help=command.help)
    if isinstance(command, click.Command):
        return command
    return _broken(entry.name, f"{entry.value} is not a click command")


def _broken(name: str, reason: str) -> click.Command:
    line = f"`casefold {name}` cannot be used: {' '.join(reason.split())}"

    def print_line() -> None:
        raise click.ClickException(line)

    return click.Command(
        name,
        callback=print_line,
        short_help="(cannot be used now)",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        add_help_option=False,
    )


@click.group(cls=PluggedGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Casefold: a case platform for support organisations."""
    from casefold.keys import found_in
    from casefold.project import DATA

    # Tools need the secret and the keys of the platform, to ask services, to publish records and to
    # read sealed fields: those of this machine, if no others are set.
    with suppress(FileNotFoundError):
        for setting, keys in found_in(DATA).items():
            os.environ.setdefault(setting, keys)
    if context.invoked_subcommand == "portal" and not os.environ.get("CASEFOLD_DATABASE_URL"):
        _find_database("portal")


def _find_database(name: str) -> None:
    """Set the URL of the database of a service on this machine, if a platform has run here."""
    from casefold.databases import FILE, OWN, known, on_server
    from casefold.project import DATA
    from casefold.servers import server_address
    from casefold.topology import TopologyError

    try:
        settings = known(DATA / FILE)[name]
        os.environ[OWN] = on_server(server_address(os.environ), settings)[OWN]
    except KeyError:
        return
    except TopologyError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--with-parent", is_flag=True, help="Stop when the process that started this dies.")
def up(*, with_parent: bool) -> None:
    """Run the whole platform on this machine until Ctrl-C."""
    from casefold import platform

    if with_parent:
        _stop_with_parent()
    try:
        platform.Platform().run()
    except platform.EXPECTED_ERRORS as error:
        raise click.ClickException(str(error)) from error


def _stop_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@main.command()
def reset() -> None:
    """Delete all data of the platform on this machine."""
    from casefold import process
    from casefold.embedded.postgres import remove_data
    from casefold.project import DATA

    if not DATA.exists():
        click.echo("There is no data.")
        return
    try:
        claim = process.claim(DATA)
    except process.FolderInUseError as error:
        raise click.ClickException(f"stop the platform first: {error}") from error
    with claim:
        for pid_file in DATA.rglob("*.pid"):
            process.end_leftover(pid_file, signal.SIGTERM, timeout=5)
        remove_data(DATA / "postgres")
        for entry in DATA.iterdir():
            # Downloads are not data.
            if entry.name not in {"cache", "in-use"}:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    click.echo("All data of the platform is deleted.")


@main.command()
def demo() -> None:
    """Play a story on the running platform, and print it."""
    from casefold.demo import Demo, DemoError

    try:
        Demo(os.environ, click.echo).play()
    except DemoError as error:
        raise click.ClickException(str(error)) from error


@main.group()
def topics() -> None:
    """Manage the topics of Kafka."""


@topics.command()
@click.option("--bootstrap", envvar=["CASEFOLD_KAFKA", "KAFKA_BOOTSTRAP_SERVERS"], required=True)
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply(bootstrap: str, file: Path | None) -> None:
    """Create the missing topics, and update the settings of the others.

    CASEFOLD_PARTITIONS and CASEFOLD_REPLICATION override the file's defaults.
    """
    from aiokafka.errors import KafkaError

    from casefold import topics as wanted
    from casefold.project import TOPICS_FILE
    from casefold.topology import TopologyError, count_setting

    try:
        partitions = count_setting("CASEFOLD_PARTITIONS", os.environ)
        replication = count_setting("CASEFOLD_REPLICATION", os.environ)
        described = wanted.read_topics(file or TOPICS_FILE, partitions, replication)
        created = asyncio.run(wanted.apply_topics(bootstrap, described))
    except (TopologyError, wanted.TopicError, KafkaError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"created: {', '.join(created)}" if created else "all topics were there")


if __name__ == "__main__":
    main(prog_name="casefold")
