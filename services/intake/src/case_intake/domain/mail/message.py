"""The values of a parsed mail."""

from datetime import datetime

import msgspec


class Address(msgspec.Struct, frozen=True):
    """One mailbox. Either part is empty if the mail does not give it."""

    address: str = ""
    name: str = ""


class MailAttachment(msgspec.Struct, frozen=True):
    """The name and properties of an attachment; its bytes are in `MailReading.contents`.

    `name` is safe as a file name, `size` is in bytes after decoding, `sha256` is in hex.
    """

    name: str
    type: str
    size: int
    sha256: str
    inline: bool


class Automatic(msgspec.Struct, frozen=True, rename={"is_": "is"}):
    """Whether a machine wrote the mail. `why` lists the signs; see `automatic.py`.

    `quiet`: no machine may answer the mail, whoever wrote it. `why` without the two is a hint that
    is too weak to act on.
    """

    is_: bool = False
    why: str | None = None
    quiet: bool = False


class Bounce(msgspec.Struct, frozen=True):
    """A report that a mail of ours did not arrive, or not yet.

    `status` is the enhanced status code (RFC 3463) or None. `hard`: the address is dead, so that no
    mail to it can arrive. `delayed`: the server still tries. `reason` is one line of the report.
    `returned` are the Message-IDs and addresses in the headers of the returned mail.
    """

    recipients: tuple[str, ...]
    status: str | None
    hard: bool
    delayed: bool = False
    reason: str = ""
    returned: tuple[str, ...] = ()


class ParsedMail(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A mail as intake understands it. `mail explain` prints its JSON encoding.

    `from_` is the author that counts (`addresses.sender`). `message_id` and `references` are
    without angle brackets. `references` has the ids of References, then of In-Reply-To, without
    repeats. `date` is UTC. `text` is the whole body as text; `reply` is only its new part.
    `problems` are plain sentences, one for each problem.
    """

    from_: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: Address | None
    subject: str
    date: datetime | None
    message_id: str | None
    references: tuple[str, ...]
    text: str
    reply: str
    attachments: tuple[MailAttachment, ...]
    automatic: Automatic
    bounce: Bounce | None
    problems: tuple[str, ...]


class Headers(msgspec.Struct, frozen=True):
    """Header fields in order, as (name, unfolded value). Encoded words are not decoded yet."""

    fields: tuple[tuple[str, str], ...] = ()
    values: dict[str, list[str]] = {}
    """The values of each field, in order, by its name in lower case. Made from `fields`."""

    def __post_init__(self) -> None:
        for name, value in self.fields:
            self.values.setdefault(name.lower(), []).append(value)

    def all(self, name: str) -> list[str]:
        """Every value of the field, in order. Names match in any capitalisation."""
        return self.values.get(name.lower(), [])

    def first(self, name: str) -> str | None:
        """The value of the first such field, or None."""
        found = self.values.get(name.lower())
        return found[0] if found else None


class MailReading(msgspec.Struct, frozen=True):
    """A parsed mail, with the parts that its JSON does not have.

    `contents` are the bytes of `mail.attachments`, in the same order.
    """

    mail: ParsedMail
    contents: tuple[bytes, ...]
    in_reply_to: tuple[str, ...]
    headers: Headers
