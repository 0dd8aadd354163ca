"""What workflow remembers of a case is bounded, however long the case lives (P1)."""

from unittest.mock import patch
from uuid import UUID

import pytest
from case_definition.rules.ledger import Ledger, fold_ledger
from case_events.contracts.approvals import ApprovalRequested, DeclineApproval
from case_events.contracts.base import Event
from case_events.contracts.links import (
    CaseLinked,
    CaseUnlinked,
    LinkCase,
    MergeCase,
    MergeUndone,
    UnlinkCase,
)
from case_events.contracts.parts import WrittenContent
from case_events.contracts.people import (
    AnswerConsultation,
    ConsultationRequested,
    ConsultTeam,
)
from case_events.contracts.work import WorkCorrected, WorkLogged
from case_events.envelope import Actor
from case_workflow.domain.approvals import decide as approvals
from case_workflow.domain.links import decide as links
from case_workflow.domain.people import decide as people
from case_workflow.domain.work_log import decide as work_log
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflow.linked_cases import Cases
from tests.unit.workflow.test_ledger import ASKED, adds_up
from tests.unit.workflow.workflow_desk import ANNA, BO, ZOE
from tests.unit.workflow.working_desk import correct, log, reason_of, request, working

FEW = 3
WORDS = WrittenContent(text="WrittenContent")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, smaller."""
    for module, name in (
        (work_log, "MAX_ENTRIES"), (approvals, "MAX_REQUESTS"),
        (people, "MAX_CONSULTATIONS"), (links, "MAX_LINKS"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, FEW)


def test_a_case_takes_no_more_entries_of_work_and_those_that_it_has_can_be_corrected() -> None:
    """D9, D19"""
    desk = working("question", "acme", "anna")
    for _ in range(FEW):
        assert isinstance(desk.ask(log(10))[0], WorkLogged)
    assert desk.refused(log(10)) == ("not_allowed", "minutes", "most")
    assert "3 entries of work at the most" in reason_of(desk, log(10))
    assert isinstance(desk.ask(correct(FEW, 20))[0], WorkCorrected)
    assert desk.snapshot_state.case.ledger.work_minutes == 40


def test_approval_is_asked_so_many_times() -> None:
    """D9"""
    desk = working()
    for number in range(1, FEW + 1):
        assert isinstance(desk.ask(request("building", 60))[0], ApprovalRequested)
        desk.ask(DeclineApproval(request=number), ZOE)
    assert desk.refused(request("building", 60)) == ("not_allowed", "approval", "most")


def test_what_asks_by_itself_asks_no_more_than_people() -> None:
    """O3: the free minutes are used up, and the contact has been asked for the most already."""
    desk = working("question", "small", "zoe")
    for number in range(1, FEW + 1):
        desk.ask(request("more", 60))
        desk.ask(DeclineApproval(request=number), ZOE)
    facts = desk.ask(log(30))
    assert [type(fact) for fact in facts] == [WorkLogged]


@settings(max_examples=100)
@given(st.lists(st.tuples(ASKED, st.sampled_from([BO, ZOE, ANNA])), max_size=20))
def test_the_account_adds_up_and_stays_small_at_every_moment(
    asked: list[tuple[Event, Actor]],
) -> None:
    """D9"""
    with patch.object(work_log, "MAX_ENTRIES", FEW), patch.object(approvals, "MAX_REQUESTS", FEW):
        desk = working()
        for event, actor in asked:
            desk.ask(event, actor)
    history = [draft.event for draft in desk.history]
    ledger = Ledger()
    for length, event in enumerate(history, 1):
        ledger = fold_ledger(ledger, event)
        adds_up(ledger, history[:length])
        assert len(ledger.bookings) <= FEW
        assert len(ledger.requests) <= FEW
    assert ledger == desk.snapshot_state.case.ledger


def test_so_many_questions_to_colleagues_wait_at_a_time() -> None:
    """H6"""
    desk = working()
    asked = [desk.ask(ConsultTeam(team="gold", personal=WORDS))[0] for _ in range(FEW)]
    assert desk.refused(ConsultTeam(team="gold", personal=WORDS)) == ("invalid", "team", "most")
    assert isinstance(asked[0], ConsultationRequested)
    desk.ask(AnswerConsultation(consultation=asked[0].consultation, personal=WORDS))
    assert isinstance(desk.ask(ConsultTeam(team="gold", personal=WORDS))[0], ConsultationRequested)


def linked_to(cases: Cases, case: UUID, others: range) -> None:
    for number in others:
        other = cases.open(number)
        cases.ask(case, LinkCase(kind="duplicate", reference=f"S-{number:04}", case=other))


def test_a_case_points_to_so_many_others() -> None:
    """H5"""
    cases = Cases()
    case = cases.open(1)
    linked_to(cases, case, range(2, FEW + 3))
    assert [(one.field, one.rule) for one in cases.refused] == [("reference", "most")]
    assert "unlink one first" in cases.refused[0].reason
    assert len(cases.case(case).links.others) == FEW
    cases.ask(case, UnlinkCase(kind="duplicate", reference="S-0002", case=UUID(int=2)))
    linked_to(cases, case, range(9, 10))
    assert cases.case(case).links.find("duplicate", "to", UUID(int=9))


def test_a_case_that_is_pointed_to_by_so_many_tells_the_next_why_not() -> None:
    """H5: whichever way they point; and a merge into it is undone."""
    cases = Cases()
    full = cases.open(1)
    for number in range(2, FEW + 2):
        cases.ask(cases.open(number), LinkCase(kind="duplicate", reference="S-0001", case=full))
    late = cases.open(9)
    cases.ask(late, LinkCase(kind="duplicate", reference="S-0001", case=full))
    assert isinstance(cases.history[late][-2], CaseLinked)
    gone = cases.history[late][-1]
    assert isinstance(gone, CaseUnlinked)
    assert gone.reason == "most"
    cases.ask(late, MergeCase(reference="S-0001", case=full))
    (undone,) = [event for event in cases.history[late] if isinstance(event, MergeUndone)]
    assert undone.reason == "most"
    assert len(cases.case(full).links.others) == FEW
