"""The reader of a page."""

from datetime import datetime

from case_definition.lookup.definition import Definition

from case_portal.core.principal import Principal
from case_portal.core.zones import zone_of
from case_portal.web.wording import Wording


class Reader:
    """The reader of a page: the person, the newest definition of their tenant, and their texts."""

    def __init__(self, principal: Principal, definition: Definition, now: datetime) -> None:
        self.principal, self.definition = principal, definition
        self.words = Wording(principal.language, zone_of(definition), now)

    def named(self, section: str, name: str) -> str:
        """The reader's text for a name of the definition; the name itself if the definition does
        not have it."""
        return self.definition.name_of(section, name, self.words.language)
