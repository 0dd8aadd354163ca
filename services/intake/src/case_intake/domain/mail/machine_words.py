"""The words by which machines' mails are known: the table `machine_words.toml`, compiled."""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files

import msgspec

from case_intake.domain.mail.message import Address


class MachineHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A header of automatic replies. `holds` is a part of its value; empty for any value."""

    name: str
    holds: str = ""


class BounceWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of reports about undelivered mail; the table says what each list is for."""

    senders: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    delayed: tuple[str, ...]
    original: tuple[str, ...]
    hard: tuple[str, ...]
    soft: tuple[str, ...]


class MachineWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table. The words of automatic replies are by language."""

    reply_subjects: dict[str, tuple[str, ...]]
    reply_texts: dict[str, tuple[str, ...]]
    feedback_subjects: tuple[str, ...]
    headers: tuple[MachineHeader, ...]
    bounces: BounceWords


WORDS = msgspec.convert(
    tomllib.loads(
        files("case_intake.domain.mail").joinpath("machine_words.toml").read_text(encoding="utf-8")
    ),
    MachineWords,
)


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of these words, the longest first, in text in lower case."""
    longest_first = sorted(set(words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


_SERVER_NAME = any_of(WORDS.bounces.names)


def is_mail_server(sender: Address) -> bool:
    """Whether this is the address of a mail server that reports about a mail, or the name of one
    without an address."""
    local = sender.address.rpartition("@")[0] or sender.address
    if local:
        return local.lower() in WORDS.bounces.senders
    return _SERVER_NAME.search(sender.name[:200].lower()) is not None
