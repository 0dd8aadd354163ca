"""Which part somebody has in a case, by the address that they write from."""

from uuid import UUID

import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.schema.directory import Agent, Contact
from case_intake.domain.inbound import KnownCase, Part, Sender

from tests.unit.intake_service.intake_desk import ANNA, BEN, IVY, OLAF, document

CASE = KnownCase(UUID(int=7), "D-2026-0007", "acme", "anna")


@pytest.mark.parametrize(
    ("sender", "watchers", "visibility", "part"),
    [
        (ANNA, (), "own", Part.SEES),
        (IVY, (), "own", Part.SEES),
        (BEN, (), "own", Part.COLLEAGUE),
        (BEN, (), "customer", Part.SEES),
        (BEN, (f"contact/{BEN.id}",), "own", Part.SEES),
        (OLAF, (), "customer", Part.NONE),
        (None, (), "customer", Part.NONE),
    ],
)
def test_the_part_that_somebody_has_in_a_case(
    sender: Contact | Agent | None, watchers: tuple[str, ...], visibility: str, part: Part
) -> None:
    """C4, C5."""
    terms = compile_definition(document() | {"visibility": {"normal": visibility}})
    known = Sender(
        contact=sender if isinstance(sender, Contact) else None,
        agent=sender if isinstance(sender, Agent) else None,
    )
    assert known.part_in(CASE, watchers, terms) == part
