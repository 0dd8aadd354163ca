"""Which part somebody has in a case, by the address that they write from."""

from uuid import UUID

import pytest
from case_definition.lookup.definition import compile_definition
from case_definition.schema.directory import Agent, Contact
from case_intake.domain.inbound import CaseAccess, MailSender, NumberedCase

from tests.unit.intake_service.intake_desk import ANNA, BEN, IVY, OLAF, document

CASE = NumberedCase(UUID(int=7), "D-2026-0007", "acme", "anna")


@pytest.mark.parametrize(
    ("sender", "watchers", "visibility", "part"),
    [
        (ANNA, (), "own", CaseAccess.SEES),
        (IVY, (), "own", CaseAccess.SEES),
        (BEN, (), "own", CaseAccess.COLLEAGUE),
        (BEN, (), "customer", CaseAccess.SEES),
        (BEN, (f"contact/{BEN.id}",), "own", CaseAccess.SEES),
        (OLAF, (), "customer", CaseAccess.NONE),
        (None, (), "customer", CaseAccess.NONE),
    ],
)
def test_the_part_that_somebody_has_in_a_case(
    sender: Contact | Agent | None, watchers: tuple[str, ...], visibility: str, part: CaseAccess
) -> None:
    """C4, C5."""
    terms = compile_definition(document() | {"visibility": {"normal": visibility}})
    known = MailSender(
        contact=sender if isinstance(sender, Contact) else None,
        agent=sender if isinstance(sender, Agent) else None,
    )
    assert known.part_in(CASE, watchers, terms) == part
