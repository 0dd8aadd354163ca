"""Reports that a mail of ours did not arrive: RFC 3464, and other common forms."""

import re

from case_intake.domain.mail import charset, transfer
from case_intake.domain.mail.automatic import is_null_sender, walk
from case_intake.domain.mail.message import Address, Bounce, Headers
from case_intake.domain.mail.parts import MimePart

_LONGEST = 200_000
_MOST_RECIPIENTS = 200
_FIELD = re.compile(r"(?m)^([A-Za-z-]{1,60})[ \t]{0,10}:[ \t]*(.*)$")
_FOLD = re.compile(r"\n[ \t]")
_BLANK = re.compile(r"\n[ \t]{0,20}\n")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.-])([45])\d\d[ -]")
_ADDRESS = re.compile(r"[^\s<>@:;,\"()]{1,64}@[^\s<>@:;,\"()]{1,255}")
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|has failed|delayed)|"
    r"mail delivery (?:failed|system|subsystem)|failure notice|returned (?:mail|to sender)|"
    r"delivery incomplete|warning: (?:message|could not send)|onbestelbaar|niet bezorgd|"
    r"unzustellbar|non remis|échec de la remise|no se puede entregar|mancato recapito",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"delay|vertraagd|incomplete|warning:|will be retried", re.IGNORECASE)
_DAEMON = re.compile(r"(?:mailer-?daemon|postmaster|mail-?daemon|bounces?)(?:@.*)?", re.IGNORECASE)
_LONE_ADDRESS = re.compile(rf"[ \t]{{0,20}}<?({_ADDRESS.pattern})>?:?[ \t]{{0,20}}")


def bounce_of(
    fields: Headers, root: MimePart, sender: Address, subject: str, text: str
) -> Bounce | None:
    """The bounce in a mail, or None. A report of delivery or relaying is no bounce."""
    reports = [part for part in walk(root) if part.kind.endswith("delivery-status")]
    if reports:
        return _reported(reports)
    from_daemon = _DAEMON.fullmatch(sender.address) is not None
    null_sender = any(map(is_null_sender, fields.all("Return-Path")))
    failed = fields.first("X-Failed-Recipients")
    if failed is None and not ((from_daemon or null_sender) and _SUBJECT.search(subject)):
        return None
    return _guessed(failed, subject, text[:_LONGEST])


def _reported(reports: list[MimePart]) -> Bounce | None:
    failed: list[tuple[str, str | None]] = []
    delayed: list[tuple[str, str | None]] = []
    for part in reports:
        for group in _groups(part):
            recipient = _recipient(group)
            action = group.get("action", "").split("(")[0].strip().lower()
            status = _status(group)
            is_delay = action == "delayed" or (not action and (status or "5").startswith("4"))
            if recipient and action not in ("delivered", "relayed", "expanded"):
                (delayed if is_delay else failed).append((recipient, status))
    reported = failed or delayed
    if not reported:
        return None
    statuses = [status for _, status in reported if status]
    hard = [status for status in statuses if status.startswith("5")]
    recipients = tuple(dict.fromkeys(recipient for recipient, _ in reported))[:_MOST_RECIPIENTS]
    return Bounce(recipients, next(iter(hard or statuses), None), bool(failed and hard))


def _groups(part: MimePart) -> list[dict[str, str]]:
    encoding = part.headers.first("content-transfer-encoding")
    raw = transfer.undone(part.body, encoding, _ignored)[:_LONGEST]
    text = _FOLD.sub(" ", charset.cleaned(charset.decode(raw, None, _ignored)))
    return [
        {match[1].lower(): match[2].strip() for match in _FIELD.finditer(group)}
        for group in _BLANK.split(text)
    ]


def _ignored(_: str) -> None:
    """The part is stored as an attachment, where its problems are noted."""


def _recipient(group: dict[str, str]) -> str | None:
    value = group.get("final-recipient") or group.get("original-recipient") or ""
    address = _ADDRESS.search(value.rpartition(";")[2][:1000])
    return address[0] if address else None


def _status(group: dict[str, str]) -> str | None:
    for name in ("status", "diagnostic-code"):
        found = _STATUS.search(group.get(name, "")[:2000])
        if found:
            return found[1]
    code = _REPLY_CODE.search(group.get("diagnostic-code", "")[:2000] + " ")
    return f"{code[1]}.0.0" if code else None


def _guessed(failed: str | None, subject: str, text: str) -> Bounce:
    found = _ADDRESS.findall((failed or "")[:_LONGEST])
    if not found:
        lone = (_LONE_ADDRESS.fullmatch(line[:400]) for line in text.split("\n"))
        found = [match[1] for match in lone if match]
    status = _STATUS.search(text)
    code = _REPLY_CODE.search(text)
    delayed = _DELAYED.search(subject) is not None
    if status:
        hard = status[1].startswith("5") and not delayed
    else:
        hard = not delayed and (code is None or code[1] == "5")
    recipients = tuple(dict.fromkeys(found))[:_MOST_RECIPIENTS]
    return Bounce(recipients, status[1] if status else None, hard)
