"""What people ask of a case: what follows, and what is refused, by which rule."""

import pytest
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    CaseAssigned,
    CaseClassified,
    CommentAdded,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    SetFields,
)
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.contracts.refusals import CommandRefused
from case_events.envelope import SYSTEM, Actor

from tests.unit.workflow.workflow_desk import (
    ANNA,
    BO,
    CY,
    GONE,
    GRACE,
    KIM,
    UNKNOWN_ACTOR,
    ZOE,
    Desk,
    opened,
    record,
)

FILE = Attachment("00" * 32, 3, "text/plain")
TEXT = WrittenContent(text="Which printer?")
NOTE = AddComment(public=True, personal=TEXT)
ASK = ChangeStatus(transition="ask", personal=TEXT)
SOLVE = ChangeStatus(transition="solve", fields={"cause": "Dust"})
AGREE = ChangeStatus(transition="agree")


def solved(case_type: str = "incident") -> Desk:
    desk = opened(case_type=case_type)
    desk.ask(SOLVE if case_type == "incident" else ChangeStatus(transition="solve"))
    assert desk.status == "solved"
    return desk


@pytest.mark.parametrize(
    ("command", "facts"),
    [
        (ClassifyCase(case_type="question"), [CaseClassified("question", "incident")]),
        (AssessPriority(priority="P1"), [PriorityAssessed("P1", "P3", by="agent")]),
        (
            AssessPriority(axes={"urgency": "high", "necessity": "low"}),
            [PriorityAssessed("P2", "P3", {"urgency": "high", "necessity": "low"}, by="agent")],
        ),
        (
            AssignCase(team="gold", agent="bo"),
            [CaseAssigned("gold", "bo", previous_team="desk")],
        ),
        (SetFields(fields={"title": "Noise", "cause": "Dust"}), [FieldsSet({"cause": "Dust"})]),
    ],
)
def test_what_an_agent_asks_is_done(command: Event, facts: list[Event]) -> None:
    """C6: the new and the old are on record."""
    assert opened().ask(command) == facts


def test_the_one_who_asked_is_the_actor_of_what_follows() -> None:
    outcome = opened().take(record(AssignCase(team="gold"), BO, 9))
    assert [draft.actor for draft in outcome.events] == [None]


def test_a_step_is_taken_with_its_comment_and_its_fields() -> None:
    """C6: the comment comes just before the step that it was given with."""
    step = ChangeStatus(
        transition="solve", fields={"cause": "Dust"}, attachments=(FILE,), personal=TEXT
    )
    filled, comment, changed = opened().ask(step)
    assert filled == FieldsSet({"cause": "Dust"})
    assert isinstance(comment, CommentAdded)
    assert (comment.author, comment.public, comment.transition) == ("agent", True, "solve")
    assert (comment.attachments, comment.personal) == ((FILE,), TEXT)
    assert changed == StatusChanged("solved", "new", "solve")


def test_the_id_of_a_comment_is_that_of_the_record_that_brought_it() -> None:
    asked = record(NOTE, ANNA, 9)
    (comment,) = opened().take(asked).events
    assert isinstance(comment.event, CommentAdded)
    assert comment.event.comment == str(asked.id)


