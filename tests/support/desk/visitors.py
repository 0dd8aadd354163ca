"""Somebody on their way into the portal: the forms that mails lead to, in both worlds."""

import re
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Protocol

import httpx
from case_events.contracts.commands import Command
from case_events.contracts.parts import Words
from case_events.contracts.ratings import RateCase
from case_events.rating_link import read_rating_token
from case_portal.access.service import Access
from case_portal.core.problem import Problem
from case_portal.core.sessions import Session

from tests.support.desk.values import Answer, File, Person
from tests.support.world.platform import SECRET

DONE = Answer(status="done")
CLIENT = "192.0.2.7"
_CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b")
_RATING_LINK = re.compile(r"\S+/rate/\S+")
_HIDDEN = re.compile(r'name="(\w+)" value="([^"]*)"')


class Visitor(Protocol):
    """A browser without JavaScript in which nobody is logged in yet."""

    def redeems(self, code: str) -> Answer:
        """Type the personal code of an invitation."""

    def confirms(self, code: str) -> Answer:
        """Follow the link of the second mail, and confirm the address."""

    def chooses(self, user: str, password: str) -> Answer:
        """Choose user name and password, after confirming."""

    def forgets(self, user: str) -> Answer:
        """Say that the password is forgotten."""

    def sets(self, code: str, password: str) -> Answer:
        """Follow the link that sets a password."""

    def logs_in(self, user: str, password: str) -> Answer: ...

    def rates(self, mail: str, stars: int, text: str) -> Answer:
        """Follow the link of a mail that asks how a case was handled, and say so."""


def rating_link_in(text: str) -> str:
    """The link that a mail carries to the page on which one rates."""
    found = _RATING_LINK.findall(text)
    assert len(found) == 1, f"a mail with {len(found)} links to rate by: {text}"
    return str(found[0])


def code_in(text: str) -> str:
    """The code that a mail carries, by itself or in its link."""
    found = _CODE.findall(text)
    assert len(set(found)) == 1, f"a mail with {len(found)} codes: {text}"
    return str(found[0])


class Desk(Protocol):
    """Where cases are asked."""

    def now(self) -> datetime: ...
    def ask(
        self, who: Person, reference: str, command: Command, files: Sequence[File]
    ) -> Answer: ...


class SimulatedVisitor:
    """Implements `Visitor` on the application itself."""

    def __init__(
        self, access: Access, run: Callable[[Coroutine[Any, Any, Any]], Any], desk: Desk
    ) -> None:
        self._access, self._run, self._desk, self._choice = access, run, desk, ""

    def redeems(self, code: str) -> Answer:
        return _told(self._run(self._access.redeem(code, CLIENT)))

    def confirms(self, code: str) -> Answer:
        choice = self._run(self._access.confirm(code, CLIENT))
        if isinstance(choice, Problem):
            return _told(choice)
        self._choice = choice
        return DONE

    def chooses(self, user: str, password: str) -> Answer:
        return _told(self._run(self._access.choose(self._choice, user, password, CLIENT)))

    def forgets(self, user: str) -> Answer:
        answer = _told(self._run(self._access.ask_reset(user, CLIENT)))
        while self._run(self._access.work_off()):
            pass
        return answer

    def sets(self, code: str, password: str) -> Answer:
        return _told(self._run(self._access.reset(code, password, CLIENT)))

    def logs_in(self, user: str, password: str) -> Answer:
        session = self._run(self._access.log_in(user, password, None, CLIENT))
        return DONE if isinstance(session, Session) else _told(session)

    def rates(self, mail: str, stars: int, text: str) -> Answer:
        token = rating_link_in(mail).rpartition("/")[2]
        read = read_rating_token(SECRET, token, self._desk.now())
        assert read is not None, "this link is none of ours"
        holder = Person(read.tenant, "contact", read.contact, "")
        command = RateCase(stars=stars, personal=Words(text=text))
        return self._desk.ask(holder, read.reference, command, ())


class RealVisitor:
    """Implements `Visitor` on the pages of a running platform."""

    def __init__(self, url: str, settle: Callable[[], None]) -> None:
        self._browser = httpx.Client(base_url=url, timeout=30)
        self._settle, self._choice = settle, ""

    def redeems(self, code: str) -> Answer:
        return self._sent("/access/redeem", code=code)

    def confirms(self, code: str) -> Answer:
        answer, page = self._submit("/access/confirm", code=code)
        self._choice = _hidden(page).get("code", "")
        return answer

    def chooses(self, user: str, password: str) -> Answer:
        token = _hidden(self._browser.get("/access/redeem").text)["form_token"]
        typed = {"code": self._choice, "user": user, "password": password, "again": password}
        return _page(self._browser.post("/access/account", data=typed | {"form_token": token}))

    def forgets(self, user: str) -> Answer:
        return self._sent("/access/forgot", user=user)

    def sets(self, code: str, password: str) -> Answer:
        return self._sent("/access/reset", code=code, password=password, again=password)

    def logs_in(self, user: str, password: str) -> Answer:
        return self._sent("/login", user=user, password=password)

    def rates(self, mail: str, stars: int, text: str) -> Answer:
        link = rating_link_in(mail)
        opened = _page(self._browser.get(link))
        if opened != DONE:
            return opened
        sent = self._browser.post(link, data={"stars": stars, "text": text})
        self._settle()
        return _page(sent)

    def _sent(self, path: str, **typed: str) -> Answer:
        return self._submit(path, **typed)[0]

    def _submit(self, path: str, **typed: str) -> tuple[Answer, str]:
        page = self._browser.get(path).text
        sent = self._browser.post(path, data=typed | {"form_token": _hidden(page)["form_token"]})
        self._settle()
        return _page(sent), sent.text


def _told(problem: Problem | None) -> Answer:
    if problem is None:
        return DONE
    return Answer(
        status="refused", code=problem.code, field=problem.field, rule=problem.rule,
        reason=problem.reason,
    )  # fmt: skip


def _page(response: httpx.Response) -> Answer:
    if response.status_code < 400:
        return DONE
    return Answer(status="refused", code=str(response.status_code))


def _hidden(page: str) -> dict[str, str]:
    return dict(_HIDDEN.findall(page))
