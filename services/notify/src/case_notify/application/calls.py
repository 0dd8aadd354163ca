"""Webhook calls that tell another system the content of a mail."""

from collections.abc import Iterator

from case_definition.schema.notices import Notice

from case_notify.application.situation import Situation
from case_notify.domain.mail import OutgoingMail
from case_notify.domain.webhook import Call, Message


def calls_for(notice: Notice, mail: OutgoingMail, situation: Situation) -> Iterator[Call]:
    """The call that goes with a mail, if its notice names another system."""
    state, definition = situation.state, situation.definition
    for hook in definition.document.webhooks:
        if hook.name != notice.webhook:
            continue
        yield Call(
            notice=mail.notice,
            about=mail.about,
            recipient=mail.recipient,
            to=mail.to,
            message_id=mail.message_id,
            url=hook.url,
            message=Message(
                tenant=definition.tenant,
                notice=mail.notice,
                reference=state.reference,
                title=state.short_title,
                priority=state.priority,
                recipient=mail.recipient,
                subject=mail.subject,
                text=mail.text,
                link=f"{situation.portal.rstrip('/')}/cases/{state.reference}",
                at=mail.date,
            ),
        )