@pytest.mark.parametrize(
    ("command", "actor", "refusal"),
    [
        (ChangeStatus(transition="dance"), BO, ("unknown", "transition", "known")),
        (ASK, ANNA, ("not_allowed", "transition", "by")),
        (ChangeStatus(transition="ask"), BO, ("invalid", "text", "required")),
        (ChangeStatus(transition="solve"), BO, ("invalid", "cause", "required")),
        (
            ChangeStatus(transition="solve", fields={"cause": " "}),
            BO,
            ("invalid", "cause", "required"),
        ),
        (AGREE, ANNA, ("not_allowed", "transition", "from")),
        (
            ChangeStatus(transition="solve", fields={"cause": "Dust", "urgency": "?"}),
            BO,
            ("invalid", "urgency", "options"),
        ),
        (
            ChangeStatus(transition="answered", personal=TEXT),
            BO,
            ("not_allowed", "transition", "from"),
        ),
        (AddComment(public=True), BO, ("invalid", "text", "required")),
        (
            AddComment(public=True, personal=WrittenContent(text=" \n")),
            BO,
            ("invalid", "text", "required"),
        ),
        (AddComment(public=False, personal=TEXT), ANNA, ("not_allowed", "public", "public")),
        (SetFields(fields={"cause": "Dust"}), ANNA, ("not_allowed", "cause", "editable_by")),
        (SetFields(fields={"colour": "red"}), BO, ("invalid", "colour", "unknown")),
        (SetFields(fields={"title": ""}), BO, ("invalid", "title", "required")),
        (SetFields(fields={"title": "x" * 21}), BO, ("invalid", "title", "max_length")),
        (SetFields(fields={"urgency": "?"}), BO, ("invalid", "urgency", "options")),
        (ClassifyCase(case_type="wish"), BO, ("not_allowed", "case_type", "reclassify_to")),
        (ClassifyCase(case_type="question"), ANNA, ("not_allowed", "command", "by")),
        (AssessPriority(priority="P9"), BO, ("invalid", "priority", "options")),
        (AssessPriority(axes={"urgency": "high"}), BO, ("invalid", "priority", "options")),
        (AssessPriority(priority="P1"), ANNA, ("not_allowed", "command", "by")),
        (AssignCase(team="kitchen"), BO, ("invalid", "team", "options")),
        (AssignCase(team="post", agent="bo"), BO, ("invalid", "agent", "options")),
        (AssignCase(team="desk", agent="gone"), BO, ("invalid", "agent", "options")),
        (AssignCase(team="desk", agent="nobody"), BO, ("invalid", "agent", "options")),
        (AssignCase(team="gold"), ANNA, ("not_allowed", "command", "by")),
    ],
)
def test_what_may_not_be_is_refused_by_its_rule(
    command: Event, actor: Actor, refusal: tuple[str, str, str]
) -> None:
    """C6: with code, field, rule and reason, and all that the asker wrote."""
    assert opened().refused(command, actor) == refusal


def test_a_step_is_only_for_the_types_and_the_facts_that_it_names() -> None:
    other = solved("question")
    assert other.refused(AGREE, ANNA) == ("not_allowed", "transition", "case_types")
    calm = solved()
    reopen = ChangeStatus(transition="reopen")
    assert calm.refused(reopen) == ("not_allowed", "transition", "when")
    calm.ask(AssessPriority(priority="P1"))
    assert calm.ask(reopen) == [StatusChanged("new", "solved", "reopen")]


def test_a_step_that_only_an_event_takes_is_for_nobody() -> None:
    desk = opened()
    desk.ask(ASK)
    refusal = desk.refused(ChangeStatus(transition="answered"))
    assert refusal == ("not_allowed", "transition", "by")


def test_a_required_field_that_the_type_does_not_have_is_not_asked_for() -> None:
    assert opened(case_type="question").ask(ChangeStatus(transition="solve")) == [
        StatusChanged("solved", "new", "solve")
    ]


def test_a_field_that_is_filled_in_already_is_enough_for_the_step() -> None:
    desk = opened()
    desk.ask(SetFields(fields={"cause": "Dust"}))
    assert desk.ask(SOLVE) == [StatusChanged("solved", "new", "solve")]


def test_a_step_is_no_way_around_who_may_change_a_field() -> None:
    agree = ChangeStatus(transition="agree", fields={"cause": "They did it."})
    assert solved().refused(agree, ANNA) == ("not_allowed", "cause", "editable_by")


def test_where_only_agents_comment_a_contact_does_not() -> None:
    desk = solved()
    desk.ask(AGREE, ANNA)
    assert desk.refused(NOTE, ANNA) == ("not_allowed", "status", "comments_by")
    assert isinstance(desk.ask(NOTE)[0], CommentAdded)


