"""Commands about mail: `casefold mail explain FILE...`."""

import sys
from pathlib import Path

import click
import msgspec

from case_intake.domain.mail import read_mail


@click.group()
def mail() -> None:
    """Show how intake reads mail."""


@mail.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--envelope-from",
    metavar="ADDRESS",
    help="The sender named in SMTP; empty for the null sender of bounces.",
)
def explain(files: tuple[str, ...], envelope_from: str | None) -> None:
    """Show how intake reads each message: one JSON line for each FILE, without a server.

    A FILE of - is standard input. A file that cannot be read is named on standard error; the others
    are still shown, and the exit status is 2.
    """
    failed = False
    for file in files:
        shown = click.format_filename(file)
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            click.echo(f"{shown}: cannot be read: {reason}", err=True)
            failed = True
            continue
        fields = msgspec.to_builtins(read_mail(raw, envelope_from))
        click.echo(msgspec.json.encode({"file": shown} | fields))
    if failed:
        raise SystemExit(2)
