"""The desk as a tenant writes it: its teams, where cases go, who is told of what."""

from typing import Literal

from pydantic import Field

from case_definition.schema.model import (
    DefinitionModel,
    Language,
    LengthText,
    MailAddress,
    Name,
    Rule,
    WebAddress,
)
from case_definition.vocabulary import NoticeEvent, Recipient


class Raise(DefinitionModel):
    """What raises an escalation level."""

    on: Literal["warning", "breach"]
    """`warning` is the last warning of the target, and of each one that takes over from it."""
    after: LengthText | None = None
    """How long after a breach, in the target's own time; at once when left out."""
    metrics: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    priorities: tuple[Name, ...] = ()
    """Only for cases of these; for all when left out."""


class Level(DefinitionModel):
    """A level of the escalation policy: who is told, and what raises it."""

    level: int = Field(gt=0)
    role: Name
    address: MailAddress
    language: Language
    raised: tuple[Raise, ...] = Field(min_length=1)


class Team(DefinitionModel):
    """Agents who share work."""

    name: Name
    line: Literal[1, 2, 3]
    """First, second or third line."""
    address: MailAddress
    language: Language


class Route(DefinitionModel):
    """Where a case goes; the first rule that holds decides."""

    team: Name
    when: Rule | None = None


class Webhook(DefinitionModel):
    """Another system that is told, by an HTTP POST of JSON."""

    name: Name
    url: WebAddress


class Notice(DefinitionModel):
    """Which event sends which template to whom."""

    name: Name
    on: NoticeEvent
    to: tuple[Recipient, ...] = Field(min_length=1)
    when: Rule | None = None
    template: Name | None = None
    """The text to send; the notice's own name when left out."""
    webhook: Name | None = None
    """Which other system is told the same of each of them, beside the mail."""
    own: bool = False
    """Whether it goes to whoever did it themselves too."""

    @property
    def text_key(self) -> str:
        """Where its texts stand: add `.subject` or `.body`."""
        return f"notices.{self.template or self.name}"
