"""C16: what comes in the name of another tenant finds no case, though it names one."""

import pytest
from case_events.contracts.base import Event
from case_events.contracts.commands import AddComment, ChangeStatus
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.parts import WrittenContent
from case_events.contracts.refusals import CommandRefused
from case_events.envelope import Actor
from case_events.topics import REFUSALS
from msgspec.structs import replace

from tests.unit.workflow.workflow_desk import ANNA, BO, opened, record

TEXT = WrittenContent(text="Let me in.")
REPLY = ReplyReceived(
    found_by="token", participant=True, public=True, message_id="1@x", raw="11" * 32, personal=TEXT
)


@pytest.mark.parametrize("who", [ANNA, BO], ids=lambda who: who.kind)
@pytest.mark.parametrize(
    "asked",
    [AddComment(public=True, personal=TEXT), ChangeStatus(transition="ask", personal=TEXT), REPLY],
    ids=lambda event: type(event).__name__,
)
def test_another_tenant_has_no_such_case(asked: Event, who: Actor) -> None:
    """Even where somebody of the same id works there; the refusal is that tenant's."""
    desk = opened()
    before = desk.state
    foreign = replace(record(asked, who, 9), tenant="elsewhere")
    (draft,) = desk.take(foreign).events
    assert draft.topic == REFUSALS
    assert isinstance(draft.event, CommandRefused)
    assert (draft.event.code, draft.event.field, draft.event.rule) == ("unknown", "case", "exists")
    assert desk.state == before
