"""Reports that a mail of ours did not arrive: RFC 3464, and the free forms of mail servers.

The message itself has to be the report. A report within a message is what a person forwards or asks
about. A free form counts only from the address or the null sender of a mail server, and only if its
words, an SMTP reply or the returned mail show that it is about a mail.
"""

import re
from collections.abc import Iterator

import msgspec

from case_intake.domain.mail.automatic import has_null_sender
from case_intake.domain.mail.bounce_reasons import is_hard, reply_status, status_in
from case_intake.domain.mail.machine_words import WORDS, any_of, is_mail_server
from case_intake.domain.mail.message import Address, Bounce, Headers
from case_intake.domain.mail.parts import MimePart, walk
from case_intake.domain.mail.returned import addresses_in, failed_addresses, returned_ids, text_in

_LONGEST = 100_000
_LONGEST_REASON = 500
_MOST_RECIPIENTS = 200
_FIELD = re.compile(r"(?m)^([A-Za-z-]{1,60})[ \t]{0,10}:[ \t]*(.*)$")
_FOLD = re.compile(r"\n[ \t]")
_BLANK = re.compile(r"\n[ \t]{0,20}\n")
_BOUNCES = any_of(WORDS.bounces.words)
_DELAYED = any_of(WORDS.bounces.delayed)
_ORIGINAL = any_of(WORDS.bounces.original)
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")
_FAILS = frozenset(("failed", "delayed", "", "fail", "failure", "expired", "bounced"))
_REPLY_SUBJECT = re.compile(r"(?:re|fwd?)\s?:\s", re.IGNORECASE)


class _Found(msgspec.Struct, frozen=True):
    """What a report says of one recipient."""

    recipient: str
    status: str | None
    delayed: bool
    reason: str


def bounce_of(
    fields: Headers,
    root: MimePart,
    sender: Address,
    subject: str,
    text: str,
    envelope_from: str | None = None,
) -> Bounce | None:
    """The bounce in a mail, or None. A report of delivery or relaying is no bounce."""
    nobody = not (sender.address or sender.name)
    from_server = nobody or is_mail_server(sender) or has_null_sender(fields, envelope_from)
    text = text[:_LONGEST]
    reports = list(_reports(root, from_server))
    found = [one for report in reports for one in _failures(report)]
    if not found:
        # A report that names nobody, or that a server put into the text.
        if any(_tells_of_success(report) for report in reports):
            return None
        if not _is_free_form(fields, root, sender, subject, text, from_server):
            return None
        return _guessed(fields, root, subject, text)
    failed = [one for one in found if not one.delayed] or found
    reasons = " ".join(dict.fromkeys(one.reason for one in failed if one.reason))
    statuses = [one.status for one in failed if one.status]
    status = next((one for one in statuses if one.startswith("5")), next(iter(statuses), None))
    delayed = failed[0].delayed
    return Bounce(
        tuple(dict.fromkeys(one.recipient for one in failed))[:_MOST_RECIPIENTS],
        status,
        not delayed and is_hard(status, reasons or _before_original(text)),
        delayed=delayed,
        reason=_short(reasons),
        returned=returned_ids(fields, root, text),
    )


def _reports(root: MimePart, from_server: bool) -> Iterator[MimePart]:
    """The parts with a report of this message. Servers also send them in other multiparts."""
    if root.kind.endswith("delivery-status"):
        yield root
    elif root.kind == "multipart/report" or from_server:
        yield from (part for part in walk(root) if part.kind.endswith("delivery-status"))


def _failures(report: MimePart) -> Iterator[_Found]:
    for group in _groups(report):
        action = group.get("action", "").split("(")[0].strip().lower()
        recipient = _recipient(group)
        if not recipient or action not in _FAILS:
            continue
        status = _status(group)
        delayed = action == "delayed" or (not action and (status or "5").startswith("4"))
        if action or (status or "5")[0] in "45":
            yield _Found(recipient, status, delayed, _reason(group, status or ""))


def _reason(group: dict[str, str], status: str) -> str:
    """What the server said, with the status if the server did not say it."""
    kind, _, text = group.get("diagnostic-code", "").partition(";")
    answer = (text or kind).strip()
    return answer if status in answer else f"{status} {answer}".strip()


