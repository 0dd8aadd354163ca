"""The reaction of notify: the mails that an event of a case leads to, and the results of mails."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.channel_rules import start_priority_of, start_status_of
from case_definition.schema.notices import Notice
from case_events.contracts.base import Event, label_of
from case_events.contracts.bounces import AddressMended, NoticeBounced
from case_events.contracts.intake import CaseCreated
from case_events.contracts.messages import AccessRequested, MessageRequested
from case_events.contracts.notices import UNDELIVERABLE, NoticeFailed, NoticeSent, NoticeSuppressed
from case_events.envelope import SYSTEM, Record
from case_events.kernel import Draft, Effect, EffectDone, Outcome, React, Service, TimerDue
from case_events.topics import CASES, MESSAGES, NOTICES
from msgspec.structs import replace

from case_notify.application.calls import calls_for
from case_notify.application.mail_composition import MailSettings, about_case, case_of, without_case
from case_notify.application.situation import Situation, variables
from case_notify.domain.address_state import address_change
from case_notify.domain.mail import OutgoingMail
from case_notify.domain.notification_state import FOLDED_EVENTS, NotificationState, fold, is_news
from case_notify.domain.recipients import (
    OWN_ACTION,
    Addressee,
    addressees,
    hidden_recipients,
    suppression_reason,
)
from case_notify.domain.reply_throttle import (
    answers_a_mail,
    may_reply,
    unanswered_reason,
    with_reply,
)
from case_notify.domain.webhook import Call

MAIL, WEBHOOK, ADDRESS = "mail", "webhook", "address"
_PAYLOADS: Mapping[str, type[OutgoingMail | Call]] = {MAIL: OutgoingMail, WEBHOOK: Call}


def service(mail_settings: MailSettings) -> Service[NotificationState, Reference]:
    """notify as a value, for the runtime."""
    return Service(
        name="notify",
        topics=(CASES, MESSAGES),
        state_type=NotificationState,
        react=reaction(mail_settings),
        reacts_to=FOLDED_EVENTS | {MessageRequested, AddressMended},
    )


def reaction(mail_settings: MailSettings) -> React[NotificationState, Reference]:
    """The reaction of notify with these mail settings."""

    def react(
        state: NotificationState | None, record: Record, reference: Reference
    ) -> Outcome[NotificationState]:
        before = state or NotificationState()
        match record.data:
            case EffectDone():
                return Outcome(state=before, events=_reports(record.data, record))
            case TimerDue() | AccessRequested():
                return Outcome(state=before)
            case MessageRequested():
                return _message(before, record.data, record, reference)
            case NoticeBounced() | AddressMended():
                outcome = _notify(before, record, reference, mail_settings)
                return replace(outcome, effects=(*_address_effects(record), *outcome.effects))
            case _:
                return _notify(before, record, reference, mail_settings)

    return react


def _message(
    before: NotificationState,
    event: MessageRequested,
    record: Record,
    reference: Reference,
) -> Outcome[NotificationState]:
    """The requested mail. The reply throttle limits automatic answers to an address."""
    at = record.occurred_at
    mail = without_case(event, record, reference, at)
    if mail is None:
        return Outcome(state=before)
    effect = _effect(f"{record.tenant}/{event.key}", mail)
    if event.sealed or not event.in_reply_to:
        return Outcome(state=before, effects=(effect,))
    if not may_reply(before.answered, mail.to.address, at):
        return Outcome(state=before)
    answered = with_reply(before.answered, mail.to.address, at)
    return Outcome(state=replace(before, answered=answered), effects=(effect,))


def _reports(done: EffectDone, record: Record) -> tuple[Draft, ...]:
    """The result of a mail, for the history of its case; a mail without a case has none."""
    if record.case is None or done.kind == ADDRESS:
        return ()
    mail = msgspec.json.decode(done.payload, type=_PAYLOADS[done.kind])
    if done.detail == UNDELIVERABLE:
        return (_suppressed(mail, done.detail),)
    about: dict[str, Any] = {
        "notice": mail.notice,
        "about": mail.about,
        "recipient": mail.recipient,
        "channel": mail.channel,
        "message_id": mail.message_id,
        "personal": mail.to,
        "attempts": done.attempts,
    }
    event: NoticeSent | NoticeFailed
    if done.result == "done":
        event = NoticeSent(**about, unknown=done.uncertain)
    else:
        event = NoticeFailed(**about, error=done.detail)
    return (_draft(event),)


def _suppressed(mail: OutgoingMail | Call, reason: str) -> Draft:
    return _draft(
        NoticeSuppressed(
            notice=mail.notice,
            about=mail.about,
            recipient=mail.recipient,
            channel=mail.channel,
            personal=mail.to,
            reason=reason,
        )
    )


def _address_effects(record: Record) -> Iterator[Effect]:
    """The change that an event makes to the state of an address."""
    change = address_change(record)
    if change is not None:
        yield Effect(key=f"address/{record.id}", kind=ADDRESS, payload=msgspec.json.encode(change))


def _notify(
    before: NotificationState,
    record: Record,
    reference: Reference,
    mail_settings: MailSettings,
) -> Outcome[NotificationState]:
    """Fold an event, and write to everyone whom the definition notifies of it."""
    state = fold(before, record)
    definition = reference.definition(record.definition)
    if isinstance(record.data, CaseCreated):
        state = _as_it_begins(state, definition, reference)
    label = label_of(record.data)
    notices = definition.notices_for(label)
    if not notices or not is_news(before, record.data) or _is_of_itself(record.data, notices):
        return Outcome(state=state)
    situation = Situation(
        state=state,
        record=record,
        definition=definition,
        reference=reference,
        portal=mail_settings.portal,
        secret=mail_settings.secret,
    )
    if any(notice.when for notice in notices):
        notices = definition.notices_for(label, variables(situation, record.occurred_at))
    return _tell(situation, notices, mail_settings) if notices else Outcome(state=state)


def _is_of_itself(event: Event, notices: Sequence[Notice]) -> bool:
    """Whether the mail that bounced told of a bounce: telling of it again could go on for ever."""
    return isinstance(event, NoticeBounced) and event.notice in {one.name for one in notices}


def _tell(
    situation: Situation, notices: Sequence[Notice], mail_settings: MailSettings
) -> Outcome[NotificationState]:
    """Write to everyone whom these notices are for, and call the other systems that they name."""
    state, record = situation.state, situation.record
    receives = situation.definition.document.mail.receives
    hidden = hidden_recipients(state, record.tenant, situation.definition, situation.reference)
    suppressed: list[Draft] = []
    mails: list[OutgoingMail] = []
    calls: list[Call] = []
    for notice in notices:
        for addressee in _each_once(notice, situation):
            reason = suppression_reason(addressee, record, receives, hidden) or unanswered_reason(
                addressee, state, record.occurred_at
            )
            if reason and not (notice.own and reason == OWN_ACTION):
                suppressed.append(_suppression(notice, addressee, record, reason))
            else:
                root = state.root or (mails[0].message_id if mails else "")
                mails.append(about_case(notice, addressee, situation, mail_settings, root))
                state = _replied(state, addressee, record)
                calls += calls_for(notice, mails[-1], situation)
    if mails and not state.root:
        state = replace(state, root=mails[0].message_id)
    messages: list[OutgoingMail | Call] = [*mails, *calls]
    return Outcome(
        state=state,
        events=tuple(suppressed),
        effects=tuple(_effect(_key(record, one), one) for one in messages),
    )


def _replied(state: NotificationState, addressee: Addressee, record: Record) -> NotificationState:
    """The state after one more notice; one that answers a mail counts as an automatic reply."""
    if not answers_a_mail(addressee, state):
        return state
    at, address = record.occurred_at, addressee.person.address
    return replace(state, answered=with_reply(state.answered, address, at))


def _as_it_begins(
    state: NotificationState, definition: Definition, reference: Reference
) -> NotificationState:
    """A new case with the values of its channel, its type and its customer's agreement. These hold
    until the history sets them, so that the confirmation can name them."""
    case_type, channel = state.case_type, state.channel
    status = start_status_of(case_type, channel, definition)
    priority, _ = start_priority_of(case_type, channel, state.fields, definition)
    agreement = reference.agreement_of(definition.tenant, state.customer)
    key = agreement.key if agreement else ""
    return replace(state, status=status, priority=priority, agreement=key)


def _each_once(notice: Notice, situation: Situation) -> Iterator[Addressee]:
    """The addressees of a notice, each once, even if two rules mean the same address (an agent who
    is the team)."""
    had: set[str] = set()
    for to in notice.to:
        for addressee in addressees(
            to, situation.state, situation.record, situation.definition, situation.reference
        ):
            address = addressee.person.address.casefold()
            if not address or address not in had:
                had.add(address)
                yield addressee


def _suppression(notice: Notice, addressee: Addressee, record: Record, reason: str) -> Draft:
    return _draft(
        NoticeSuppressed(
            notice=notice.name,
            about=record.version,
            recipient=addressee.id,
            personal=addressee.person,
            reason=reason,
        )
    )


def _draft(event: NoticeSent | NoticeFailed | NoticeSuppressed) -> Draft:
    return Draft(topic=NOTICES, event=event, actor=SYSTEM, channel="system")


def _effect(key: str, message: OutgoingMail | Call) -> Effect:
    return Effect(key=key, kind=message.channel, payload=msgspec.json.encode(message))


def _key(record: Record, one: OutgoingMail | Call) -> str:
    return f"{case_of(record)}/{record.version}/{one.notice}/{one.recipient}/{one.channel}"
