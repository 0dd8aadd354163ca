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
from case_events.keyring import SECRET_SETTING, BadKey, Keyring, keyring_of

WORKFLOW = "CASEFOLD_WORKFLOW_URL"
HOLDS = timedelta(minutes=15)
WITHIN = 600
"""Seconds within which an answer of workflow must begin."""


class NoAnswer(Exception):
    """Workflow did not answer, or refused. The message is a sentence for the operator."""


def bearer(secret: Keyring, purpose: tokens.Purpose) -> dict[str, str]:
    """The header of a request of the platform's own tools, for a quarter of an hour."""
    token = tokens.issue(secret, purpose, {}, datetime.now(UTC) + HOLDS)
    return {"Authorization": f"Bearer {token}"}


def shown() -> dict[str, str]:
    """The header of a request of a tool. Raises `NoAnswer` if the environment has no secret."""
    try:
        return bearer(keyring_of(os.environ.get(SECRET_SETTING, "")), "tool")
    except BadKey as error:
        raise NoAnswer(
            f"{error}. It is the secret that the services of the platform share"
        ) from error


def is_shown(secret: Keyring, purpose: tokens.Purpose, authorization: str) -> bool:
    """Whether a header was made by `bearer` for this purpose, with a secret of this keyring."""
    scheme, _, token = authorization.partition(" ")
    now = datetime.now(UTC)
    return scheme.lower() == "bearer" and tokens.read(secret, purpose, token, now) == {}


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
