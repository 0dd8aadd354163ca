"""Whom a field names is called by name in a mail."""

from typing import Any

import pytest
from case_events.contracts.cases import CommentAdded, FieldsSet
from case_events.contracts.parts import Words
from case_events.contracts.reference import DefinitionPublished

from tests.unit.notify.sample_desk import BO, Story, begun, definition, mails, record

NOTICE = {"name": "CommentAdded", "on": "CommentAdded", "to": ["team"]}
COMMENT = CommentAdded("c1", "agent", public=True, personal=Words(text="Well?"))


@pytest.mark.parametrize(("named", "told"), [("cy", "About Cy Moor."), ("", "About .")])
def test_whoever_a_field_names_is_called_by_name(named: str, told: str) -> None:
    document: dict[str, Any] = definition([NOTICE])
    document["fields"] = [*document["fields"],
                          {"name": "about", "type": "agent", "editable_by": ["agent"]}]  # fmt: skip
    for texts in document["texts"].values():
        texts["notices.CommentAdded.body"] = "About {fields.about}."
    story = begun(Story())
    story.reference.apply(record(DefinitionPublished("sample/1", document), case=None))
    story.tell(FieldsSet({"about": named}))
    assert mails(story.tell(COMMENT, BO))["team/desk"].text.strip() == told
