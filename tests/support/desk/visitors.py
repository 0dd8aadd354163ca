"""A visitor of the portal's pages: the forms to which mails link, in both worlds."""

import re
from collections.abc import Callable, Mapping

import httpx

from tests.support.desk.browsers import Client
from tests.support.desk.new_case_page import NewCasePage
from tests.support.desk.page_problems import problem_on
from tests.support.desk.values import Answer

DONE = Answer(status="done")
_CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b")
_RATING_LINK = re.compile(r"\S+/rate/\S+")
_HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


def rating_link_in(text: str) -> str:
    """The link in a mail to the page for rating."""
    found = _RATING_LINK.findall(text)
    assert len(found) == 1, f"a mail with {len(found)} links to rate by: {text}"
    return str(found[0])


def code_in(text: str) -> str:
    """The code in a mail, by itself or in its link."""
    found = _CODE.findall(text)
    assert len(set(found)) == 1, f"a mail with {len(found)} codes: {text}"
    return str(found[0])


class Visitor:
    """A browser without JavaScript in which nobody is logged in yet."""

    def __init__(self, browser: Client, settle: Callable[[], None]) -> None:
        self._browser, self._settle, self._choice = browser, settle, ""

    def redeems(self, code: str) -> Answer:
        """Type the personal code of an invitation."""
        return self._sent("/access/redeem", code=code)

    def confirms(self, code: str) -> Answer:
        """Follow the link of the second mail, and confirm the address."""
        answer, page = self._submit("/access/confirm", code=code)
        self._choice = _hidden(page).get("code", "")
        return answer

    def chooses(self, user: str, password: str) -> Answer:
        """Choose user name and password, after confirming."""
        token = _hidden(self._get("/access/redeem").text)["form_token"]
        typed = {"code": self._choice, "user": user, "password": password, "again": password}
        return _page(self._post("/access/account", typed | {"form_token": token}))

    def forgets(self, user: str) -> Answer:
        """Report a forgotten password."""
        return self._sent("/access/forgot", user=user)

    def sets(self, code: str, password: str) -> Answer:
        """Follow the link that sets a password."""
        return self._sent("/access/reset", code=code, password=password, again=password)

    def logs_in(self, user: str, password: str) -> Answer:
        """Log in with user name and password."""
        return self._sent("/login", user=user, password=password)

    def opens_form(self, case_type: str) -> NewCasePage:
        """Open the form of a new case of a type, after logging in."""
        return NewCasePage(self._browser, self._settle, case_type)

    def rates(self, mail: str, stars: int, text: str) -> Answer:
        """Follow the link in a mail that asks for a rating, and rate the case."""
        link = rating_link_in(mail)
        opened = _page(self._get(link))
        if opened != DONE:
            return opened
        sent = self._post(link, {"stars": str(stars), "text": text})
        self._settle()
        return _page(sent)

    def _sent(self, path: str, **typed: str) -> Answer:
        return self._submit(path, **typed)[0]

    def _submit(self, path: str, **typed: str) -> tuple[Answer, str]:
        page = self._get(path).text
        sent = self._post(path, typed | {"form_token": _hidden(page)["form_token"]})
        self._settle()
        return _page(sent), sent.text

    def _get(self, url: str) -> httpx.Response:
        return self._browser.request("GET", url)

    def _post(self, url: str, typed: Mapping[str, str]) -> httpx.Response:
        return self._browser.request("POST", url, data=typed)


def _page(response: httpx.Response) -> Answer:
    if response.status_code < 400:
        return DONE
    return problem_on(response)


def _hidden(page: str) -> dict[str, str]:
    return dict(_HIDDEN.findall(page))
