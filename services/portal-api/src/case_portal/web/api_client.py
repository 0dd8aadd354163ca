"""How the command line asks the portal's API as somebody, and what it says where that fails."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import httpx
from pydantic import BaseModel, ValidationError

from case_portal.web.problems import ProblemDetails

WITHIN = 120
"""Seconds that an answer may take."""
Command = Callable[..., None]
Option = Callable[[Command], Command]

WHO: tuple[Option, ...] = (
    click.option("--tenant", help="Where one user name is known at several."),
    click.option("--user", envvar="CASEFOLD_USER", help="What you log in with."),
)


class _Session(BaseModel):
    token: str


class WrongQuestion(click.ClickException):
    """What was asked is wrong: it ends with 2."""

    exit_code = 2


@contextmanager
def logged_in(user: str | None, tenant: str | None) -> Iterator[httpx.Client]:
    """The API, asked with CASEFOLD_TOKEN, or by a user with CASEFOLD_PASSWORD.

    Raises ClickException where it does not answer, or answers what it never says.
    """
    base = os.environ.get("CASEFOLD_PORTAL_URL", "http://127.0.0.1:8080")
    where = "is the platform running? CASEFOLD_PORTAL_URL says where"
    try:
        with httpx.Client(base_url=f"{base}/api/v1", timeout=WITHIN) as client:
            token = os.environ.get("CASEFOLD_TOKEN") or _log_in(client, user, tenant)
            client.headers["Authorization"] = f"Bearer {token}"
            yield client
    except (httpx.TransportError, httpx.InvalidURL) as error:
        sentence = f"the portal does not answer at {base} ({error}); {where}"
        raise click.ClickException(sentence) from error
    except UnicodeEncodeError as error:
        raise click.ClickException(f"who you are cannot be sent as it is: {error}") from error
    except ValidationError as error:
        sentence = f"what answers at {base} is no portal of this version; {where}"
        raise click.ClickException(sentence) from error


def _log_in(client: httpx.Client, user: str | None, tenant: str | None) -> str:
    if not user:
        raise click.UsageError("say who you are: --user (and CASEFOLD_PASSWORD), or CASEFOLD_TOKEN")
    password = os.environ.get("CASEFOLD_PASSWORD") or click.prompt("Password", hide_input=True)
    said = {"user": user, "password": password, "tenant": tenant}
    return _Session.model_validate_json(good(client.post("/session", json=said)).content).token


def good(answer: httpx.Response) -> httpx.Response:
    """The answer, or the sentence of why not: with exit 2 where what was asked is wrong."""
    if answer.is_success:
        return answer
    problem = problem_of(answer)
    said = [f"{fault.field}: {fault.detail}" for fault in problem.errors]
    sentence = "; ".join(said) or problem.detail
    raise WrongQuestion(sentence) if answer.status_code == 422 else click.ClickException(sentence)


def problem_of(answer: httpx.Response) -> ProblemDetails:
    """What the portal says is wrong; its status, where something else answered for it."""
    try:
        return ProblemDetails.model_validate_json(answer.content)
    except ValidationError:
        said = f"the portal answered {answer.status_code}"
        return ProblemDetails(
            title=answer.reason_phrase, status=answer.status_code, detail=said, code="unknown"
        )


def table(rows: list[list[str]], nothing: str) -> None:
    """Rows with their columns below each other; a sentence where there is none."""
    if not rows:
        click.echo(nothing)
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("   ".join([*cells, *row[len(widths) :]]).rstrip())
