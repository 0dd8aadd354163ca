"""The problem on a page of the portal, converted to an answer."""

import re
from html import unescape

import httpx

from tests.support.desk.values import Answer

_NOTICE = re.compile(r'<p class="notice bad" role="alert">(.*?)</p>', re.DOTALL)
_SENTENCES = {
    "This code does not hold": ("wrong_code", "code", "valid_once"),
    "This user name is not free": ("user_name_taken", "user", "unique"),
    "A user name with an @": ("user_name_address", "user", "own_address"),
    "A password has 12 to 200": ("password", "password", "password"),
    "This password is easy to guess": ("password", "password", "common_password"),
    "User name and password do not fit": ("wrong_credentials", "password", "credentials"),
    "Too many attempts": ("too_many_attempts", "", "attempts"),
}
"""Code, field and rule of the problem, by the beginning of its English text."""


def problem_on(page: httpx.Response) -> Answer:
    """The answer of a page that refuses; its code is the status for any other text."""
    found = _NOTICE.search(page.text)
    notice = unescape(found[1]).strip() if found else ""
    unnamed = (str(page.status_code), "", "")
    code, field, rule = next(
        (named for sentence, named in _SENTENCES.items() if notice.startswith(sentence)), unnamed
    )
    return Answer(status="refused", code=code, field=field, rule=rule, reason=notice)