@pytest.mark.parametrize(
    "actor", [GRACE, ZOE, GONE, UNKNOWN_ACTOR, Actor(kind="contact", id="nobody")]
)
def test_who_takes_no_part_asks_in_vain(actor: Actor) -> None:
    """C7, D14: a colleague without the role, another customer, an agent who left, a stranger."""
    assert opened().refused(NOTE, actor) == ("not_allowed", "case", "participant")


@pytest.mark.parametrize("actor", [ANNA, KIM, BO, CY])
def test_who_takes_part_is_heard(actor: Actor) -> None:
    assert isinstance(opened().ask(NOTE, actor)[0], CommentAdded)


@pytest.mark.parametrize(
    "command",
    [
        ClassifyCase(case_type="incident"),
        AssignCase(team="desk"),
        SetFields(fields={"title": "Noise"}),
        SetFields(fields={}),
    ],
)
def test_what_already_is_so_is_answered_and_is_no_event(command: Event) -> None:
    desk = opened()
    before = desk.state
    assert desk.unchanged(command)
    assert desk.state == before


def test_a_priority_that_an_agent_gave_already_is_unchanged() -> None:
    desk = opened()
    desk.ask(AssessPriority(priority="P2"))
    assert desk.unchanged(AssessPriority(priority="P2"), CY)


def test_a_step_taken_twice_is_taken_once_and_no_words_are_lost() -> None:
    desk = opened()
    desk.ask(ASK)
    assert desk.unchanged(ChangeStatus(transition="ask"), CY)
    assert desk.refused(ASK, CY) == ("not_allowed", "transition", "from")


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        (AssessPriority(priority="P1"), AssessPriority(priority="P2", seen=5), "priority"),
        (AssignCase(team="gold"), AssignCase(team="post", seen=5), "assignment"),
        (SetFields(fields={"title": "A"}), SetFields(fields={"title": "B"}, seen=5), "title"),
        (ASK, ChangeStatus(transition="solve", fields={"cause": "x"}, seen=5), "status"),
        (
            SetFields(fields={"cause": "A"}),
            ChangeStatus(transition="solve", fields={"cause": "B"}, seen=5),
            "cause",
        ),
    ],
)
def test_two_people_conflict_about_the_same_thing_only(
    first: Event, second: Event, field: str
) -> None:
    """C15: and what else they ask is done."""
    desk = opened()
    assert desk.version == 5
    desk.ask(first)
    assert desk.refused(second, CY) == ("conflict", field, "unchanged_since_seen")
    elsewhere: list[Event] = [
        AssessPriority(priority="P2", seen=5),
        AssignCase(team="post", seen=5),
        SetFields(fields={"urgency": "low"}, seen=5),
    ]
    for other in elsewhere:
        if type(other) is not type(first) or field == "title":
            assert not isinstance(desk.ask(other, CY)[0], CommandRefused)


def test_two_types_at_once_are_a_conflict_too() -> None:
    desk = opened(case_type="question")
    seen = desk.version
    desk.take(record(CaseClassified("incident", "question"), minute=2))
    late = ClassifyCase(case_type="question", seen=seen)
    assert desk.refused(late) == ("conflict", "type", "unchanged_since_seen")


def test_who_saw_the_change_or_says_nothing_of_what_they_saw_does_not_conflict() -> None:
    desk = opened()
    desk.ask(AssessPriority(priority="P1"))
    assert desk.ask(AssessPriority(priority="P2", seen=desk.version), CY)
    assert desk.ask(AssessPriority(priority="P3"), BO) == [PriorityAssessed("P3", "P2", by="agent")]


def test_an_assignment_sets_off_the_step_that_the_definition_names() -> None:
    """C7: asked about the case as it is assigned now; nobody took the step."""
    desk = opened()
    desk.ask(ChangeStatus(transition="ask", personal=TEXT))
    assert [type(fact) for fact in desk.ask(AssignCase(team="post"))] == [CaseAssigned]
    assigned, changed = desk.ask(AssignCase(team="gold"))
    assert isinstance(assigned, CaseAssigned)
    assert changed == StatusChanged("new", "asked", "handed_on", reason="assigned")
    assert desk.history[-1].actor == SYSTEM
