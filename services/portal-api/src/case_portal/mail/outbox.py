"""Requests for mails to notify. Their secrets are sealed, so nobody can read them on the way."""

from case_events.contracts.messages import MessageRequested
from case_events.envelope import Actor
from case_events.keyring import Keyring
from case_events.runtime import Origin, OutboxTransaction, Transaction
from case_events.tokens.sealing import seal
from case_events.topics import MESSAGES

from case_portal.mail.ports import Letter

CHANNEL = "portal"


class MailOutbox:
    """Adds requests for mails to an open transaction of the outbox."""

    def __init__(self, transaction: OutboxTransaction[Transaction], secret: Keyring) -> None:
        self._transaction, self._secret = transaction, secret

    def send(self, tenant: str, letter: Letter, actor: Actor, definition: str) -> None:
        """Publish the request for a mail when the transaction commits."""
        context = f"{tenant}/{letter.key}"
        event = MessageRequested(
            key=letter.key,
            template=letter.template,
            language=letter.language,
            values=dict(letter.values),
            in_reply_to=letter.in_reply_to,
            personal=letter.to,
            sealed=seal(self._secret, context, letter.secrets) if letter.secrets else "",
        )
        origin = Origin(tenant=tenant, actor=actor, channel=CHANNEL, definition=definition)
        self._transaction.publish(MESSAGES, event, origin)
