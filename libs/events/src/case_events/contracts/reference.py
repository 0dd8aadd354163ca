"""Reference data: each record has the whole state after a change, and every service reads all of
them."""

from typing import Annotated, Any

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import PERSONAL
from case_events.topics import AGREEMENTS, DEFINITIONS, DIRECTORY


@contract("definition.published", DEFINITIONS, label="definition_published")
class DefinitionPublished(Event, frozen=True):
    """One version of a tenant's process definition. `definition` is `tenant/version`."""

    definition: str
    document: dict[str, Any]


@contract("agreement.published", AGREEMENTS, label="agreement_published")
class AgreementPublished(Event, frozen=True):
    """One version of an agreement with a customer: `tenant/id/version`."""

    agreement: str
    document: dict[str, Any]


@contract("directory.entry-changed", DIRECTORY, label="entry_changed")
class EntryChanged(Event, frozen=True):
    """The present state of a customer, contact, agent, auditor, team or article."""

    kind: str
    entry: str
    document: Annotated[dict[str, Any], PERSONAL]
