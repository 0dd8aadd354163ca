"""D9, D19: the account of a case over the API and on its page, and what is asked there."""

from datetime import timedelta
from typing import Any

import pytest
from case_definition.lookup.definition import compile_definition
from case_events.contracts.approvals import (
    ApprovalGranted,
    ApprovalRequested,
    DeclineApproval,
    GrantApproval,
    RequestApproval,
)
from case_events.contracts.base import Event
from case_events.contracts.commands import Command
from case_events.contracts.parts import Attachment, WorkPart, WrittenContent
from case_events.contracts.work import CorrectWork, LogWork, WorkCorrected, WorkLogged
from case_portal.app import make_app
from case_portal.portal import Portal
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import MemoryCommandGateway, browser, portal_of_desk
from tests.unit.portal.portal_sample import (
    NOW,
    REFERENCE,
    definition_document,
    record,
    sample_history,
)

HERE = f"/api/v1/cases/{REFERENCE}"
DESIGN = Attachment("c" * 64, 10, "application/pdf")
ASKED = ApprovalRequested(
    1,
    "extra",
    90,
    120,
    attachments=(DESIGN,),
    personal=WrittenContent(text="As designed.", file_names=("design.pdf",)),
)
WORK: dict[str, Any] = {
    "entry": 1, "began": NOW, "kind": "advice", "billable": True, "why": "standard",
    "approval": "extra",
}  # fmt: skip
LOGGED = WorkLogged(
    **WORK,
    minutes=60,
    parts=(WorkPart(15, free=True), WorkPart(30), WorkPart(15, 50)),
    personal=WrittenContent(text="Looked into it."),
)
CORRECTED = WorkCorrected(
    **WORK, minutes=30, parts=(WorkPart(30),), personal=WrittenContent(text="Half of it.")
)
PARTS: dict[str, Any] = {
    "approvals": [{"name": "extra"}],
    "work": {
        "kinds": [{"name": "advice"}],
        "billing": [{"name": "standard", "billable": True}],
        "surcharges": [{"outside": "desk", "percent": 50}],
    },
}
NAMES = {
    "approvals.extra.name": "Extra work",
    "work_kinds.advice.name": "Advice",
    "billing.standard.name": "Standard rate",
}


def _portal(*events: Event) -> Portal:
    history = sample_history()
    history += [
        record(event, len(history) + at, at=NOW + timedelta(minutes=at))
        for at, event in enumerate(events, 1)
    ]
    portal = portal_of_desk(history)
    document = definition_document("here") | PARTS
    for texts in document["texts"].values():
        texts.update(NAMES)
    portal.reference.add_definition(compile_definition(document))
    return portal


def _account(portal: Portal, query: str = "") -> Any:
    client = TestClient(make_app(portal))
    response = client.get(f"{HERE}/work{query}", headers={"Authorization": "Bearer bob"})
    assert response.is_success, response.text
    return response.json()


def test_the_contact_reads_what_is_asked_before_agreeing_and_what_was_done_after() -> None:
    account = _account(_portal(ASKED))
    [request] = account["requests"]
    assert (request["state"], request["minutes"], request["estimate"]) == ("open", 90, 120)
    assert [file["name"] for file in request["files"]] == ["design.pdf"]
    assert account["rates"][0]["why_title"] == "Standard rate"
    account = _account(_portal(ASKED, ApprovalGranted("extra", 90, 1), LOGGED))
    assert (account["work"], account["granted"], account["used"], account["left"]) == (
        60,
        90,
        45,
        45,
    )
    assert account["free"] == 15
    assert [(one["surcharge"], one["minutes"]) for one in account["billed"]] == [(0, 30), (50, 15)]
    [entry] = account["entries"]
    assert (entry["kind_title"], entry["stated"][0]["text"]) == ("Advice", "Looked into it.")


