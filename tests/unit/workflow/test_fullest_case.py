"""P1: the fullest case that there can be is still read and written at once."""

from uuid import UUID

import msgspec
from case_definition.rules.ledger import Booking, Ledger, Request
from case_events.contracts.links import CaseLinked
from case_events.contracts.parts import WorkPart
from case_workflow.application.react import Remembered
from case_workflow.domain.approving import MOST_REQUESTS
from case_workflow.domain.booking import MOST_ENTRIES
from case_workflow.domain.case import Case
from case_workflow.domain.involving import MOST_CONSULTATIONS, MOST_WATCHERS
from case_workflow.domain.linking import MOST_LINKS
from case_workflow.domain.links import Links, fold_links
from case_workflow.domain.people import People

from tests.unit.workflow.workflow_desk import START

MOST_BYTES = 500_000


def test_a_case_that_is_full_is_small_enough_to_write_at_each_event() -> None:
    booked = Booking(90, "consultancy", START, (WorkPart(60), WorkPart(30, 50)), True,
                     "outside_sla", "development", "")  # fmt: skip
    asked = Request("development", 600, 1200, "granted", 600)
    links = Links()
    for number in range(MOST_LINKS):
        other = UUID(int=number)
        event = CaseLinked(
            kind="problem", direction="from", case=other, reference=f"CAS-2026-{number:06}",
            contact=f"customer-{number}-anouk", customer=f"customer-{number}", weight=number,
        )  # fmt: skip
        links = fold_links(links, event, number)
    full = Case(
        ledger=Ledger(
            dict.fromkeys(range(1, MOST_REQUESTS + 1), asked),
            {"development": 600},
            dict.fromkeys(range(1, MOST_ENTRIES + 1), booked),
        ),
        links=links,
        people=People(
            tuple(f"address/{number:012x}" for number in range(MOST_WATCHERS)),
            {str(UUID(int=number)): "second_line" for number in range(MOST_CONSULTATIONS)},
        ),
    )
    kept = msgspec.json.encode(Remembered(full, "sample/1", START))
    assert len(links.others) == MOST_LINKS
    assert len(kept) < MOST_BYTES
    assert msgspec.json.decode(kept, type=Remembered).case == full
