"""Who is told of a decision, and where the contact reads its answer."""

import pytest
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.decisions import DecisionMade, DecisionRequested
from case_events.contracts.parts import WrittenContent

from tests.unit.notify.sample_desk import BO, Story, begun, mails, places

AWAY = {"absent": [{"first": "2026-11-01", "last": "2026-12-01"}], "stand_in": "cy"}
OWNER = {"roles": ["agent", "owner"]}


@pytest.mark.parametrize("event", ["decision_requested", "decision_made"])
@pytest.mark.parametrize(
    ("cy", "given"),
    [({}, {"agent/bo"}), (OWNER, {"agent/bo", "agent/cy"})],
    ids=["without", "with"],
)
def test_a_role_is_told_to_all_who_have_it_and_to_no_one_who_stands_in_without(
    event: str, cy: dict[str, list[str]], given: set[str]
) -> None:
    """C10: only they decide, whoever is away too."""
    notice = {"name": event, "on": event, "to": ["role"]}
    story = begun(Story([notice], bo=OWNER | AWAY, cy=cy))
    facts: dict[str, Event] = {
        "decision_requested": DecisionRequested("change", "owner", WrittenContent()),
        "decision_made": DecisionMade("change", "yes", "owner"),
    }
    assert set(mails(story.tell(facts[event]))) == given


def test_the_contact_reads_the_answer_of_a_decision_with_the_step_that_it_sets_off() -> None:
    """It is a public comment; why it was decided is for the desk."""
    story = begun(Story())
    answer = CommentAdded(
        "c1", "agent", True, "decision:change", personal=WrittenContent(text="We will.")
    )
    story.tell(answer, BO, cause=7)
    made = DecisionMade("change", "yes", "owner", personal=WrittenContent(text="It pays off."))
    desk = mails(story.tell(made, BO, cause=7))["team/desk"]
    step = mails(story.tell(StatusChanged("asked", "new", "ask"), BO, cause=7))["contact/anna"]
    assert places(desk)["reason"] == "It pays off."
    assert places(step)["comment"] == "We will."
