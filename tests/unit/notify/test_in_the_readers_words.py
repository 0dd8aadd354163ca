"""What people filled in, and who is behind what follows by itself, as a mail tells it."""

from typing import Any

import pytest
from case_events.contracts.cases import CommentAdded, FieldsSet, StatusChanged
from case_events.contracts.decisions import DecisionRequested
from case_events.contracts.parts import WrittenContent
from case_events.contracts.reference import DefinitionPublished
from case_notify.domain.wording import day, yes_or_no

from tests.unit.notify.sample_desk import (
    BO,
    Story,
    begun,
    definition,
    mails,
    record,
)

COMMENT = CommentAdded("c1", "agent", public=True, personal=WrittenContent(text="Well?"))
STEP, ASKED = StatusChanged("asked", "new", "ask"), DecisionRequested("verdict", "lead")


def telling(on: str, body: str, *fields: dict[str, Any], to: str = "contact") -> Story:
    """A case under a definition with one notice, in one wording."""
    document: dict[str, Any] = definition([{"name": on, "on": on, "to": [to]}])
    document["fields"] = [*document["fields"], *fields]
    for texts in document["texts"].values():
        texts |= {f"notices.{on}.body": body, "decisions.verdict.name": "Verdict"}
    story = begun(Story())
    story.reference.apply(record(DefinitionPublished("sample/1", document), case=None))
    return story


@pytest.mark.parametrize(
    ("type_", "filled", "given"),
    [
        ("date", "2026-12-08", "8 december 2026"),
        ("date", "", ""),
        ("date", "soon", "soon"),
        ("boolean", "true", "ja"),
        ("boolean", "false", "nee"),
        ("boolean", "", ""),
        ("text", "2026-12-08", "2026-12-08"),
        ("text", "true", "true"),
    ],
)
def test_a_field_is_told_in_the_words_of_the_reader(type_: str, filled: str, given: str) -> None:
    story = telling("comment_added", "On {fields.held}.", {"name": "held", "type": type_})
    story.tell(FieldsSet({"held": filled}))
    assert mails(story.tell(COMMENT, BO))["contact/anna"].text.strip() == f"On {given}."


def test_a_language_without_months_keeps_the_day_as_it_was_written() -> None:
    assert day("2026-12-08", "fy") == "2026-12-08"
    assert day("2026-12-08", "en") == "8 December 2026"
    assert yes_or_no("true", "en") == "yes"


def test_the_author_of_what_follows_a_step_is_whoever_took_it() -> None:
    story = telling("decision_requested", "{author} asks.", to="team")
    story.tell(STEP, BO, cause=7)
    assert mails(story.tell(ASKED, cause=7))["team/desk"].text.strip() == "Bo Vos asks."


def test_what_nobody_took_a_step_for_is_the_desks() -> None:
    """The step is taken by itself; who took one before has nothing to do with it."""
    story = telling("decision_requested", "{author} asks.", to="team")
    story.tell(STEP, BO, cause=7)
    story.tell(STEP, cause=8)
    shown = mails(story.tell(ASKED, cause=8))
    assert shown["team/desk"].text.strip() == "Sample desk asks."
