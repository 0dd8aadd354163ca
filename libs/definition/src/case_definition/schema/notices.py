"""Teams, routing, notices, webhooks, and the escalation policy."""

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
    """The cause that raises an escalation level."""

    on: Literal["warning", "breach"]
    """`warning` is the last warning of the target, and of each target that takes over from it."""
    after: LengthText | None = None
    """The time after a breach, in the target's own counting; default: at once."""
    metrics: tuple[Name, ...] = ()
    """Only for these metrics; default: all."""
    priorities: tuple[Name, ...] = ()
    """Only for cases with these priorities; default: all."""


class Level(DefinitionModel):
    """A level of the escalation policy: who is notified, and what raises it."""

    level: int = Field(gt=0)
    role: Name
    address: MailAddress
    language: Language
    raised: tuple[Raise, ...] = Field(min_length=1)


class Team(DefinitionModel):
    """A group of agents who share work."""

    name: Name
    line: Literal[1, 2, 3]
    """First, second or third line."""
    address: MailAddress
    language: Language


class Route(DefinitionModel):
    """The team of a case; the first rule that holds decides."""

    team: Name
    when: Rule | None = None


class Webhook(DefinitionModel):
    """Another system that gets an HTTP POST of JSON."""

    name: Name
    url: WebAddress


class Notice(DefinitionModel):
    """An event, the template that it sends, and the recipients."""

    name: Name
    on: NoticeEvent
    to: tuple[Recipient, ...] = Field(min_length=1)
    when: Rule | None = None
    template: Name | None = None
    """The text to send; default: the one with the notice's own name."""
    webhook: Name | None = None
    """Another system that gets the same data for each mail."""
    own: bool = False
    """Whether people who caused the event themselves get it too."""

    @property
    def text_key(self) -> str:
        """The key of its texts, without `.subject` or `.body`."""
        return f"notices.{self.template or self.name}"
