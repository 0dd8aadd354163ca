"""Forms that are counted: filled in on the portal's page, and sent until each was accepted."""

import time
from collections.abc import Iterable, Sequence
from hashlib import sha256
from types import TracebackType
from typing import Self

import httpx
from case_events.contracts.intake import CaseCreated
from case_events.envelope import Record
from casefold.samples import read_sample
from msgspec import Struct

from tests.support.desk.new_case_page import NewCasePage
from tests.support.desk.values import File
from tests.support.desk.visitors import Visitor
from tests.support.faults.counted_sender import CountedSender
from tests.support.real.platform import RunningPlatform

TIMEOUT = 20.0
AGAIN_EVERY = 5
"""One form in this number is sent again, by a sender that lost the answer."""
CASE_TYPE = "incident"


class CountedForm(Struct, frozen=True):
    """The typed values of one form, and its file."""

    title: str
    text: str
    file: File


def forms(count: int, title: str = "counted form") -> list[CountedForm]:
    """A number of forms, no two of them equal."""
    return [
        CountedForm(
            f"{title} {number}",
            f"This is what {title} {number} is about.",
            File(f"{number}.txt", f"the file of {title} {number}".encode()),
        )
        for number in range(count)
    ]


class FormSender(CountedSender[CountedForm]):
    """One contact at the portal, who fills in one form after the other.

    A form is sent again unchanged.
    """

    def __init__(self, portal: str, sent: Sequence[CountedForm]) -> None:
        super().__init__(sent, TIMEOUT)
        self._browser = httpx.Client(base_url=portal, timeout=TIMEOUT)
        self._visitor = Visitor(self._browser, lambda: None)
        self._begin(self._send)

    def __enter__(self) -> Self:
        login = next(one for one in read_sample().logins if one.account.kind == "contact")
        answer = self._visitor.logs_in(login.account.user, login.password)
        assert answer.status == "done", answer
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self._browser.close()

    def _send(self) -> None:
        for number, form in enumerate(self._messages):
            self._allowed.acquire()
            page = self._opened()
            for _ in range(2 if number % AGAIN_EVERY == 0 else 1):
                self._until_taken(page, form)

    def _opened(self) -> NewCasePage | None:
        """The page of a new case, as soon as the portal returns it."""
        while not self._stopped.is_set():
            try:
                return self._visitor.opens_form(CASE_TYPE)
            except httpx.HTTPError:
                time.sleep(0.1)
        return None

    def _until_taken(self, page: NewCasePage | None, form: CountedForm) -> None:
        if page is None:
            return
        page.fills_in({"title": form.title, "description": form.text}, [form.file])
        while not self._stopped.is_set():
            self.attempts += 1
            try:
                sent = page.sends()
            except httpx.HTTPError:
                time.sleep(0.1)
                continue
            if sent.reference or sent.waits_at:
                self.acknowledged[form.title] += 1
                return
            if sent.status < httpx.codes.INTERNAL_SERVER_ERROR:  # none of them deserves it
                self.refused.append(sent)
            time.sleep(0.1)


def each_form_is_in_once(
    platform: RunningPlatform, first: Iterable[Record], sent: Sequence[CountedForm]
) -> None:
    """Each form is one record and one case, with all typed values and its file, and the portal has
    its outcome. `first` are the first events of cases."""
    made: dict[str, list[CaseCreated]] = {form.title: [] for form in sent}
    for record in first:
        if isinstance(record.data, CaseCreated) and record.data.personal.title in made:
            assert record.channel == "portal"
            made[record.data.personal.title].append(record.data)
    wrong = {title: len(cases) for title, cases in made.items() if len(cases) != 1}
    assert not wrong, f"forms are not in once: {wrong}"
    outcomes = platform.query(
        "portal",
        "SELECT form #>> '{typed,title}', array_agg(document ->> 'reference') FROM asked"
        " LEFT JOIN documents ON documents.key = 'outcome:' || asked.command"
        " WHERE form IS NOT NULL GROUP BY 1",
    )
    known: dict[str, list[str]] = dict(outcomes)
    for form in sent:
        (case,) = made[form.title]
        (file,) = case.attachments
        assert case.personal.text == form.text
        assert (case.personal.file_names, file.sha256) == (
            (form.file.name,), sha256(form.file.data).hexdigest(),
        )  # fmt: skip
        assert known[form.title] == [case.reference], f"the outcome of {form.title}"
