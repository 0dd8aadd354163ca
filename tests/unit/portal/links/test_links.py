"""Other cases in the portal: who sees which, how they are asked about, and what is filled in."""

import re
from typing import Any
from uuid import UUID

import pytest
from case_events.contracts.base import Event
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.links import (
    CaseLinked,
    CaseMerged,
    CaseRequested,
    CaseUnlinked,
    LinkCase,
    MergeCase,
    MergeUndone,
    NewPart,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
    UndoMerge,
    UnlinkCase,
)
from case_events.contracts.parts import Attachment, SubmittedContent, WrittenContent
from case_portal.app import make_app
from case_portal.core.principal import Scope
from case_portal.portal import Portal
from case_portal.read_model.view import CaseView, FoundCase
from case_portal.web.site import COOKIE
from msgspec.structs import replace
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import MemoryCases, MemoryCommandGateway, browser, portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE, record, reference_data, sample_history

HERE = f"/api/v1/cases/{REFERENCE}"
OTHER = UUID(int=2)


def named(number: int) -> str:
    return f"CAS-2026-00090{number}"


def view(number: int, customer: str, contact: str, **more: Any) -> CaseView:
    values: dict[str, Any] = {"tenant": "here", "case_type": "incident", "status": "open"}
    return CaseView(reference=named(number), customer=customer, contact=contact, **values | more)


VIEWS = {
    one.reference: one
    for one in (
        view(2, "acme", "bob"),
        view(3, "globex", "gus"),
        view(4, "", "", case_type="problem"),
        view(5, "acme", "kim", status="closed", status_kind="final"),
        view(6, "acme", "bob", tenant="there"),
    )
}


class SeveralCases(MemoryCases):
    """The case of the history, and others that are only there."""

    async def found(self, scope: Scope, reference: str) -> FoundCase | None:
        known = VIEWS.get(reference.upper())
        if known is None:
            return await super().found(scope, reference)
        sees = (
            scope.tenant == known.tenant
            and scope.customer in (None, known.customer)
            and scope.contact in (None, known.contact)
        )
        return FoundCase(OTHER, known) if sees else None


def portal(*events: Event) -> Portal:
    """The portal after the sample's history, and more of it."""
    history = sample_history()
    history = [*history, *(record(event, len(history) + n) for n, event in enumerate(events, 1))]
    return portal_of_desk(history, cases=SeveralCases(reference_data(), history))


def client(*events: Event) -> TestClient:
    return TestClient(make_app(portal(*events)), raise_server_exceptions=False)


