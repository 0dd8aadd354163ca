"""Requests of the platform's own tools, with a token that is signed with the shared secret.

A history contains what people wrote, of every tenant. Workflow shows it only to holders of the
secret that all services share.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from case_events import tokens

TOOL = {"kind": "tool"}
OPERATOR = {"kind": "operator"}
SECRET = "CASEFOLD_SECRET"  # noqa: S105 - the name of the setting
WORKFLOW = "CASEFOLD_WORKFLOW_URL"
HOLDS = timedelta(minutes=15)
WITHIN = 600
"""Seconds within which an answer of workflow must begin."""


class NoAnswer(Exception):
    """Workflow did not answer, or refused. The message is a sentence for the operator."""


def shown() -> dict[str, str]:
    """The header of a request of a tool. Raises `NoAnswer` if the environment has no secret."""
    secret = os.environ.get(SECRET)
    if not secret:
        raise NoAnswer(f"{SECRET} is not set: the secret that the services of the platform share")
    token = tokens.issue(secret.encode(), TOOL, datetime.now(UTC) + HOLDS)
    return {"Authorization": f"Bearer {token}"}


def is_tool(secret: bytes, authorization: str) -> bool:
    """Whether a header was made by a tool with this secret."""
    scheme, _, token = authorization.partition(" ")
    return scheme.lower() == "bearer" and tokens.read(secret, token, datetime.now(UTC)) == TOOL


def ask_workflow(path: str, query: Mapping[str, str]) -> HTTPResponse:
    """The answer of workflow's API, to be read and closed. Raises `NoAnswer`.

    The environment variable CASEFOLD_WORKFLOW_URL is the address of the API.
    """
    base = os.environ.get(WORKFLOW, "http://127.0.0.1:8082")
    url = f"{base}{path}?{urlencode(query)}"
    try:
        request = Request(url, headers=shown())  # noqa: S310 - the operator's own address
        answer: HTTPResponse = urlopen(request, timeout=WITHIN)  # noqa: S310
    except HTTPError as error:
        raise NoAnswer(str(json.load(error).get("reason", error))) from error
    except (URLError, TimeoutError) as error:
        why = getattr(error, "reason", error)
        raise NoAnswer(
            f"workflow does not answer at {base} ({why}); "
            f"is the platform running? {WORKFLOW} says where"
        ) from error
    return answer
