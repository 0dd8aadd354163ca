"""The command line as a client of the portal's API, with its error messages."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import httpx
from pydantic import BaseModel, ValidationError

from case_portal.web.problems import ProblemDetails

WITHIN = 120
"""The time-out of a request, in seconds."""
Command = Callable[..., None]
Option = Callable[[Command], Command]

WHO: tuple[Option, ...] = (
    click.option("--tenant", help="Where one user name is known at several."),
    click.option("--user", envvar="CASEFOLD_USER", help="What you log in with."),
)


class _Session(BaseModel):
    token: str


class WrongQuestion(click.ClickException):
    """The request is wrong. The command exits with 2."""

    exit_code = 2


@contextmanager
def logged_in(user: str | None, tenant: str | None) -> Iterator[httpx.Client]:
    """A client of the API, with CASEFOLD_TOKEN, or as a user with CASEFOLD_PASSWORD.

    Raises ClickException if the API does not answer, or if its answer is not one of the
    portal's.
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
    credentials = {"user": user, "password": password, "tenant": tenant}
    return _Session.model_validate_json(
        good(client.post("/session", json=credentials)).content
    ).token


def good(answer: httpx.Response) -> httpx.Response:
    """The answer, or an error message; with exit 2 if the request is wrong."""
    if answer.is_success:
        return answer
    problem = problem_of(answer)
    faults = [f"{fault.field}: {fault.detail}" for fault in problem.errors]
    sentence = "; ".join(faults) or problem.detail
    raise WrongQuestion(sentence) if answer.status_code == 422 else click.ClickException(sentence)


def problem_of(answer: httpx.Response) -> ProblemDetails:
    """The problem in an answer; its status, if another server answered."""
    try:
        return ProblemDetails.model_validate_json(answer.content)
    except ValidationError:
        detail = f"the portal answered {answer.status_code}"
        return ProblemDetails(
            title=answer.reason_phrase, status=answer.status_code, detail=detail, code="unknown"
        )


def table(rows: list[list[str]], nothing: str) -> None:
    """Print rows as a table; a sentence if there are none."""
    if not rows:
        click.echo(nothing)
    widths = [max(map(len, column)) for column in zip(*rows, strict=False)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("   ".join([*cells, *row[len(widths) :]]).rstrip())
