"""Whom a field names is called by name in a mail."""

from datetime import timedelta
from typing import Any

import pytest
from case_events.contracts.cases import CaseAssigned, CommentAdded, FieldsSet
from case_events.contracts.notices import NoticeSuppressed
from case_events.contracts.parts import Person, WrittenContent
from case_events.contracts.people import ConsultationRequested, WatcherAdded
from case_events.contracts.reference import DefinitionPublished, EntryChanged
from msgspec.structs import replace

from tests.unit.notify.sample_desk import (
    ANNA,
    BO,
    PEOPLE,
    Story,
    begun,
    definition,
    mails,
    record,
)

EVERYBODY = {"name": "comment_added", "on": "comment_added", 
             "to": ["agent", "watchers", "team", "contact"]}  # fmt: skip
NOTICE = {"name": "comment_added", "on": "comment_added", "to": ["team"]}
COMMENT = CommentAdded("c1", "agent", public=True, personal=WrittenContent(text="Well?"))


def about(named: str, notice: dict[str, Any], body: str, **more: Any) -> Story:
    """A case whose field names an agent, under a definition that tells of it."""
    document: dict[str, Any] = definition([notice]) | more
    document["fields"] = [*document["fields"],
                          {"name": "about", "type": "agent", "editable_by": ["agent"]}]  # fmt: skip
    for texts in document["texts"].values():
        texts["notices.comment_added.body"] = body
    story = begun(Story())
    story.reference.apply(record(DefinitionPublished("sample/1", document), case=None))
    story.tell(FieldsSet({"about": named}))
    return story


@pytest.mark.parametrize(("named", "given"), [("cy", "About Cy Moor."), ("", "About .")])
def test_whoever_a_field_names_is_called_by_name(named: str, given: str) -> None:
    story = about(named, NOTICE, "About {fields.about}.")
    assert mails(story.tell(COMMENT, BO))["team/desk"].text.strip() == given


@pytest.mark.parametrize("hidden", [True, False])
def test_whom_a_case_is_hidden_from_gets_no_mail_in_any_capacity(hidden: bool) -> None:
    """As its agent, as one involved, and at an address that is theirs as well."""
    more: dict[str, Any] = {"hidden_from": ["about"]} if hidden else {}
    story = about("cy", EVERYBODY, "{comment}", **more)
    story.tell(CaseAssigned("desk", "cy"))
    story.tell(WatcherAdded("address/1", personal=Person("CY@sample.example")))
    story.tell(WatcherAdded("agent/bo"))
    outcome = story.tell(COMMENT, ANNA)
    theirs = {"agent/cy"} if not hidden else set()
    assert set(mails(outcome)) == {"agent/bo", "team/desk"} | theirs
    suppression_reason = [draft.event for draft in outcome.events]
    reasons = {one.recipient: one.reason for one in suppression_reason
               if isinstance(one, NoticeSuppressed)}  # fmt: skip
    values = {"agent/cy": "hidden"} if hidden else {}
    assert reasons == {"contact/anna": "own_action"} | values


@pytest.mark.parametrize("to", ["team", "consulted", "agent"])
def test_a_mailbox_that_they_read_is_told_nothing(to: str) -> None:
    """The others of the team are told one by one. The agent of the case is away: it is theirs."""
    away = {"absent": [{"first": "2026-11-01", "last": "2026-12-01"}]}
    notice = {"name": "comment_added", "on": "consultation_requested", "to": [to]}
    story = about("cy", notice, "Well?", hidden_from=["about"])
    for agent in (PEOPLE[-1] | {"teams": ["desk"]}, PEOPLE[-2] | away):
        change = EntryChanged("agent", agent["id"], {"tenant": "sample", **agent})
        story.reference.apply(record(change, case=None))
    story.tell(CaseAssigned("desk", "bo"))
    asked = ConsultationRequested("c1", "desk", personal=WrittenContent(text="Well?"))
    assert set(mails(story.tell(asked, ANNA))) == {"agent/bo"}


@pytest.mark.parametrize("own", [True, False])
def test_who_did_it_is_told_where_the_notice_says_so(own: bool) -> None:
    notice = {"name": "comment_added", "on": "comment_added", "to": ["contact"], "own": own}
    story = about("", notice, "Thank you.")
    sent = mails(story.tell(COMMENT, ANNA))
    assert set(sent) == ({"contact/anna"} if own else set())


def test_who_is_away_is_asked_by_when_something_was_recorded() -> None:
    """What is said to have been received before is told to whoever is there now."""
    away = {"absent": [{"first": "2026-11-23", "last": "2026-11-23"}], "stand_in": "cy"}
    story = begun(Story([NOTICE | {"to": ["agent"]}], bo=away))
    event = record(COMMENT, ANNA, version=9)
    before = replace(event, occurred_at=event.recorded_at - timedelta(days=3))
    assert set(mails(story.take(before))) == {"agent/cy"}
