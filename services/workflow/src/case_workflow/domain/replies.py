"""A reply by mail: a comment of its sender, if they take part."""

from case_definition.lookup import Definition
from case_events.contracts.cases import CommentAdded
from case_events.contracts.intake import ReplyReceived

from case_workflow.domain.asking import Asker, Decision, not_allowed
from case_workflow.domain.case import Case
from case_workflow.domain.letters import answered


def take_reply(case: Case, reply: ReplyReceived, asker: Asker, definition: Definition) -> Decision:
    """The comment that a reply is.

    A reply never approves, closes or cancels anything: a From line proves nobody.
    """
    if not reply.participant and not asker.participant:
        return not_allowed("participant", "The sender takes no part in this case.", "from")
    author = "agent" if asker.capacity == "agent" else "contact"
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
