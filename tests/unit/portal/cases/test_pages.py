"""The pages: what a reader finds, and that nothing is done that they did not ask."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from case_events.contracts.commands import AddComment, AssignCase, ChangeStatus
from case_events.contracts.parts import Person, UnregisteredContact, WrittenContent
from case_events.contracts.unregistered import unregistered_id, with_submitter
from case_events.envelope import Actor
from case_portal.portal import Portal
from case_portal.read_model.view import CommandOutcome
from msgspec.structs import replace
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import (
    MemoryCases,
    MemoryCommandGateway,
    browser,
    portal_of_desk,
)
from tests.unit.portal.portal_sample import (
    CREATED,
    REFERENCE,
    reference_data,
    sample_history,
    solved,
)

HERE = f"/cases/{REFERENCE}"


def send(
    client: TestClient, page: str, to: str, files: object = None, **form: str
) -> httpx.Response:
    """Open a page and send a form of it."""
    token = re.search(r'name="form_token" value="(\w+)"', client.get(page).text)
    assert token is not None
    answer: httpx.Response = client.post(to, data={"form_token": token[1]} | form, files=files)
    return answer


@pytest.fixture(params=["en", "nl"])
def reader(request: pytest.FixtureRequest) -> Iterator[str]:
    """A contact of each language."""
    yield {"en": "bob", "nl": "jan"}[request.param]


def test_who_is_not_logged_in_logs_in_first_and_comes_back() -> None:
    answer = browser().get(HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={HERE}")


def test_logging_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use() -> None:
    client = browser()
    answer = send(client, f"/login?next={HERE}", "/login", user="bob", password="bob", back=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_logging_in_leads_nowhere_else(place: str) -> None:
    client = browser()
    answer = send(client, "/login", "/login", user="bob", password="bob", back=place)
    assert answer.headers["location"] == "/"


def test_a_wrong_password_says_so_and_keeps_the_name() -> None:
    answer = send(browser(), "/login", "/login", user="bob@acme.example", password="x")
    assert answer.status_code == 401
    assert "do not fit" in answer.text
    assert 'value="bob@acme.example"' in answer.text


def test_the_log_in_page_speaks_the_browsers_language() -> None:
    """C14."""
    answer = browser().get("/login", headers={"Accept-Language": "nl-NL,nl;q=0.9"})
    assert "Inloggen" in answer.text
    assert '<html lang="nl">' in answer.text


@pytest.mark.parametrize("path", ["/", "/cases", "/cases/new", "/cases/new?case_type=incident"])
def test_every_page_shows_in_both_languages(path: str, reader: str) -> None:
    """C14, D14."""
    answer = browser(reader).get(path)
    assert answer.status_code == 200
    assert ("Log out" in answer.text) == (reader == "bob")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_one_case_shows_its_conversation_and_no_internal_word() -> None:
    """C5, D15."""
    page = browser("bob").get(HERE).text
    assert "The printer is on fire" in page
    assert "It burns &lt;b&gt;brightly&lt;/b&gt;." in page
    assert "Here is a picture." in page
    assert "You hear from us before Tuesday 3 March, 09:00." in page
    for secret in ("smokes", "secret.txt", "loose cable", "Internal note", "Clocks"):
        assert secret not in page


def test_an_agent_sees_notes_clocks_and_what_they_may_do() -> None:
    page = browser("amy").get(HERE).text
    for shown in ("He smokes.", "secret.txt", "Clocks", "Offer a solution", "Assign", "P2 High"):
        assert shown in page


def test_an_auditor_sees_all_and_has_nothing_to_press() -> None:
    page = browser("aud").get(HERE).text
    assert "He smokes." in page
    assert page.count("<form") == 1  # that to log out


@pytest.mark.parametrize("who", ["ned", "gus", "there@bob"])
@pytest.mark.parametrize("path", ["", "/events", f"/attachments/{'a' * 64}"])
def test_to_others_the_case_does_not_exist(who: str, path: str) -> None:
    """C5, C16."""
    answer = browser(who).get(HERE + path)
    assert answer.status_code == 404
    assert "printer" not in answer.text


def test_only_what_the_definition_allows_is_offered() -> None:
    """D15: close while it is open; agree or reject once a solution is there."""
    opened = browser("bob").get(HERE).text
    assert "/step/close" in opened
    assert "/step/agree" not in opened
    page = browser("bob", portal_of_desk(solved(sample_history()))).get(HERE).text
    assert "/step/agree" in page
    assert "/step/reject" in page
    assert "/step/close" not in page


@pytest.mark.parametrize("path", ["comment", "step/close", "assignment", "priority", "type"])
def test_a_form_from_elsewhere_does_nothing(path: str) -> None:
    portal = portal_of_desk()
    client = browser("amy", portal)
    form = {"text": "x", "team": "first", "priority": "P1", "case_type": "incident"}
    for token in ("", "f" * 64, portal.form_token("kim")):
        answer = client.post(f"{HERE}/{path}", data=form | {"form_token": token})
        assert answer.status_code == 403
    assert _commands(portal) == []


def test_a_form_of_the_log_in_page_is_tied_to_its_browser_too() -> None:
    answer = browser().post("/login", data={"user": "bob", "password": "bob"})
    assert answer.status_code == 403


def test_a_comment_with_a_file_is_asked_and_leads_back() -> None:
    """C6, D15."""
    portal = portal_of_desk()
    files = [("files", ("fire.png", b"png", "image/png"))]
    answer = send(browser("bob", portal), HERE, f"{HERE}/comment", files, text="a\r\nb", seen="7")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?notice=done#latest")
    (command,) = _commands(portal)
    assert isinstance(command, AddComment)
    assert (command.personal.text, command.public, command.seen) == ("a\nb", True, 7)
    assert command.personal.file_names == ("fire.png",)


def test_an_empty_file_input_is_no_file() -> None:
    """Browsers send it as a file without a name."""
    portal = portal_of_desk()
    parts = {"form_token": portal.form_token("bob"), "text": "Hi", 'files"; filename="': ""}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    answer = browser("bob", portal).post(
        f"{HERE}/comment",
        content=f"{body}--x--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 303
    (command,) = _commands(portal)
    assert isinstance(command, AddComment)
    assert command.attachments == ()


def test_an_agent_writes_a_note_takes_a_step_and_assigns() -> None:
    portal = portal_of_desk()
    client = browser("amy", portal)
    send(client, HERE, f"{HERE}/comment", text="psst", audience="internal")
    form = {"text": "Done", "field.cause": "cable"}
    send(client, HERE, f"{HERE}/step/resolve", None, **form)
    send(client, HERE, f"{HERE}/assignment", team="second", agent="amy")
    note, step, assigned = _commands(portal)
    assert isinstance(note, AddComment)
    assert not note.public
    assert isinstance(step, ChangeStatus)
    assert (step.transition, step.fields) == ("resolve", {"cause": "cable"})
    assert isinstance(assigned, AssignCase)
    assert (assigned.team, assigned.agent) == ("second", "amy")


def test_a_refusal_says_why_and_loses_nothing() -> None:
    refused = CommandOutcome(
        status="refused", code="not_allowed", field="status", rule="comments_by", reason="no"
    )
    client = browser("bob", portal_of_desk(answer=refused))
    answer = send(client, HERE, f"{HERE}/comment", text="Keep <me>")
    assert answer.status_code == 409
    assert "takes no more comments" in answer.text
    assert "Keep &lt;me&gt;</textarea>" in answer.text


def test_without_an_answer_in_time_the_page_says_so() -> None:
    answer = send(browser("bob", portal_of_desk(answer=None)), HERE, f"{HERE}/comment", text="x")
    assert answer.headers["location"] == f"{HERE}?notice=pending#latest"
    assert "We have taken it in" in browser("bob").get(f"{HERE}?notice=pending").text


@pytest.mark.parametrize("days", [0, 3])
def test_a_case_that_was_received_before_it_was_recorded_says_both(days: int) -> None:
    created, *more = sample_history()
    created = replace(created, recorded_at=created.occurred_at + timedelta(days=days))
    page = browser("amy", portal_of_desk([created, *more])).get(HERE).text
    assert page.count("(recorded ") == (1 if days else 0)


def test_live_changes_are_told() -> None:
    answer = browser("bob").get(f"{HERE}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: changed\n" in answer.text


def test_a_file_is_saved_and_never_shown_as_a_page() -> None:
    cases = MemoryCases(reference_data(), sample_history())
    portal = portal_of_desk(cases=cases)
    (key,) = asyncio.run(portal.files.put("here", b"<script>"))
    cases.history_entries = [
        replace(entry, files=tuple(replace(file, sha256=key) for file in entry.files))
        for entry in cases.history_entries
    ]
    answer = browser("bob", portal).get(f"{HERE}/attachments/{key}")
    assert answer.content == b"<script>"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def _commands(portal: Portal) -> list[object]:
    desk = portal.desk
    assert isinstance(desk, MemoryCommandGateway)
    return list(desk.commands)


def test_agents_read_who_is_in_no_directory() -> None:
    """On the case and beside what they wrote, by the name that they gave."""
    ria = UnregisteredContact(address="ria@home.example", name="Ria Blom")
    words = WrittenContent(text="It burns.", author=Person(ria.address, ria.name))
    contact = unregistered_id(ria.address)
    event = replace(CREATED, customer="", contact=contact, personal=with_submitter(words, ria))
    actor = Actor(kind="contact", id=contact, capacity="contact")
    first, *others = sample_history()
    history = [replace(first, data=event, actor=actor), *others]
    page = browser("amy", portal_of_desk(history)).get(HERE).text
    assert "Ria Blom (ria@home.example)" in page
    assert contact not in page
