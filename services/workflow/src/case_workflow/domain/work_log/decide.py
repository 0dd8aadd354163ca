"""Decides on work: booked on a case, and corrected. Work beyond an approval is refused."""

from datetime import datetime

from case_definition.lookup.definition import Definition
from case_definition.rules.booking import (
    BillingResult,
    Effort,
    InsufficientApproval,
    apply_billing,
    began_at,
    is_whole,
)
from case_definition.rules.ledger import Ledger, booking_of
from case_definition.schema.amounts import in_words
from case_events.contracts.work import CorrectWork, LogWork, WorkCorrected, WorkLogged
from msgspec.structs import asdict

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import (
    UNCHANGED,
    Refusal,
    Requester,
    Verdict,
    not_allowed,
    variables,
)

MAX_ENTRIES = 500
"""The most entries of one case: its state has each of them, because each can be corrected."""
MAX_MINUTES = 31 * 24 * 60
"""The most minutes of one entry: a month."""


def log_work(case: Case, command: LogWork, requester: Requester, definition: Definition) -> Verdict:
    """Book time on a case, counted as the definition says."""
    if not command.personal.text.strip():
        return Refusal("invalid", "text", "required", "Say what was done.")
    if command.minutes < 1:
        return Refusal("invalid", "minutes", "range", "Say how many minutes it took.")
    began = began_at(command.began, command.minutes, requester.now)
    effort = _effort(case, command.kind, command.minutes, began, definition)
    if isinstance(effort, Refusal):
        return effort
    if len(case.ledger.bookings) >= MAX_ENTRIES:
        reason = (
            f"A case has {MAX_ENTRIES} entries of work at the most: correct one of them to say "
            "more, or book on another case."
        )
        return not_allowed("most", reason, "minutes")
    weighed = _weighed(case, case.ledger, effort, requester, definition)
    if isinstance(weighed, Refusal):
        return weighed
    return [
        WorkLogged(
            entry=case.ledger.next_entry,
            minutes=effort.minutes,
            began=began,
            kind=effort.kind.name,
            personal=command.personal,
            **asdict(weighed),
        )
    ]


def correct_work(
    case: Case, command: CorrectWork, requester: Requester, definition: Definition
) -> Verdict:
    """Correct an entry, by an event that names the entry."""
    before = case.ledger.bookings.get(command.entry)
    if before is None:
        reason = f"This case has no entry {command.entry}."
        return Refusal("unknown", "entry", "known", reason)
    if not command.personal.text.strip():
        return Refusal("invalid", "text", "required", "Say why the entry is corrected.")
    minutes = before.minutes if command.minutes is None else command.minutes
    began = began_at(command.began or before.began, minutes, requester.now)
    effort = _effort(case, command.kind or before.kind, minutes, began, definition)
    if isinstance(effort, Refusal):
        return effort
    ledger = case.ledger.without(command.entry)
    weighed = _weighed(case, ledger, effort, requester, definition)
    if isinstance(weighed, Refusal):
        return weighed
    corrected = WorkCorrected(
        entry=command.entry,
        minutes=minutes,
        began=began,
        kind=effort.kind.name,
        personal=command.personal,
        **asdict(weighed),
    )
    return UNCHANGED if booking_of(corrected) == before else [corrected]


def _effort(
    case: Case, kind: str, minutes: int, began: datetime, definition: Definition
) -> Effort | Refusal:
    """The effort to book, or the refusal."""
    terms = definition.document.work
    if terms is None or not terms.is_for(case.case_type):
        return not_allowed("work", f"No work is booked on a {case.case_type}.", "case_type")
    kinds = {one.name: one for one in terms.kinds if one.is_for(case.case_type)}
    if kind not in kinds:
        reason = f"The work on a {case.case_type} is one of: {', '.join(kinds)}."
        return Refusal("invalid", "kind", "options", reason)
    if not 0 <= minutes <= MAX_MINUTES:
        return Refusal("invalid", "minutes", "range", f"Say 0 to {MAX_MINUTES} minutes.")
    if not is_whole(minutes, kinds[kind].unit, definition):
        reason = f"Book {kind} in whole working days of {definition.working_day} minutes."
        return Refusal("invalid", "minutes", "whole_days", reason)
    return Effort(kind=kinds[kind], began=began, minutes=minutes)


def _weighed(
    case: Case, ledger: Ledger, effort: Effort, requester: Requester, definition: Definition
) -> BillingResult | Refusal:
    """The effort as it counts, or the refusal of the part beyond the approval."""
    if effort.began > requester.now:
        return Refusal("invalid", "began", "past", "Work is booked when it has been done.")
    kind, minutes = effort.kind.name, effort.minutes
    known = variables(case, requester, definition, type="work_logged", kind=kind, minutes=minutes)
    weighed = apply_billing(effort, ledger, definition, known)
    if isinstance(weighed, InsufficientApproval):
        needed, left = in_words(weighed.needed, "en"), in_words(weighed.left, "en")
        over = in_words(weighed.needed - weighed.left, "en")
        reason = (
            f"{needed} of work needs the approval {weighed.approval}, which has {left} left: "
            f"{over} too much. Ask for approval of at least that first."
        )
        return not_allowed("approved", reason, "minutes")
    return weighed
