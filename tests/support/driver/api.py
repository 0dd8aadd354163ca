"""The actions of people by HTTP: requests to the portal's and intake's APIs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec
from case_events.contracts.commands import Command

from tests.support.desk.browsers import Client
from tests.support.desk.values import (
    AccountResponse,
    Answer,
    ArticleResponse,
    CaseResponse,
    Entry,
    File,
    Form,
    Person,
    TopicResponse,
    WaitingResponse,
)
from tests.support.desk.visitors import Visitor
from tests.support.driver.form_requests import key_of, made_of, request_for
from tests.support.driver.real_requests import request_of


class ApiDriver(ABC):
    """The part of `scenario.Driver` that uses HTTP; paths are below /api/v1."""

    def __init__(self, portal: Client, intake: Client) -> None:
        self._portal, self._intake = portal, intake

    @abstractmethod
    def session_of(self, who: Person) -> dict[str, str]:
        """The header with a person's session of the portal."""

    @abstractmethod
    def _browser(self) -> Client:
        """A client of the portal's pages that has no cookies yet."""

    @abstractmethod
    def _settle(self) -> None:
        """Wait until the services have no work left."""

    def pass_of(self, who: Person) -> dict[str, str]:
        """The header with a person's pass for intake: the portal signed it."""
        given = self._portal.request("POST", "/session/pass", headers=self.session_of(who))
        return {"Authorization": f"Bearer {given.raise_for_status().json()['token']}"}

    def create(self, who: Person, form: Form) -> str | list[Answer]:
        """See `scenario.Driver`."""
        return self._form_submission(self.pass_of(who), form)

    def _form_submission(self, bearer: Mapping[str, str], form: Form) -> str | list[Answer]:
        headers = {**bearer, **key_of(form)}
        response = self._intake.request("POST", "/cases", headers=headers, **request_for(form))
        self._settle()
        return made_of(response)

    def ask(self, who: Person, reference: str, command: Command, files: Sequence[File]) -> Answer:
        """See `scenario.Driver`."""
        way = request_of(command, with_files=bool(files))
        url, headers = f"/cases/{reference}/{way.path}", self.session_of(who)
        parts = [("files", (file.name, file.data, file.type)) for file in files]
        response = self._portal.request(
            way.method, url, headers=headers, json=way.json, data=way.form, files=parts or None
        )
        if response.status_code == httpx.codes.ACCEPTED:
            self._settle()
            href = response.json()["href"].removeprefix("/api/v1")
            response = self._portal.request("GET", href, headers=headers)
        answer = response.json()
        if response.is_success:
            self._settle()
            return msgspec.convert(answer, Answer)
        return _refused(answer)

    def case(self, who: Person, reference: str) -> CaseResponse | None:
        """See `scenario.Driver`."""
        answer = self._read(who, f"/cases/{reference}")
        return None if answer is None else msgspec.convert(answer, CaseResponse)

    def history(self, who: Person, reference: str) -> list[Entry] | None:
        """See `scenario.Driver`."""
        answer = self._read(who, f"/cases/{reference}/history")
        return None if answer is None else msgspec.convert(answer["entries"], list[Entry])

    def account(self, who: Person, reference: str, at: datetime | None) -> AccountResponse | None:
        """See `scenario.Driver`."""
        query = f"?as_of={quote(at.isoformat())}" if at else ""
        answer = self._read(who, f"/cases/{reference}/work{query}")
        return None if answer is None else msgspec.convert(answer, AccountResponse)

    def file(self, who: Person, reference: str, sha256: str) -> bytes | None:
        """See `scenario.Driver`."""
        path = f"/cases/{reference}/attachments/{sha256}"
        response = self._portal.request("GET", path, headers=self.session_of(who))
        return response.content if response.is_success else None

    def references(self, who: Person, view: str) -> list[str]:
        """See `scenario.Driver`."""
        found: list[str] = []
        page, more = 1, True
        while more:
            answer = self._read(who, f"/cases?view={view}&page={page}")
            assert answer is not None
            found += [case["reference"] for case in answer["cases"]]
            page, more = page + 1, answer["more"]
        return found

    def invite(self, who: Person, contact: str) -> Answer:
        """See `scenario.Driver`."""
        response = self.post(who, "/invitations", {"contact": contact})
        self._settle()
        return Answer(status="done") if response.is_success else _refused(response.json())

    def post(self, who: Person, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Post JSON to the portal's API."""
        headers = self.session_of(who)
        return self._portal.request("POST", path, headers=headers, json=body)

    def visitor(self) -> Visitor:
        """See `scenario.Driver`."""
        return Visitor(self._browser(), self._settle)

    def suggestions(self, who: Person, form: Form) -> list[str]:
        """See `scenario.Driver`."""
        typed = {"case_type": form.case_type, "title": str(form.values["title"]),
                 "text": str(form.values["description"])}  # fmt: skip
        found = self._read(who, f"/suggestions?{urlencode(typed)}")
        return [one["id"] for one in found["articles"]]

    def articles(self, who: Person, search: str) -> list[str]:
        """See `scenario.Driver`."""
        found = self._read(who, f"/articles?{urlencode({'search': search})}")
        return [one["id"] for one in found["articles"]]

    def article(self, who: Person, article: str) -> ArticleResponse | None:
        """See `scenario.Driver`."""
        found = self._read(who, f"/articles/{article}")
        return None if found is None else msgspec.convert(found, ArticleResponse)

    def topics(self, who: Person, query: Mapping[str, str]) -> list[TopicResponse] | None:
        """See `scenario.Driver`."""
        found = self._read(who, f"/reports/topics?{urlencode(query)}")
        return None if found is None else msgspec.convert(found["lines"], list[TopicResponse])

    def waiting(self, who: Person, decision: str) -> list[WaitingResponse] | None:
        """See `scenario.Driver`."""
        answer = self._read(who, f"/decisions?decision={decision}")
        return None if answer is None else msgspec.convert(answer["cases"], list[WaitingResponse])

    def _read(self, who: Person, path: str) -> Any:
        response = self._portal.request("GET", path, headers=self.session_of(who))
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return response.raise_for_status().json()


def _refused(answer: dict[str, Any]) -> Answer:
    return Answer(
        status="refused", code=answer["code"], field=answer["field"], rule=answer["rule"],
        reason=answer["detail"],
    )  # fmt: skip
