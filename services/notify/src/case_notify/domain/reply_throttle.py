"""The limit of automatic replies to one address, so that two machines do not reply for ever."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from case_events.tokens.thread import fingerprint

MAX_REPLIES = 5
REPLY_WINDOW = timedelta(days=1)
"""At most `MAX_REPLIES` replies go to one address within this time."""

MAX_ADDRESSES = 500
"""Addresses remembered of a tenant: those that got a reply last."""

ReplyTimes = Mapping[str, tuple[datetime, ...]]
"""The times of the latest replies, by the hash of the address."""


def with_reply(answered: ReplyTimes, address: str, at: datetime) -> dict[str, tuple[datetime, ...]]:
    """The reply times after one more reply to this address."""
    key = _key(address)
    others = {one: times for one, times in answered.items() if one != key and _lately(times, at)}
    newest = dict(list(others.items())[-MAX_ADDRESSES + 1 :])
    return newest | {key: (*_lately(answered.get(key, ()), at), at)}


def may_reply(answered: ReplyTimes, address: str, at: datetime) -> bool:
    """Whether this address may get one more reply."""
    return len(_lately(answered.get(_key(address), ()), at)) < MAX_REPLIES


def _lately(times: tuple[datetime, ...], at: datetime) -> tuple[datetime, ...]:
    return tuple(one for one in times if one > at - REPLY_WINDOW)


def _key(address: str) -> str:
    return fingerprint(address.casefold())
