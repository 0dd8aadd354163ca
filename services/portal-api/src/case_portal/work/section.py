"""Approvals and work on the page of a case."""

from collections.abc import Sequence
from dataclasses import dataclass

from case_definition.lookup.definition import Definition
from case_definition.schema.amounts import in_words

from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import HistoryEntry
from case_portal.web.reader import Reader
from case_portal.web.site import Site
from case_portal.work import schemas as models
from case_portal.work.serializers import WorkAccountSerializer
from case_portal.work.service import account_of, has_account


@dataclass(frozen=True)
class WorkSection:
    """The account of a case on its page, and the actions of the reader."""

    account_model: models.WorkAccountResponse
    language: str
    definition: Definition
    grants: bool
    books: bool

    @property
    def open_requests(self) -> list[models.ApprovalRequestResponse]:
        """The requests that wait for the contact's yes or no."""
        return [request for request in self.account_model.requests if request.state == "open"]

    def amount(self, minutes: int, approval: str = "") -> str:
        """An amount in words, in the unit of its approval."""
        known = self.definition.approvals.get(approval)
        in_days = known is not None and known.unit == "working_days"
        return in_words(minutes, self.language, self.definition.working_day if in_days else 0)


def work_section(
    site: Site, reader: Reader, case: OpenCase, entries: Sequence[HistoryEntry]
) -> WorkSection | None:
    """The account for a page, from all entries of the history; None for a case without an
    account."""
    if not has_account(case):
        return None
    at = reader.words.now
    account = account_of(entries, site.reference, case, at)
    language = reader.principal.language
    account_model = WorkAccountSerializer(case, account, site.reference, language).response(at)
    if not (account_model.approvals or account_model.entries or account_model.rates):
        return None
    return WorkSection(
        account_model=account_model,
        language=language,
        definition=case.definition,
        grants=reader.principal.kind == "contact",
        books=reader.principal.kind == "agent",
    )
