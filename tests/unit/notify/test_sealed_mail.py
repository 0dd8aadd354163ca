"""D13: the secret of a mail is readable to whoever gets it, and on no way before."""

import asyncio
import json
from typing import Any

import msgspec
import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.lookup.reference import Reference
from case_events.contracts.messages import AccessRequested, MessageRequested
from case_events.contracts.parts import Person
from case_events.kernel import Effect
from case_events.keyring import keyring_of
from case_events.runtime import PendingEffect
from case_events.testing.keys import ANOTHER_SECRET, SECRET, SECRET_TEXT
from case_events.tokens.sealing import InvalidSeal, opened, seal
from case_notify.adapters.message import message_bytes
from case_notify.adapters.smtp import SmtpMail, SmtpRelay
from case_notify.application.react import reaction
from case_notify.domain.mail import OPENS, OutgoingMail, complete

from tests.support.wire import codec
from tests.unit.notify.sample_desk import MAIL_SETTINGS, START, definition, record

CODE = "7H2K-M4PQ-9XTR-0B5D-C8VW"
TEXTS = {
    "messages.invitation.subject": "Welcome, {recipient}",
    "messages.invitation.body": "Dear {recipient}, your code is {code}, until {until}.",
}


def people() -> Reference:
    """A desk that sends invitations."""
    values: dict[str, Any] = definition()
    values["texts"] = {language: texts | TEXTS for language, texts in values["texts"].items()}
    known = Reference()
    known.add_definition(compile_definition(values))
    return known


def asked(name: str = "Lee") -> MessageRequested:
    """An invitation as the portal asks for it."""
    key = "invitation/7H2KM4PQ"
    return MessageRequested(
        key=key,
        template="invitation",
        language="en",
        values={"until": "Friday"},
        personal=Person("lee@acme.example", name),
        sealed=seal(SECRET, f"{record(AccessRequested('lee')).tenant}/{key}", {"code": CODE}),
    )


def effect(event: MessageRequested) -> Effect:
    """What notify keeps until the mail is sent."""
    react, recorded = reaction(MAIL_SETTINGS), record(event, case=None)
    [found] = react(None, recorded, people()).effects
    return found


def test_the_code_is_in_the_mail_and_nowhere_before() -> None:
    """Neither in the record on Kafka nor in what lies in the database."""
    event = asked()
    kept = effect(event)
    assert CODE.encode() not in codec.encode(record(event, case=None))
    assert CODE.encode() not in kept.payload
    mail = complete(msgspec.json.decode(kept.payload, type=OutgoingMail), SECRET)
    assert mail.text == f"Dear Lee, your code is {CODE}, until Friday.\n"
    assert CODE.encode() in message_bytes(mail)


def test_a_name_cannot_draw_the_secret_to_another_place() -> None:
    mail = msgspec.json.decode(
        effect(asked(f"{OPENS}code\ue001 {{code}}")).payload, type=OutgoingMail
    )
    assert complete(mail, SECRET).text.startswith(f"Dear code {{code}}, your code is {CODE}")


def test_a_mail_that_cannot_be_opened_is_not_sent() -> None:
    pending = PendingEffect(
        effect=effect(asked()), case=record(asked()).id, partition=0, attempts=1, cause=b"",
        first_attempt_at=START, uncertain=False,
    )  # fmt: skip
    relay = SmtpRelay(host="127.0.0.1", port=1)
    effect_result = asyncio.run(SmtpMail(relay, ANOTHER_SECRET)(pending))
    assert effect_result.result == "failed"


def test_what_is_sealed_opens_in_its_own_context_alone() -> None:
    sealed = seal(SECRET, "here/1", {"code": CODE})
    assert sealed != seal(SECRET, "here/1", {"code": CODE})
    assert opened(SECRET, "here/1", sealed) == {"code": CODE}
    for secret, context, text in (
        (ANOTHER_SECRET, "here/1", sealed), (SECRET, "here/2", sealed),
        (SECRET, "here/1", sealed[:-6] + "AAAAA="), (SECRET, "here/1", "no base64!"),
        (SECRET, "here/1", ""),
    ):  # fmt: skip
        with pytest.raises(InvalidSeal):
            opened(secret, context, text)


def test_what_was_sealed_before_a_change_of_the_secret_opens_after_it() -> None:
    """The new secret is used, and both are accepted."""
    both = keyring_of(json.dumps({"new": "1e5e" * 16, "old": SECRET_TEXT}))
    assert opened(both, "here/1", seal(SECRET, "here/1", {"code": CODE})) == {"code": CODE}
    with pytest.raises(InvalidSeal):
        opened(SECRET, "here/1", seal(both, "here/1", {"code": CODE}))


def test_who_asks_for_access_gets_no_mail_of_notify_itself() -> None:
    """S7: the portal answers, which keeps the codes."""
    event = record(AccessRequested("anna"), case=None)
    outcome = reaction(MAIL_SETTINGS)(None, event, people())
    assert (outcome.effects, outcome.events) == ((), ())