def test_the_account_is_told_as_it_was_known_then() -> None:
    events = (ASKED, ApprovalGranted("extra", 90, 1), LOGGED, CORRECTED)
    portal = _portal(*events)
    assert _account(portal, "?as_of=2026-03-02T09:03:00Z")["used"] == 45
    now = _account(portal)
    assert (now["used"], [one["minutes"] for one in now["entries"][0]["stated"]]) == (30, [60, 30])


@pytest.mark.parametrize(
    ("who", "path", "body", "asked"),
    [
        (
            "bob",
            "approvals/1/grant",
            {"minutes": 60, "text": "Go."},
            GrantApproval(request=1, minutes=60, personal=WrittenContent(text="Go.")),
        ),
        (
            "bob",
            "approvals/1/decline",
            {"text": "No."},
            DeclineApproval(request=1, personal=WrittenContent(text="No.")),
        ),
        (
            "amy",
            "work",
            {"minutes": 5, "kind": "advice", "text": "Read it.", "began": "2026-03-02T09:00:00Z"},
            LogWork(minutes=5, kind="advice", began=NOW, personal=WrittenContent(text="Read it.")),
        ),
        (
            "amy",
            "work/1/correction",
            {"minutes": 0, "text": "Not so."},
            CorrectWork(entry=1, minutes=0, personal=WrittenContent(text="Not so.")),
        ),
    ],
)
def test_each_is_asked_over_the_api(
    who: str, path: str, body: dict[str, Any], asked: Command
) -> None:
    portal = _portal(ASKED)
    client = TestClient(make_app(portal))
    response = client.post(f"{HERE}/{path}", json=body, headers={"Authorization": f"Bearer {who}"})
    assert response.is_success, response.text
    assert isinstance(portal.api_desk, MemoryCommandGateway)
    assert portal.api_desk.commands == [asked]


def test_a_request_for_approval_takes_its_document() -> None:
    portal = _portal()
    client = TestClient(make_app(portal))
    response = client.post(
        f"{HERE}/approvals",
        data={"approval": "extra", "minutes": "90", "estimate": "120", "text": "As designed."},
        files=[("files", ("design.pdf", b"%PDF", "application/pdf"))],
        headers={"Authorization": "Bearer amy"},
    )
    assert response.is_success, response.text
    assert isinstance(portal.api_desk, MemoryCommandGateway)
    [asked] = portal.api_desk.commands
    assert isinstance(asked, RequestApproval)
    assert (asked.minutes, asked.estimate) == (90, 120)
    assert asked.personal.file_names == ("design.pdf",)


def test_contacts_do_not_book_work() -> None:
    client = TestClient(make_app(_portal()))
    body = {"minutes": 5, "kind": "advice", "text": "Me."}
    headers = {"Authorization": "Bearer bob"}
    assert client.post(f"{HERE}/work", json=body, headers=headers).status_code in (403, 404)


def test_the_page_lets_the_contact_approve_and_the_desk_book() -> None:
    events = (ASKED, ApprovalGranted("extra", 60, 0), LOGGED)
    theirs = browser("bob", _portal(*events)).get(f"/cases/{REFERENCE}").text
    assert f"/cases/{REFERENCE}/approvals/1/grant" in theirs
    assert f"/cases/{REFERENCE}/approvals/1/decline" in theirs
    assert "Extra work: 1 hour 30 minutes" in theirs
    assert "1 hour approved, 45 minutes used, 15 minutes left" in theirs
    assert f"/cases/{REFERENCE}/work" not in theirs
    ours = browser("amy", _portal(*events)).get(f"/cases/{REFERENCE}").text
    assert f'action="/cases/{REFERENCE}/work"' in ours
    assert f"/cases/{REFERENCE}/work/1/correction" in ours
    assert "/grant" not in ours


def test_a_case_without_work_has_no_such_section() -> None:
    page = browser("amy").get(f"/cases/{REFERENCE}").text
    assert 'id="account"' not in page
