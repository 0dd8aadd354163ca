"""Deciding on replies by mail."""

from case_definition.lookup.definition import Definition
from case_events.contracts.cases import CommentAdded
from case_events.contracts.intake import ReplyReceived

from case_workflow.domain.case import Case
from case_workflow.domain.links.merge import passed_on
from case_workflow.domain.links.new_cases import followed_by_mail
from case_workflow.domain.links.state import CaseLink
from case_workflow.domain.notices.state import answered
from case_workflow.domain.verdict import Requester, Verdict, not_allowed


def accept_reply(
    case: Case, reply: ReplyReceived, requester: Requester, definition: Definition
) -> Verdict:
    """Add a reply as a comment, here or on the case that this one was merged into; or ask for a
    follow-up.

    A reply never approves, closes or cancels anything: a From line proves no identity.
    """
    if requester.hidden or not (reply.participant or requester.participant):
        return not_allowed("participant", "The sender takes no part in this case.", "from")
    author = "agent" if requester.actor.capacity == "agent" else "contact"
    if case.links.merged is not None:
        return passed_on(case.links.merged, requester.record, author)
    if author == "contact" and (request := followed_by_mail(case, reply, requester, definition)):
        follows = _last_follow_up(case)
        return passed_on(follows, requester.record, author) if follows else [request]
    if author not in definition.statuses[case.status].comments_by:
        return not_allowed("comments_by", f"A {case.status} case takes no comments.", "status")
    return [
        CommentAdded(
            requester.record,
            author,
            reply.public,
            attachments=reply.attachments,
            message_id=reply.message_id,
            raw=reply.raw,
            personal=reply.personal,
            answers=answered(case.sent_notices, reply.answers),
            no_answer=reply.no_answer,
        )
    ]


def _last_follow_up(case: Case) -> CaseLink | None:
    """The last follow-up of a case. A further reply goes there and begins no second one."""
    return next(reversed(list(case.links.of("follow_up", "from"))), None)
