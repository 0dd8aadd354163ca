"""D9: the account of a case adds up at every moment of every history, corrections included."""

from collections import Counter

from case_definition.rules.ledger import Ledger, fold_ledger
from case_events.contracts.approvals import (
    ApprovalGranted,
    DeclineApproval,
    GrantApproval,
    RequestApproval,
)
from case_events.contracts.base import Event
from case_events.contracts.commands import ClassifyCase
from case_events.contracts.work import WorkEntry
from case_events.envelope import Actor
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflow.workflow_desk import ANNA, BO, ZOE
from tests.unit.workflow.working_desk import correct, log, working

APPROVALS = ("thinking", "building", "more", "days")
ALLOWANCE = 30
KINDS = st.sampled_from(["thinking", "building", "travel", "on_site"])
MINUTES = st.one_of(st.integers(0, 200), st.just(480))
NUMBERS = st.integers(1, 6)
ASKED = st.one_of(
    st.builds(log, minutes=MINUTES, kind=KINDS),
    st.builds(correct, entry=NUMBERS, minutes=st.one_of(st.none(), MINUTES)),
    st.builds(RequestApproval, approval=st.sampled_from(APPROVALS), minutes=MINUTES),
    st.builds(GrantApproval, request=NUMBERS, minutes=st.one_of(st.just(0), MINUTES)),
    st.builds(DeclineApproval, request=NUMBERS),
    st.builds(ClassifyCase, case_type=st.sampled_from(["question", "incident"])),
)


def in_plain_words(history: list[Event]) -> tuple[Counter[str], Counter[str], int, int]:
    """Granted and used by approval, free minutes and all minutes: summed up anew, without the
    fold that is tried here."""
    granted: Counter[str] = Counter()
    entries: dict[int, WorkEntry] = {}
    for event in history:
        if isinstance(event, ApprovalGranted):
            granted[event.approval] += event.minutes
        elif isinstance(event, WorkEntry):
            entries[event.entry] = event
    used: Counter[str] = Counter()
    free = 0
    for entry in entries.values():
        given = sum(part.minutes for part in entry.parts if part.free)
        free += given
        if entry.approval:
            used[entry.approval] += entry.minutes - given
    return granted, used, free, sum(entry.minutes for entry in entries.values())


def adds_up(ledger: Ledger, history: list[Event]) -> None:
    """Every sum of the account, after this much of the history."""
    granted, used, free, minutes = in_plain_words(history)
    for name in APPROVALS:
        assert ledger.granted.get(name, 0) == granted[name]
        assert ledger.used(name) == used[name]
        assert ledger.left(name) == granted[name] - used[name]
        assert 0 <= ledger.used(name) <= granted[name]
    assert ledger.left_minutes == ledger.approved_minutes - used.total()
    assert ledger.free_used("first_half_hour") == free <= ALLOWANCE
    assert ledger.work_minutes == minutes
    billable = sum(one.minutes for one in ledger.bookings.values() if one.billable)
    assert sum(ledger.billed().values()) == billable - free
    for one in ledger.bookings.values():
        assert sum(part.minutes for part in one.parts) == one.minutes
        # At this desk whatever is billed beyond the free minutes needs an approval.
        assert one.approval or one.free == one.minutes or not one.billable


@settings(max_examples=300)
@given(
    st.sampled_from([("wish", "small", "zoe"), ("question", "small", "zoe"),
                     ("question", "acme", "anna"), ("visit", "small", "zoe")]),
    st.lists(st.tuples(ASKED, st.sampled_from([BO, ZOE, ANNA])), max_size=20),
)  # fmt: skip
def test_the_account_adds_up_at_every_past_moment(
    opened: tuple[str, str, str], asked: list[tuple[Event, Actor]]
) -> None:
    desk = working(*opened)
    for event, actor in asked:
        desk.ask(event, actor)
    history = [draft.event for draft in desk.history]
    ledger = Ledger()
    adds_up(ledger, [])
    for length, event in enumerate(history, 1):
        ledger = fold_ledger(ledger, event)
        adds_up(ledger, history[:length])
    assert ledger == desk.snapshot_state.case.ledger
