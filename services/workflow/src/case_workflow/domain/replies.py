"""A reply by mail: a comment of its sender, if they take part."""

from case_definition.lookup.definition import Definition
from case_events.contracts.cases import CommentAdded
from case_events.contracts.intake import ReplyReceived

from case_workflow.domain.asking import Asker, Decision, not_allowed
from case_workflow.domain.case import Case
from case_workflow.domain.letters import answered
from case_workflow.domain.links import Link
from case_workflow.domain.merging import passed_on
from case_workflow.domain.requesting import followed_by_mail


def take_reply(case: Case, reply: ReplyReceived, asker: Asker, definition: Definition) -> Decision:
    """The comment that a reply is, here or where the case goes on; or the case that follows.

    A reply never approves, closes or cancels anything: a From line proves nobody.
    """
    if asker.hidden or not (reply.participant or asker.participant):
        return not_allowed("participant", "The sender takes no part in this case.", "from")
    author = "agent" if asker.actor.capacity == "agent" else "contact"
    if case.links.merged is not None:
        return passed_on(case.links.merged, asker.record, author)
    if author == "contact" and (request := followed_by_mail(case, reply, asker, definition)):
        follows = _last_follow_up(case)
        return passed_on(follows, asker.record, author) if follows else [request]
    if author not in definition.statuses[case.status].comments_by:
        return not_allowed("comments_by", f"A {case.status} case takes no comments.", "status")
    return [
        CommentAdded(
            asker.record,
            author,
            reply.public,
            attachments=reply.attachments,
            message_id=reply.message_id,
            raw=reply.raw,
            personal=reply.personal,
            answers=answered(case.letters, reply.answers),
        )
    ]


def _last_follow_up(case: Case) -> Link | None:
    """Where a case that ended goes on: who writes once more is not given one case more."""
    return next(reversed(list(case.links.of("follow_up", "from"))), None)
