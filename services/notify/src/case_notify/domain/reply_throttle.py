"""How often mail is answered by itself: never for ever, where a machine answers the answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from case_events.thread import fingerprint

MAX_REPLIES = 5
REPLY_WINDOW = timedelta(days=1)
"""So many answers go to one address within that time. Who has been told as often knows it."""

MAX_ADDRESSES = 500
"""So many addresses are remembered of a tenant: those that were answered last."""

ReplyTimes = Mapping[str, tuple[datetime, ...]]
"""When each address was answered lately; an address is known by its hash."""


def with_reply(answered: ReplyTimes, address: str, at: datetime) -> dict[str, tuple[datetime, ...]]:
    """What is remembered once this address was answered at an instant."""
    key = _key(address)
    others = {one: times for one, times in answered.items() if one != key and _lately(times, at)}
    newest = dict(list(others.items())[-MAX_ADDRESSES + 1 :])
    return newest | {key: (*_lately(answered.get(key, ()), at), at)}


def may_reply(answered: ReplyTimes, address: str, at: datetime) -> bool:
    """Whether this address was not answered too often already."""
    return len(_lately(answered.get(_key(address), ()), at)) < MAX_REPLIES


def _lately(times: tuple[datetime, ...], at: datetime) -> tuple[datetime, ...]:
    return tuple(one for one in times if one > at - REPLY_WINDOW)


def _key(address: str) -> str:
    return fingerprint(address.casefold())
