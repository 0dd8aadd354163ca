"""Whether a machine sent a mail. Automatic mail never causes mail.

`why` lists the signs found, joined by `; `, most telling first:
`our own`, `auto-submitted: ...`, `null sender`, `delivery report`, `read receipt`,
`calendar`, `precedence: ...`, `auto-reply header: ...`, `mailing list`,
`suppresses automatic answers`, `machine's address: ...`, `automatic subject`.
"""

import re
from collections.abc import Iterator

from case_intake.domain.mail.message import Address, Automatic, Headers
from case_intake.domain.mail.parts import MimePart

OWN_HEADER = "X-Casefold-Message"
_PRECEDENCE = frozenset(("bulk", "list", "junk", "auto_reply", "auto-reply"))
_REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply",
                  "X-Mail-Autoreply")  # fmt: skip
_LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post")
_MACHINE = re.compile(
    r"mailer-?daemon|postmaster|(?:.*[._+-])?(?:no|do-?not|donot)[._-]?reply(?:[._+-].*)?|"
    r"niet-?beantwoorden|bounces?(?:[._+-].*)?",
)
_SUBJECT = re.compile(
    r"(?:automatisch antwoord|automatic reply|automatische antwort|réponse automatique|"
    r"respuesta automática|risposta automatica|auto(?:matic)?[- ]?(?:reply|response)|"
    r"out of (?:the )?office|afwezig(?:heid(?:sbericht|sassistent)?)?|abwesenheitsnotiz|"
    r"niet aanwezig|buiten kantoor)\s{0,4}(?:[:\-–(]|$|re\b)",
    re.IGNORECASE,
)
_OWN_SUBJECT_WITH_COLON = re.compile(r"[^:]{1,40}:\s?\S")


def automatic(
    fields: Headers, root: MimePart, sender: Address, subject: str, envelope_from: str | None
) -> Automatic:
    """Decide whether a machine sent a mail. `envelope_from` is the SMTP sender, None if unknown."""
    signs = [*_header_signs(fields, envelope_from), *_part_signs(root)]
    local = sender.address.rpartition("@")[0].lower() or sender.address.lower()
    if _MACHINE.fullmatch(local[:200]):
        signs.append(f"machine's address: {local[:60]}")
    if not _SUBJECT.match(subject):
        return Automatic(bool(signs), "; ".join(dict.fromkeys(signs)) or None)
    # People write such subjects too. A reply to one of our mails is a second hint.
    answers = fields.first("in-reply-to") or fields.first("references")
    if answers and _OWN_SUBJECT_WITH_COLON.match(subject):
        signs.append("automatic subject on an answer")
    is_automatic = bool(signs)
    signs.append("automatic subject")
    return Automatic(is_automatic, "; ".join(dict.fromkeys(signs)))


def _header_signs(fields: Headers, envelope_from: str | None) -> Iterator[str]:
    if fields.first(OWN_HEADER) is not None:
        yield "our own"
    for value in fields.all("Auto-Submitted"):
        word = value.split(";")[0].split("(")[0].strip().lower()
        if word and word != "no":
            yield f"auto-submitted: {word[:40]}"
    if is_null_sender(envelope_from) or any(map(is_null_sender, fields.all("Return-Path"))):
        yield "null sender"
    for value in fields.all("Precedence"):
        if value.strip().lower() in _PRECEDENCE:
            yield f"precedence: {value.strip().lower()}"
    for name in _REPLY_HEADERS:
        if (fields.first(name) or "no").strip().lower() not in ("no", "false", "0"):
            yield f"auto-reply header: {name}"
    if not fields.values.keys().isdisjoint(_LIST_HEADERS):
        yield "mailing list"
    suppressed = fields.first("X-Auto-Response-Suppress")
    if suppressed is not None and suppressed.strip().lower() not in ("", "none"):
        yield "suppresses automatic answers"


def is_null_sender(sender: str | None) -> bool:
    """Whether this is `<>`, which servers use for mail that must never be answered. None means
    unknown."""
    return sender is not None and sender.strip() in ("", "<>")


def _part_signs(root: MimePart) -> Iterator[str]:
    report = root.parameters.get("report-type", "").lower()
    for part in walk(root):
        kind = part.kind
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            yield "delivery report"
        elif kind in (
            "message/disposition-notification",
            "message/global-disposition-notification",
        ):
            yield "read receipt"
        elif kind == "text/calendar" and _is_invitation(part):
            yield "calendar"
    if root.kind == "multipart/report" and report in ("delivery-status", ""):
        yield "delivery report"
    elif root.kind == "multipart/report":
        yield "read receipt" if report == "disposition-notification" else f"report: {report[:40]}"


def _is_invitation(part: MimePart) -> bool:
    return bool(part.parameters.get("method")) or part.disposition != "attachment"


def walk(root: MimePart) -> Iterator[MimePart]:
    """The part and all parts below it, to a depth of `parts.DEEPEST` at most."""
    yield root
    for child in root.children:
        yield from walk(child)
