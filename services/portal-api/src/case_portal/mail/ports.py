"""The port for mails that notify sends."""

from collections.abc import Mapping

from case_events.contracts.parts import Person
from msgspec import Struct


class Letter(Struct, frozen=True, kw_only=True):
    """A mail to request from notify. `secrets` are readable only for its recipient."""

    key: str
    template: str
    language: str
    to: Person
    values: Mapping[str, str]
    secrets: Mapping[str, str]
    in_reply_to: str = ""
