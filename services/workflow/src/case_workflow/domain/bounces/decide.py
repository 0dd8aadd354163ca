"""Deciding on bounces: which notice came back, and whether that is news."""

from collections.abc import Sequence

from case_definition.lookup.definition import Definition
from case_events.contracts.bounces import (
    AddressMended,
    BounceReceived,
    MendAddress,
    NoticeBounced,
    standing_of,
)
from case_events.contracts.parts import Person
from msgspec.structs import replace

from case_workflow.domain.case import Case
from case_workflow.domain.notices.state import SentNotice, fingerprint_of
from case_workflow.domain.verdict import Refusal, Requester, Verdict

_WORSE: Sequence[str] = ("", "delayed", "soft", "hard")
"""The standings of an address, each worse than the one before."""


def bounced(case: Case, report: BounceReceived) -> Verdict:
    """Record that a notice came back. A second report counts only if it says more than the first.

    The address is the one that the notice was sent to. A report can name another one, such as the
    address to which that one forwards, and it can be forged; only a mail that the case did not send
    or no longer knows has the address of the report, and marks nothing.
    """
    content = report.personal
    bounce = NoticeBounced(
        notice="",
        about=0,
        recipient="",
        message_id=report.message_id,
        personal=Person(address=next(iter(content.addresses), "")),
        status=report.status,
        hard=report.hard,
        delayed=report.delayed,
        reason=content.reason,
        raw=report.raw,
    )
    sent = _sent(case.sent_notices, report)
    if sent is None:
        return [bounce]
    if _WORSE.index(standing_of(bounce)) <= _WORSE.index(sent.bounced):
        return []
    return [
        replace(
            bounce,
            notice=sent.notice,
            about=sent.about,
            recipient=sent.recipient,
            personal=Person(address=sent.address),
        )
    ]


def _sent(sent_notices: Sequence[SentNotice], report: BounceReceived) -> SentNotice | None:
    """The notice that came back: by its Message-ID, or else by the mark in its return address."""
    mark = fingerprint_of(report.message_id) if report.message_id else report.mark
    return next((one for one in sent_notices if mark and one.fingerprint.startswith(mark)), None)


def mend_address(
    case: Case, command: MendAddress, requester: Requester, definition: Definition
) -> Verdict:
    """Say that an address takes mail again."""
    if not command.recipient or not command.personal.address:
        return Refusal("invalid", "address", "required", "Say which address takes mail again.")
    return [AddressMended(recipient=command.recipient, personal=command.personal)]
