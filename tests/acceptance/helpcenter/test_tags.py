"""Tags of the desk: put on a case and taken off, found again, and not there for contacts."""

import pytest
from case_events.contracts.tags import AddTag, RemoveTag

from tests.acceptance.helpcenter.people import LOTTE, PETRA
from tests.acceptance.helpcenter.steps import form
from tests.support.desk.scenario import Desk

pytestmark = pytest.mark.acceptance


@pytest.mark.main_path
def test_the_desk_tags_a_case_and_its_contact_sees_nothing_of_it(desk: Desk) -> None:
    case = desk.form_from(LOTTE, form("fault"))
    case.agent(PETRA).asks_for(AddTag(tag="regression"))
    case.agent(PETRA).asks_for(AddTag(tag="year_end"))
    case.agent(PETRA).asks_for(RemoveTag(tag="regression"))
    shown, seen = case.seen_by(PETRA), case.seen_by(LOTTE)
    assert shown is not None
    assert (shown.tags, shown.may_tag) == (["year_end"], ["regression"])
    assert [one.type for one in case.events("tag_added", "tag_removed")] == [
        "tag_added", "tag_added", "tag_removed"
    ]  # fmt: skip
    assert seen is not None
    assert (seen.tags, seen.may_tag) == ([], [])
    assert not {"tag_added", "tag_removed"} & {one.type for one in case.history_for(LOTTE)}


def test_nobody_tags_what_is_not_theirs_to_tag(desk: Desk) -> None:
    case = desk.form_from(LOTTE, form("question"))
    other = case.agent(PETRA).tries.asks_for(AddTag(tag="regression"))
    assert (other.status, other.rule) == ("refused", "options")
    assert case.contact(LOTTE).tries.asks_for(AddTag(tag="year_end")).status == "refused"
