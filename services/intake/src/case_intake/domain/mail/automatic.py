"""Whether a machine wrote a mail, and whether the mail asks for no automatic answer.

A machine's mail never makes a case and never causes mail. A person's mail that asks for no answer
does make a case, without one: many programs and lists add such a wish to what people write.

`why` lists the signs found, joined by `; `, most telling first. Those of a machine:
`our own`, `auto-submitted: ...`, `null sender`, `delivery report`, `read receipt`, `report: ...`,
`calendar`, `precedence: auto...`, `auto-reply header: ...`, `machine's address: ...`,
`automatic subject on an answer`. Those of a wish: `precedence: ...`, `mailing list`, `loop header`,
`suppresses automatic answers`. `automatic subject` alone is neither.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from case_intake.domain.mail.machine_words import WORDS, MachineHeader, any_of, is_mail_server
from case_intake.domain.mail.message import Address, Automatic, Headers
from case_intake.domain.mail.parts import MimePart, walk

OWN_HEADER = "X-Casefold-Message"
_QUIET_PRECEDENCE = frozenset(("bulk", "list", "junk"))
_MACHINE_PRECEDENCE = frozenset(("auto_reply", "auto-reply", "auto"))
_LIST_HEADERS = (
    "list-id", "list-unsubscribe", "list-post", "list-subscribe", "list-help", "list-owner",
    "list-archive", "mailing-list", "x-mailing-list", "x-mlserver", "x-ml-info", "x-ml-name",
)  # fmt: skip
_MACHINE_HEADERS = frozenset(header.name.lower() for header in WORDS.headers)
_NO = frozenset(("", "no", "none", "false", "0"))
_SUPPRESSES = re.compile(r"\b(?:all|oof|autoreply)\b", re.IGNORECASE)
_MACHINE = re.compile(
    r"(?:.*[._+-])?(?:no|do-?not|donot)[._-]?reply(?:[._+-].*)?|"
    r"niet-?beantwoorden|bounces?(?:[._+-].*)?",
)
_TAGS = re.compile(r"(?:\s*(?:[\[(][^\])]{1,40}[\])]|\*{1,3}[^*]{1,40}\*{1,3}):?)*\s*")
_REPLY_SUBJECT = re.compile(
    f"(?:{any_of(word for words in WORDS.reply_subjects.values() for word in words).pattern})"
    r"\s{0,4}(?:[:：\-–—(（!]|$|re\b)"
)
_FEEDBACK = any_of(WORDS.feedback_subjects)
_REPLY_TEXT = any_of(word for words in WORDS.reply_texts.values() for word in words)
_QUESTION = re.compile("[?？؟]")
_ID_DOMAIN = re.compile(r"<[^<>@\s]{0,900}@([^<>\s]{1,255})>")
_LONGEST_TEXT = 20_000


class _Asked(msgspec.Struct, frozen=True):
    """What the headers ask of machines that answer: both a machine's sign and a person's wish."""

    precedences: list[str]
    suppresses: bool


def automatic(
    fields: Headers,
    root: MimePart,
    sender: Address,
    subject: str,
    text: str,
    envelope_from: str | None,
) -> Automatic:
    """Decide who wrote a mail. `text` is its new text; `envelope_from` is the SMTP sender, None if
    unknown."""
    asked = _Asked(_precedences(fields), _suppresses(fields))
    signs = [*_header_signs(fields, envelope_from, asked), *_part_signs(root, text)]
    if _FEEDBACK.search(subject[:1000].lower()) and not text.strip():
        signs.append("report: feedback-report")
    local = sender.address.rpartition("@")[0].lower() or sender.address.lower()
    if is_mail_server(sender) or _MACHINE.fullmatch(local[:200]):
        signs.append(f"machine's address: {local[:60] or sender.name.lower()[:60]}")
    wishes = list(_wishes(fields, asked))
    replies = _subject_of_a_reply(subject)
    if replies is not None:
        if _is_reply_of_a_machine(fields, sender, replies, text):
            signs.append("automatic subject on an answer")
        wishes.append("automatic subject")
    quiet = [wish for wish in wishes if wish != "automatic subject"]
    why = "; ".join(dict.fromkeys((*signs, *wishes))) or None
    return Automatic(bool(signs), why, quiet=bool(signs or quiet))


def _subject_of_a_reply(subject: str) -> str | None:
    """The rest of a subject that begins as automatic replies do; None for any other subject."""
    line = subject[:1000].lower()
    rest = line[_TAGS.match(line).end() :]  # type: ignore[union-attr]  # it matches anything
    begins = _REPLY_SUBJECT.match(rest)
    return rest[begins.end() :] if begins else None


def _is_reply_of_a_machine(fields: Headers, sender: Address, rest: str, text: str) -> bool:
    """Whether a mail with such a subject is an automatic reply. People write such subjects too: to
    ask about one, and then in a mail of their own, or with a question."""
    answered = " ".join((*fields.all("In-Reply-To"), *fields.all("References")))
    if not answered.strip():
        return False
    says_so = _REPLY_TEXT.search(text[:_LONGEST_TEXT].lower()) is not None
    if _QUESTION.search(rest) or (_QUESTION.search(text[:_LONGEST_TEXT]) and not says_so):
        return False
    own = sender.address.rpartition("@")[2].lower()
    return says_so or any(domain.lower() != own for domain in _ID_DOMAIN.findall(answered))


def _header_signs(fields: Headers, envelope_from: str | None, asked: _Asked) -> Iterator[str]:
    if fields.first(OWN_HEADER) is not None:
        yield "our own"
    for value in fields.all("Auto-Submitted"):
        word = value.split(";")[0].split("(")[0].strip().lower()
        if word and word != "no":
            yield f"auto-submitted: {word[:40]}"
    if has_null_sender(fields, envelope_from):
        yield "null sender"
    for value in asked.precedences:
        if value in _MACHINE_PRECEDENCE:
            yield f"precedence: {value}"
    for header in _machine_headers(fields):
        for value in fields.all(header.name):
            word = value.strip().lower()
            if word not in _NO and header.holds in word:
                yield f"auto-reply header: {header.name}"
    if asked.suppresses and fields.first("X-MS-Exchange-Inbox-Rules-Loop") is not None:
        yield "auto-reply header: X-MS-Exchange-Inbox-Rules-Loop"


def _machine_headers(fields: Headers) -> Iterable[MachineHeader]:
    """The headers of automatic replies that a mail has; nearly every mail has none."""
    if _MACHINE_HEADERS.isdisjoint(fields.values):
        return ()
    return (header for header in WORDS.headers if header.name.lower() in fields.values)


def _wishes(fields: Headers, asked: _Asked) -> Iterator[str]:
    for value in asked.precedences:
        if value in _QUIET_PRECEDENCE:
            yield f"precedence: {value}"
    if not fields.values.keys().isdisjoint(_LIST_HEADERS):
        yield "mailing list"
    if any(value.strip().lower() not in _NO for value in fields.all("X-Loop")):
        yield "loop header"
    if asked.suppresses:
        yield "suppresses automatic answers"


def _precedences(fields: Headers) -> list[str]:
    return [value.strip().lower() for value in fields.all("Precedence")]


def _suppresses(fields: Headers) -> bool:
    """Whether the mail asks for no automatic answer. It may also ask for no receipts only."""
    return any(map(_SUPPRESSES.search, fields.all("X-Auto-Response-Suppress")))


def has_null_sender(fields: Headers, envelope_from: str | None) -> bool:
    """Whether the mail came from `<>`, which servers use for mail that must never be answered."""
    return is_null_sender(envelope_from) or any(map(is_null_sender, fields.all("Return-Path")))


def is_null_sender(sender: str | None) -> bool:
    """Whether this is `<>`. None means unknown."""
    return sender is not None and sender.strip() in ("", "<>")


def _part_signs(root: MimePart, text: str) -> Iterator[str]:
    """The signs of the message itself. A report within a message is what a person forwards."""
    report = root.parameters.get("report-type", "").lower()
    if root.kind.endswith("delivery-status"):
        yield "delivery report"
    elif root.kind.endswith("disposition-notification"):
        yield "read receipt"
    elif root.kind == "multipart/report" and report in ("delivery-status", ""):
        yield "delivery report"
    elif root.kind == "multipart/report":
        yield "read receipt" if report == "disposition-notification" else f"report: {report[:40]}"
    for part in walk(root):
        if part.kind == "text/calendar" and _is_machines(part, text):
            yield "calendar"


def _is_machines(calendar: MimePart, text: str) -> bool:
    """Whether a calendar part is a mail by itself: an answer to an invitation, which programs make,
    or an invitation without a word."""
    method = calendar.parameters.get("method", "").lower()
    if method in ("reply", "counter", "refresh"):
        return True
    return not text.strip() and (bool(method) or calendar.disposition != "attachment")
