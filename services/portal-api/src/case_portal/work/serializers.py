"""Serializer of the account of a case, for the API and its page."""

from collections.abc import Iterator
from datetime import datetime

from case_definition.lookup.reference import Reference
from case_events.contracts.approvals import ApprovalDeclined, ApprovalGranted, ApprovalRequested
from case_events.contracts.work import WorkEntry
from msgspec.structs import asdict

from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import HistoryEntry
from case_portal.web.schemas import ActorResponse
from case_portal.web.serializers import file_model, name_of
from case_portal.work import schemas as models
from case_portal.work.service import WorkAccount


class WorkAccountSerializer:
    """Serializes the account of one case in one reader's language."""

    def __init__(
        self, case: OpenCase, account: WorkAccount, reference: Reference, language: str
    ) -> None:
        self.case, self.account, self.reference = case, account, reference
        self.language, self.definition = language, case.definition

    def response(self, at: datetime) -> models.WorkAccountResponse:
        """The whole account."""
        ledger, terms = self.account.ledger, self.definition.document.work
        return models.WorkAccountResponse(
            reference=self.case.view.reference,
            as_of=at,
            work=ledger.work_minutes,
            granted=ledger.approved_minutes,
            used=ledger.approved_minutes - ledger.left_minutes,
            left=ledger.left_minutes,
            free=sum(booking.free for booking in ledger.bookings.values()),
            approvals=list(self._approvals()),
            at_submission=list(self._at_submission()),
            requests=list(self._requests()),
            entries=list(self._entries()),
            billed=[
                models.BilledWork(
                    kind=kind, title=self.named("work_kinds", kind), surcharge=percent,
                    minutes=minutes,
                )
                for (kind, percent), minutes in sorted(ledger.billed().items())
            ],
            rates=[
                models.WorkRate(
                    **asdict(rate),
                    title=self.named("work_kinds", rate.kind),
                    why_title=self.named("billing", rate.why),
                )
                for rate in self.account.rates
            ],
            surcharges=[
                models.SurchargeResponse(outside=one.outside, percent=one.percent)
                for one in (terms.surcharges if terms and self.account.rates else ())
            ],
        )  # fmt: skip

    def named(self, section: str, name: str) -> str:
        """The text for a name; the name itself if this definition does not have it."""
        return self.definition.name_of(section, name, self.language) if name else ""

    def _approvals(self) -> Iterator[models.ApprovalBalance]:
        ledger, kind = self.account.ledger, self.case.view.case_type
        for name, approval in self.definition.approvals.items():
            if approval.is_for(kind) or name in ledger.granted:
                yield models.ApprovalBalance(
                    name=name,
                    title=self.named("approvals", name),
                    unit=approval.unit,
                    granted=ledger.granted.get(name, 0),
                    used=ledger.used(name),
                    left=ledger.left(name),
                )

    def _at_submission(self) -> Iterator[models.SubmittedApproval]:
        for entry, event in self.account.entries:
            if isinstance(event, ApprovalGranted) and not event.request:
                yield models.SubmittedApproval(
                    approval=event.approval,
                    title=self.named("approvals", event.approval),
                    minutes=event.minutes,
                    accepted=event.accepted,
                    at=entry.at,
                    who=self._who(entry),
                )

    def _requests(self) -> Iterator[models.ApprovalRequestResponse]:
        for entry, event in self.account.entries:
            if not isinstance(event, ApprovalRequested):
                continue
            yield models.ApprovalRequestResponse(
                request=event.request,
                approval=event.approval,
                title=self.named("approvals", event.approval),
                minutes=event.minutes,
                estimate=event.estimate,
                state=self.account.ledger.requests[event.request].state,
                at=entry.at,
                who=self._who(entry),
                text=entry.text,
                files=[file_model(self.case.view.reference, file) for file in entry.files],
                answer=self._answer(event.request),
            )

    def _answer(self, request: int) -> models.ApprovalAnswer | None:
        for entry, event in self.account.entries:
            if isinstance(event, ApprovalGranted | ApprovalDeclined) and event.request == request:
                minutes = event.minutes if isinstance(event, ApprovalGranted) else 0
                return models.ApprovalAnswer(
                    at=entry.at, who=self._who(entry), minutes=minutes, text=entry.text
                )
        return None

    def _entries(self) -> Iterator[models.WorkEntryResponse]:
        for number, booking in self.account.ledger.bookings.items():
            yield models.WorkEntryResponse(
                entry=number,
                minutes=booking.minutes,
                began=booking.began,
                kind=booking.kind,
                kind_title=self.named("work_kinds", booking.kind),
                parts=[models.WorkPartResponse(**asdict(part)) for part in booking.parts],
                free=booking.free,
                billable=booking.billable,
                why=booking.why,
                why_title=self.named("billing", booking.why),
                approval=booking.approval,
                stated=[
                    models.EntryRevision(
                        at=entry.at, who=self._who(entry), minutes=event.minutes, text=entry.text
                    )
                    for entry, event in self.account.entries
                    if isinstance(event, WorkEntry) and event.entry == number
                ],
            )

    def _who(self, entry: HistoryEntry) -> ActorResponse:
        name = name_of(self.reference, self.definition.tenant, entry.who)
        return ActorResponse(**asdict(entry.who), name=name)
