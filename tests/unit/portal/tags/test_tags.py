"""Tags on the page of a case: shown to the desk with a form for each, not to contacts."""

import pytest
from case_definition.lookup.definition import compile_definition
from case_events.contracts.tags import AddTag, RemoveTag, TagAdded
from case_portal.app import make_app
from case_portal.portal import Portal
from starlette.testclient import TestClient

from tests.unit.portal.cases.test_pages import send
from tests.unit.portal.portal_desk import MemoryCommandGateway, browser, portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE, definition_document, record, sample_history

HERE, PAGE = f"/api/v1/cases/{REFERENCE}", f"/cases/{REFERENCE}"


def _portal() -> Portal:
    history = sample_history()
    history.append(record(TagAdded("vip"), len(history) + 1))
    portal = portal_of_desk(history)
    document = definition_document("here") | {"tags": [{"name": "vip"}, {"name": "late"}]}
    for texts in document["texts"].values():
        texts |= {"tags.vip.name": "Very important", "tags.late.name": "Came late"}
    portal.reference.add_definition(compile_definition(document))
    return portal


@pytest.mark.parametrize(("who", "tags", "may_tag"), [("amy", ["vip"], ["late"]), ("bob", [], [])])
def test_the_api_tells_the_desk_alone(who: str, tags: list[str], may_tag: list[str]) -> None:
    answer = TestClient(make_app(_portal())).get(HERE, headers={"Authorization": f"Bearer {who}"})
    assert (answer.json()["tags"], answer.json()["may_tag"]) == (tags, may_tag)


@pytest.mark.parametrize(
    ("method", "path", "body", "command"),
    [
        ("POST", "tags", {"tag": "late"}, AddTag(tag="late")),
        ("DELETE", "tags/vip", None, RemoveTag(tag="vip")),
    ],
)
def test_the_api_asks(
    method: str, path: str, body: dict[str, str] | None, command: AddTag | RemoveTag
) -> None:
    portal = _portal()
    client = TestClient(make_app(portal))
    for who, status in (("amy", 200), ("bob", 403)):
        answer = client.request(
            method, f"{HERE}/{path}", json=body, headers={"Authorization": f"Bearer {who}"}
        )
        assert answer.status_code == status, answer.text
    assert isinstance(portal.api_desk, MemoryCommandGateway)
    assert portal.api_desk.commands == [command]


def test_a_tag_that_the_case_does_not_have_cannot_be_taken_off() -> None:
    client = TestClient(make_app(_portal()))
    answer = client.delete(f"{HERE}/tags/late", headers={"Authorization": "Bearer amy"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_tag")


@pytest.mark.parametrize(
    ("form", "tag", "command"),
    [("tag", "late", AddTag(tag="late")), ("untag", "vip", RemoveTag(tag="vip"))],
)
def test_the_page_of_the_desk_has_a_form_for_each(
    form: str, tag: str, command: AddTag | RemoveTag
) -> None:
    portal = _portal()
    answer = send(browser("amy", portal), PAGE, f"{PAGE}/{form}", tag=tag)
    assert answer.status_code == 303
    assert isinstance(portal.desk, MemoryCommandGateway)
    assert portal.desk.commands == [command]


def test_the_page_calls_tags_by_their_names_for_the_desk_alone() -> None:
    seen = {who: browser(who, _portal()).get(PAGE).text for who in ("amy", "bob")}
    for text in ("Very important", "Came late", "added the tag Very important"):
        assert text in seen["amy"]
        assert text not in seen["bob"]
