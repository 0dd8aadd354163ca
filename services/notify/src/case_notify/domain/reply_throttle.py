"""The limit of automatic replies to one address, which stops two machines from answering each
other."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from case_events.tokens.thread import fingerprint

MAX_REPLIES = 5
REPLY_WINDOW = timedelta(days=1)
"""The time within which one address gets at most `MAX_REPLIES` replies."""

MAX_ADDRESSES = 500
"""The number of addresses stored for a tenant: those with the latest replies."""

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
