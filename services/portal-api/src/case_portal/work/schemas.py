"""The schemas of approvals and work in the API. Amounts are in minutes."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from case_portal.web.periods import Written
from case_portal.web.schemas import ActorResponse, FileModel, Long, RequestModel, Seen, Short

Minutes = Annotated[int, Field(ge=0, le=100_000)]


class ApprovalGrant(RequestModel):
    """Grant a request, or fewer `minutes` of it, with an optional text."""

    minutes: Minutes = 0
    text: Long = ""
    seen: Seen = 0


class ApprovalDecline(RequestModel):
    """Decline a request, with the reason."""

    text: Long = ""
    seen: Seen = 0


class WorkLogRequest(RequestModel):
    """Work that was done: its beginning (by default it ends now) and its length."""

    minutes: Minutes
    kind: Short
    text: Long
    began: Annotated[AwareDatetime, Written] | None = None
    seen: Seen = 0


class WorkCorrectionRequest(RequestModel):
    """The corrected values of an entry, and the reason; values that are left out stay. With 0
    minutes the entry does not count."""

    text: Long
    minutes: Minutes | None = None
    kind: Short = ""
    began: Annotated[AwareDatetime, Written] | None = None
    seen: Seen = 0


class ApprovalBalance(BaseModel):
    """An approval: how much was granted, used and left."""

    name: str
    title: str
    unit: str
    granted: int
    used: int
    left: int


class ApprovalAnswer(BaseModel):
    """The answer to a request: who, when and with which text; `minutes` is the granted amount."""

    at: datetime
    who: ActorResponse
    minutes: int
    text: str


class ApprovalRequestResponse(BaseModel):
    """A request for approval: `state` is `open`, `granted`, `declined` or `replaced`."""

    request: int
    approval: str
    title: str
    minutes: int
    estimate: int
    state: str
    at: datetime
    who: ActorResponse
    text: str
    files: list[FileModel]
    answer: ApprovalAnswer | None = None


class SubmittedApproval(BaseModel):
    """An approval by submitting the case: by accepting the field of the form."""

    approval: str
    title: str
    minutes: int
    accepted: str
    at: datetime
    who: ActorResponse


class WorkPartResponse(BaseModel):
    """Minutes of an entry that count in the same way; the surcharge is in percent."""

    minutes: int
    surcharge: int
    free: bool


class EntryRevision(BaseModel):
    """One statement of an entry: its booking, or a correction."""

    at: datetime
    who: ActorResponse
    minutes: int
    text: str


class WorkEntryResponse(BaseModel):
    """Work as it counts now: whether it is billable, at which kind of rate, and why."""

    entry: int
    minutes: int
    began: datetime
    kind: str
    kind_title: str
    parts: list[WorkPartResponse]
    free: int
    billable: bool
    why: str
    why_title: str
    approval: str
    stated: list[EntryRevision]


class BilledWork(BaseModel):
    """Billable minutes of one kind of work at one surcharge in percent."""

    kind: str
    title: str
    surcharge: int
    minutes: int


class WorkRate(BaseModel):
    """How work of a kind would count if it were booked now."""

    kind: str
    title: str
    unit: str
    surcharged: bool
    billable: bool
    why: str
    why_title: str


class SurchargeResponse(BaseModel):
    """A surcharge in percent, outside the hours of a calendar."""

    outside: str
    percent: int


class WorkAccountResponse(BaseModel):
    """The account of a case as known at `as_of`."""

    reference: str
    as_of: datetime
    work: int
    granted: int
    used: int
    left: int
    free: int
    approvals: list[ApprovalBalance]
    at_submission: list[SubmittedApproval]
    requests: list[ApprovalRequestResponse]
    entries: list[WorkEntryResponse]
    billed: list[BilledWork]
    rates: list[WorkRate]
    surcharges: list[SurchargeResponse]