def _tells_of_success(report: MimePart) -> bool:
    actions = (group.get("action", "").split("(")[0].strip().lower() for group in _groups(report))
    return any(action not in _FAILS for action in actions)


def _groups(part: MimePart) -> list[dict[str, str]]:
    text = _FOLD.sub(" ", text_in(part))
    return [
        {match[1].lower(): match[2].strip() for match in _FIELD.finditer(group)}
        for group in _BLANK.split(text)
    ]


def _recipient(group: dict[str, str]) -> str | None:
    """The recipient of a group: an address, or else the name of a mailbox."""
    for name in ("final-recipient", "original-recipient", "x-actual-recipient"):
        value = group.get(name, "").partition(";")[2].strip() or group.get(name, "").strip()
        found = addresses_in(value[:1000])
        if found:
            return found[0]
    value = group.get("final-recipient", "").partition(";")[2].strip().strip("<>")
    return value[:320] or None


def _status(group: dict[str, str]) -> str | None:
    for name in ("status", "diagnostic-code"):
        found = status_in(group.get(name, "")[:2000])
        if found:
            return found
    return reply_status(group.get("diagnostic-code", "")[:2000])


def _is_free_form(
    fields: Headers, root: MimePart, sender: Address, subject: str, text: str, from_server: bool
) -> bool:
    """Whether a mail without a readable report is a server's report in a form of its own."""
    if fields.first("X-Failed-Recipients") is not None:
        return True
    no_reply = sender.address.lower().startswith(("no-reply@", "noreply@"))
    if not (from_server or no_reply):
        return False
    other_report = root.kind == "multipart/report" and root.parameters.get("report-type", "")
    if other_report and other_report.lower() != "delivery-status":
        return False
    notice = _before_original(text).lower()
    says_so = _BOUNCES.search(subject.lower()) or _BOUNCES.search(notice)
    returns = notice != text.lower() or _is_returned(root)
    if is_mail_server(sender):
        return bool(says_so or returns or status_in(notice) or reply_status(notice))
    if from_server:  # The null sender also sends automatic replies, which quote no SMTP.
        quotes_smtp = status_in(notice) or reply_status(notice)
        return bool(says_so and (returns or quotes_smtp)) or _is_returned(root)
    return bool(returns and says_so)


def _is_returned(root: MimePart) -> bool:
    """Whether the mail has a returned mail as a part."""
    return any(part.kind in _RETURNED for part in walk(root))


def _guessed(fields: Headers, root: MimePart, subject: str, text: str) -> Bounce:
    notice = _before_original(text)
    named = addresses_in(" ".join(fields.all("X-Failed-Recipients"))[:_LONGEST])
    own = addresses_in(" ".join((*fields.all("To"), *fields.all("From")))[:2000])
    found = named or failed_addresses(notice, own) or _addressees(root, own)
    status = status_in(notice) or reply_status(notice)
    delayed = _DELAYED.search(subject.lower()) is not None or "will be retried" in notice.lower()
    return Bounce(
        tuple(dict.fromkeys(found))[:_MOST_RECIPIENTS],
        status,
        not delayed and is_hard(status, f"{subject}\n{notice}"),
        delayed=delayed,
        reason=_short(notice),
        returned=returned_ids(fields, root, text),
    )


def _addressees(root: MimePart, own: list[str]) -> list[str]:
    """The recipient of the returned mail, if there is only one."""
    for part in walk(root):
        if part.kind in _RETURNED:
            headers = part.body[:_LONGEST].decode("utf-8", "replace").partition("\n\n")[0]
            lines = re.findall(r"(?im)^to:(.*(?:\n[ \t].*)*)", headers[:20_000])
            found = [one for one in addresses_in(" ".join(lines)) if one not in own]
            return found if len(found) == 1 else []
    return []


def _before_original(text: str) -> str:
    """The part of a text before the returned mail."""
    begins = _ORIGINAL.search(text.lower())
    return text[: begins.start()] if begins and begins.start() > 0 else text


def _short(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 2]} …"
