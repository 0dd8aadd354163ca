"""A step that wants files: those that the case has are chosen, others come with the step."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from case_events.contracts.commands import ChangeStatus
from case_events.contracts.reference import DefinitionPublished
from case_portal.portal import Portal

from tests.unit.portal.portal_desk import MemoryCommandGateway, browser, portal_of_desk
from tests.unit.portal.portal_sample import (
    REFERENCE,
    definition_document,
    record,
    reference_data,
    sample_history,
)

HERE = f"/cases/{REFERENCE}"
NEW = {"files": ("plan.pdf", b"%PDF", "application/pdf")}


def _portal(**field: Any) -> Portal:
    """The case, which has `fire.png` and, inside, `secret.txt`; to solve it takes a proof."""
    document = definition_document("here")
    document["fields"].append({"name": "proof", "type": "files"} | field)
    document["case_types"][0]["fields"].append({"field": "proof"})
    for step in document["transitions"]:
        if step["name"] == "resolve":
            step["requires"] = {"fields": ["proof"]}
    for texts in document["texts"].values():
        texts["fields.proof.name"] = "Proof"
    known = reference_data()
    known.apply(record(DefinitionPublished("here/1", document), version=0))
    return portal_of_desk(sample_history(), reference=known)


def _form(portal: Portal) -> str:
    page: str = browser("amy", portal).get(HERE).text
    return page.partition(f'action="{HERE}/step/resolve"')[2].partition("</form>")[0]


def _solve(portal: Portal, files: Any = None, **form: Any) -> httpx.Response:
    client = browser("amy", portal)
    token = re.search(r'name="form_token" value="(\w+)"', client.get(HERE).text)
    assert token is not None
    data = {"form_token": token[1]} | form
    answer: httpx.Response = client.post(f"{HERE}/step/resolve", data=data, files=files)
    return answer


def _asked(portal: Portal) -> ChangeStatus:
    assert isinstance(portal.desk, MemoryCommandGateway)
    (command,) = portal.desk.commands
    assert isinstance(command, ChangeStatus)
    return command


def test_the_form_offers_the_files_of_the_case_and_takes_another() -> None:
    form = _form(_portal())
    assert 'name="field.proof" value="fire.png"' in form
    assert 'name="field.proof" value="secret.txt"' in form
    assert 'type="file" name="files"' in form
    assert 'enctype="multipart/form-data"' in form


def test_what_is_chosen_and_what_comes_fills_in_the_field() -> None:
    portal = _portal()
    _solve(portal, NEW, **{"field.proof": ["fire.png", "secret.txt"]})
    step = _asked(portal)
    assert step.fields == {"proof": "fire.png, secret.txt, plan.pdf"}
    assert step.personal.file_names == ("plan.pdf",)


def _api(portal: Portal, **sent: Any) -> httpx.Response:
    client = browser("", portal)
    client.headers["Authorization"] = "Bearer amy"
    answer: httpx.Response = client.post(f"/api/v1/cases/{REFERENCE}/transitions/resolve", **sent)
    return answer


def test_the_api_takes_a_step_with_files_as_the_page_does() -> None:
    by_page, by_api = _portal(), _portal()
    chosen = ["fire.png", "secret.txt"]
    _solve(by_page, NEW, text="Look.", seen="3", **{"field.proof": chosen})
    form = {"comment": "Look.", "seen": "3", "fields.proof": chosen}
    assert _api(by_api, data=form, files=NEW).status_code == 200
    step = _asked(by_api)
    assert (step.fields, step.seen, step.personal.text) == (
        {"proof": "fire.png, secret.txt, plan.pdf"}, 3, "Look."
    )  # fmt: skip
    assert step == _asked(by_page)
    (attached,) = step.attachments
    assert asyncio.run(by_api.files.get("here", attached.sha256)) == b"%PDF"


def test_a_field_that_is_empty_in_a_form_is_not_filled_in() -> None:
    """By the page and the API alike: a browser sends every input, also those left empty."""
    by_page, by_api = _portal(), _portal()
    _solve(by_page, NEW, text="", seen="3", **{"field.proof": "", "field.other": ""})
    form = {"seen": "3", "fields.proof": "", "fields.other": ""}
    assert _api(by_api, data=form, files=NEW).status_code == 200
    assert _asked(by_api).fields == {"proof": "plan.pdf"}
    assert _asked(by_api) == _asked(by_page)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"data": {"fields.proof": "a.pdf", "more": "x"}, "files": NEW}, "more"),
        ({"data": {"fields": "proof"}, "files": NEW}, "fields"),
        ({"files": {"proof": NEW["files"]}}, "proof"),
        ({"data": {"seen": "-1"}, "files": NEW}, "seen"),
        ({"data": {"comment": ["One.", "Two."]}, "files": NEW}, "comment"),
        ({"data": {"fields.proof": "\0"}, "files": NEW}, "fields.proof"),
        ({"json": {"fields": {"proof": 1}}}, "fields.proof"),
        ({"content": b"comment=a", "headers": {"Content-Type": "text/plain"}}, "body"),
    ],
)
def test_the_api_refuses_what_is_no_step_by_its_place(sent: Any, field: str) -> None:
    portal = _portal()
    refused = _api(portal, **sent)
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert isinstance(portal.desk, MemoryCommandGateway)
    assert portal.desk.commands == []


def test_the_api_takes_as_many_files_with_a_step_as_with_a_comment() -> None:
    many = [("files", (f"{number}.txt", b"a", "text/plain")) for number in range(51)]
    portal = _portal()
    assert _api(portal, files=many).status_code == 400
    assert _api(portal, files=many[1:]).status_code == 200


def test_what_contacts_do_not_see_is_not_attached_where_they_do() -> None:
    """It is attached to an internal note, and chosen."""
    hidden = {"visible_to": ["agent"], "editable_by": ["agent"]}
    assert 'type="file"' not in _form(_portal(**hidden))
    portal = _portal(**hidden)
    _solve(portal, NEW, **{"field.proof": "secret.txt"})
    assert _asked(portal).fields == {"proof": "secret.txt"}


@pytest.mark.parametrize("path", ["transitions/resolve", "fields"])
def test_what_the_case_does_not_have_is_refused_by_field_and_rule(path: str) -> None:
    portal = _portal()
    client = browser("", portal)
    client.headers["Authorization"] = "Bearer amy"
    refused = client.post(f"/api/v1/cases/{REFERENCE}/{path}", json={"fields": {"proof": "no.png"}})
    answer = refused.json()
    assert (refused.status_code, answer["code"], answer["field"], answer["rule"]) == (
        422, "unknown_file", "proof", "files",
    )  # fmt: skip
    assert "attached" in _solve(portal, None, **{"field.proof": "no.png"}).text
    assert isinstance(portal.desk, MemoryCommandGateway)
    assert portal.desk.commands == []
