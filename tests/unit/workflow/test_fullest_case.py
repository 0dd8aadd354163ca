"""P1: the fullest case that there can be is still read and written at once."""

from uuid import UUID

import msgspec
from case_definition.rules.ledger import Booking, Ledger, Request
from case_events.contracts.links import CaseLinked
from case_events.contracts.parts import WorkPart
from case_workflow.application.react import WorkflowState
from case_workflow.domain.approvals.decide import MAX_REQUESTS
from case_workflow.domain.case import Case
from case_workflow.domain.links.decide import MAX_LINKS
from case_workflow.domain.links.state import CaseLinks, fold_links
from case_workflow.domain.people.decide import MAX_CONSULTATIONS, MAX_WATCHERS
from case_workflow.domain.people.state import CasePeople
from case_workflow.domain.work_log.decide import MAX_ENTRIES

from tests.unit.workflow.workflow_desk import START

MOST_BYTES = 500_000


def test_a_case_that_is_full_is_small_enough_to_write_at_each_event() -> None:
    booked = Booking(90, "consultancy", START, (WorkPart(60), WorkPart(30, 50)), True,
                     "outside_sla", "development", "")  # fmt: skip
    asked = Request("development", 600, 1200, "granted", 600)
    links = CaseLinks()
    for number in range(MAX_LINKS):
        other = UUID(int=number)
        event = CaseLinked(
            kind="problem", direction="from", case=other, reference=f"CAS-2026-{number:06}",
            contact=f"customer-{number}-anouk", customer=f"customer-{number}", weight=number,
        )  # fmt: skip
        links = fold_links(links, event, number)
    full = Case(
        ledger=Ledger(
            dict.fromkeys(range(1, MAX_REQUESTS + 1), asked),
            {"development": 600},
            dict.fromkeys(range(1, MAX_ENTRIES + 1), booked),
        ),
        links=links,
        people=CasePeople(
            tuple(f"address/{number:012x}" for number in range(MAX_WATCHERS)),
            {str(UUID(int=number)): "second_line" for number in range(MAX_CONSULTATIONS)},
        ),
    )
    kept = msgspec.json.encode(WorkflowState(full, "sample/1", START))
    assert len(links.others) == MAX_LINKS
    assert len(kept) < MOST_BYTES
    assert msgspec.json.decode(kept, type=WorkflowState).case == full
