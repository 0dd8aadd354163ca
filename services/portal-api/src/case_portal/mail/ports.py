"""What the portal asks notify for."""

from collections.abc import Mapping

from case_events.contracts.parts import Person
from msgspec import Struct


class Letter(Struct, frozen=True, kw_only=True):
    """A mail to ask notify for. `secrets` are for its reader alone."""

    key: str
    template: str
    language: str
    to: Person
    values: Mapping[str, str]
    secrets: Mapping[str, str]
    in_reply_to: str = ""