def as_(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


def asked(here: Portal) -> Any:
    """The one command that was asked."""
    assert isinstance(here.api_desk, MemoryCommandGateway)
    (command,) = here.api_desk.commands
    return command


def link(number: int, kind: Any = "duplicate", direction: Any = "to", weight: int = 0) -> Event:
    case = UUID(int=number)
    return CaseLinked(
        kind=kind, direction=direction, case=case, reference=named(number), weight=weight
    )


LINKED = (link(2), link(3), link(4, "problem"), link(5, "split", "from"))


@pytest.mark.parametrize(
    ("who", "sees"),
    [("amy", [2, 3, 4, 5]), ("aud", [2, 3, 4, 5]), ("bob", [2]), ("kim", [2, 5])],
)
def test_who_sees_which_other_cases(who: str, sees: list[int]) -> None:
    """C5, H5: agents all; contacts those that they may see by themselves, and never a problem."""
    for path in (HERE, f"{HERE}/links"):
        answer = client(*LINKED).get(path, headers=as_(who)).json()
        assert [one["reference"] for one in answer["links"]] == [named(n) for n in sees]


def test_what_was_unlinked_or_undone_is_no_link() -> None:
    unlinked = CaseUnlinked(kind="duplicate", direction="to", case=UUID(int=2), reference="x")
    merged, undone = CaseMerged(OTHER, named(2), "open"), MergeUndone(OTHER, named(2))
    assert client(link(2), unlinked).get(f"{HERE}/links", headers=as_("amy")).json()["links"] == []
    (answer,) = client(merged).get(f"{HERE}/links", headers=as_("bob")).json()["links"]
    assert (answer["kind"], answer["direction"]) == ("merge", "to")
    assert client(merged, undone).get(f"{HERE}/links", headers=as_("bob")).json()["links"] == []


def test_the_history_says_why_a_case_could_not_be_linked() -> None:
    """H5: to the desk, and nothing where somebody took the link away."""
    gone = CaseUnlinked(kind="duplicate", direction="to", case=OTHER, reference=named(2))
    full = replace(gone, reason="most")
    page = f"/cases/{REFERENCE}"
    assert "as many cases as it can be)" in browser("amy", portal(link(2), full)).get(page).text
    text = browser("amy", portal(link(2), gone)).get(page).text
    assert re.search(rf"No longer: [^(<]+ {named(2)}\s*<", text)


def test_the_weight_of_a_problem_is_the_desks_own() -> None:
    """H5: how many reported it, as it was said last."""
    shown = (link(2, "problem", "from", 1), link(3, "problem", "from", 2))
    assert client(*shown).get(HERE, headers=as_("amy")).json()["weight"] == 2
    assert client(*shown).get(HERE, headers=as_("kim")).json()["weight"] == 0


def test_a_history_names_no_case_that_its_reader_may_not_see() -> None:
    """C5: that a case goes on elsewhere is told, and not as which one."""
    merged = CaseMerged(UUID(int=5), named(5), "open")
    by_kim = client(merged).get(f"{HERE}/history", headers=as_("kim")).text
    by_bob = client(merged).get(f"{HERE}/history", headers=as_("bob")).text
    assert named(5) in by_kim
    assert named(5) not in by_bob
    assert str(UUID(int=5)) not in by_bob
    assert "case_merged" in by_bob
    linked = client(*LINKED).get(f"{HERE}/history", headers=as_("kim")).text
    assert [n for n in range(2, 6) if named(n) in linked] == []


def test_what_was_asked_for_is_the_desks_own() -> None:
    words = SubmittedContent(text="The server room is wet.")
    wanted = CaseRequested(
        case=OTHER, reference=REFERENCE, kind="problem", case_type="problem", personal=words
    )
    assert "server room" in client(wanted).get(f"{HERE}/history", headers=as_("amy")).text
    assert "server room" not in client(wanted).get(f"{HERE}/history", headers=as_("bob")).text


@pytest.mark.parametrize(
    ("path", "body", "command"),
    [
        (
            "link",
            {"kind": "duplicate", "reference": named(2).lower()},
            LinkCase(kind="duplicate", reference=named(2), case=OTHER),
        ),
        (
            "merge",
            {"reference": named(2), "seen": 4},
            MergeCase(reference=named(2), case=OTHER, seen=4),
        ),
        ("merge/undo", {}, UndoMerge()),
        ("problem", {"title": "Wet"}, OpenProblem(personal=WrittenContent(title="Wet"))),
        (
            "split",
            {"parts": [{"title": "Two", "text": "x"}]},
            SplitCase(parts=(NewPart(personal=WrittenContent(title="Two", text="x")),)),
        ),
    ],
)
def test_each_way_asks_its_command(path: str, body: Any, command: Any) -> None:
    """Agents may; contacts may not."""
    here = portal()
    web = TestClient(make_app(here))
    assert web.post(f"{HERE}/{path}", json=body, headers=as_("amy")).status_code == 200
    assert web.post(f"{HERE}/{path}", json=body, headers=as_("bob")).status_code == 403
    assert asked(here) == command


def test_a_link_is_taken_away_by_its_own_address() -> None:
    here = portal(link(2))
    path = f"{HERE}/links/duplicate/{named(2)}"
    assert TestClient(make_app(here)).delete(path, headers=as_("amy")).status_code == 200
    assert asked(here) == UnlinkCase(kind="duplicate", reference=named(2), case=OTHER)


def test_a_contact_asks_for_a_follow_up_with_the_title_of_the_case() -> None:
    here = portal(StatusChanged("closed", "open", "close"))
    files = [("files", ("a.txt", b"abc", "text/plain"))]
    web = TestClient(make_app(here))
    sent = web.post(f"{HERE}/follow-up", data={"text": "Again."}, files=files, headers=as_("bob"))
    assert sent.status_code == 200
    command = asked(here)
    assert isinstance(command, RequestFollowUp)
    assert command.personal.title == "The printer is on fire"
    assert command.personal.file_names == ("a.txt",)
    assert len(command.attachments) == 1


@pytest.mark.parametrize(
    ("path", "body", "rule"),
    [
        ("merge", {"reference": named(3)}, "same_customer"),
        ("merge", {"reference": named(5)}, "open"),
        ("merge", {"reference": named(6)}, "known"),
        ("merge", {"reference": "nothing"}, "known"),
        ("link", {"kind": "problem", "reference": named(2)}, "problem"),
    ],
)
def test_a_case_that_does_not_fit_is_refused_at_once(path: str, body: Any, rule: str) -> None:
    """C5, C15, C16: another tenant's case is no case."""
    here = portal()
    answer = TestClient(make_app(here)).post(f"{HERE}/{path}", json=body, headers=as_("amy"))
    assert (answer.status_code, answer.json()["rule"]) == (409, rule)
    assert answer.json()["field"] == "reference"
    assert isinstance(here.api_desk, MemoryCommandGateway)
    assert here.api_desk.commands == []


def test_comments_that_are_copied_are_filled_in_from_what_is_public() -> None:
    file = Attachment(sha256="a" * 64, size=3, type="text/plain")
    words = WrittenContent(text="And the scanner.", file_names=("scan.txt",))
    event = CommentAdded("said", "contact", True, attachments=(file,), personal=words)
    noted = CommentAdded("noted", "agent", False, personal=WrittenContent(text="Never again."))
    here = portal(event, noted)
    parts = [{"title": "Scanner", "comments": ["said", "noted"]}]
    TestClient(make_app(here)).post(f"{HERE}/split", json={"parts": parts}, headers=as_("amy"))
    (part,) = asked(here).parts
    assert part.comments == ("said", "noted")
    (copied,) = part.copied
    assert (copied.comment, copied.attachments) == ("said", (file,))
    assert copied.personal.text == "And the scanner."


def test_the_page_shows_other_cases_and_asks_about_them() -> None:
    """The desk links, splits and merges there; a contact opens a follow-up of what has ended."""
    web = client(*LINKED)
    web.cookies.set(COOKIE, "amy")
    page = web.get(f"/cases/{REFERENCE}").text
    for form in ("link", "problem", "split", "merge"):
        assert f'action="/cases/{REFERENCE}/{form}"' in page
    assert "Reports problem" in page
    assert named(4) in page
    web = client(*LINKED, StatusChanged("closed", "open", "close"))
    web.cookies.set(COOKIE, "bob")
    page = web.get(f"/cases/{REFERENCE}").text
    assert f'action="/cases/{REFERENCE}/follow-up"' in page
    assert named(2) in page
    assert named(3) not in page
    assert f'action="/cases/{REFERENCE}/merge"' not in page
