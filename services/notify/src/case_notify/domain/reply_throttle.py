"""Which mails get an automatic reply: none that asks for no answer, and no more than a limit to one
address, which stops two machines from answering each other. All numbers are here."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from case_notify.domain.address_state import address_key
from case_notify.domain.notification_state import NotificationState
from case_notify.domain.recipients import Addressee

MAX_REPLIES = 5
REPLY_WINDOW = timedelta(days=1)
"""The time within which one address gets at most `MAX_REPLIES` replies."""

MAX_ADDRESSES = 500
"""The number of addresses stored for a tenant: those with the latest replies."""

NO_ANSWER, ENOUGH = "asked_no_answer", "answered_enough"
"""The suppression reasons of a notice that would answer a mail."""

ReplyTimes = Mapping[str, tuple[datetime, ...]]
"""The times of the latest replies, by the hash of the address."""


def with_reply(answered: ReplyTimes, address: str, at: datetime) -> dict[str, tuple[datetime, ...]]:
    """The reply times after one more reply to this address."""
    key = address_key(address)
    others = {one: times for one, times in answered.items() if one != key and _lately(times, at)}
    newest = dict(list(others.items())[-MAX_ADDRESSES + 1 :])
    return newest | {key: (*_lately(answered.get(key, ()), at), at)}


def may_reply(answered: ReplyTimes, address: str, at: datetime) -> bool:
    """Whether this address may get one more reply."""
    return len(_lately(answered.get(address_key(address), ()), at)) < MAX_REPLIES


def answers_a_mail(addressee: Addressee, state: NotificationState) -> bool:
    """Whether a notice to this addressee answers the mail that caused it."""
    mail, address = state.mail, addressee.person.address
    return (
        addressee.is_contact and mail is not None and mail.address.casefold() == address.casefold()
    )


def unanswered_reason(addressee: Addressee, state: NotificationState, at: datetime) -> str:
    """Why a notice that answers a mail is not sent; empty if it is sent."""
    if not answers_a_mail(addressee, state):
        return ""
    if state.mail is not None and state.mail.no_answer:
        return NO_ANSWER
    return "" if may_reply(state.answered, addressee.person.address, at) else ENOUGH


def _lately(times: tuple[datetime, ...], at: datetime) -> tuple[datetime, ...]:
    return tuple(one for one in times if one > at - REPLY_WINDOW)
