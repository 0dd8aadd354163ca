"""The portal as a contact meets it: in a real browser, on the running platform."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import make_msgid
from smtplib import SMTP
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.support.real.browser import IN_A_BROWSER, logged_in
from tests.support.real.platform import RunningPlatform, eventually

CONTACT = ("olivia@korenaar.example", "probeer-het-olivia")
OTHER = "pieter@vandijk.example"
LABELS = "Labels or packing slips are not printed"
SLOW = "Screens are slow or hang"
AGENT = ("sanne@dtnext.example", "probeer-het-sanne")

pytestmark = IN_A_BROWSER


@pytest.fixture
def page(running_platform: RunningPlatform) -> Iterator[Page]:
    """A page of a browser, logged in as the contact."""
    with logged_in(running_platform, CONTACT) as opened:
        yield opened


def test_a_contact_opens_follows_and_ends_a_case_in_the_portal(
    running_platform: RunningPlatform, page: Page
) -> None:
    """C1 C6 D8 D14 D15: typed in, shown at once, changing by itself, answered, closed."""
    portal = running_platform.url("portal")
    page.goto(f"{portal}/cases/new?case_type=incident")
    page.fill("[name='field.title']", "The till does not print")
    page.fill("[name='field.description']", "1. Press Print. 2. Nothing happens.")
    page.select_option("[name='field.urgency']", "high")
    page.select_option("[name='field.necessity']", "high")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(f"{portal}/cases/CAS-*")
    reference = page.url.rpartition("/")[2].partition("?")[0]
    expect(page.get_by_role("heading", level=1)).to_have_text("The till does not print")

    agent = _token(running_platform)
    _ask(running_platform, f"/api/v1/cases/{reference}/transitions/take_up", {}, agent)
    expect(page.locator("main")).to_contain_text("In progress")  # nobody reloaded the page

    page.fill("textarea", "It is the till next to the door.")
    page.set_input_files(
        "input[type=file]",
        files=FilePayload(name="till.txt", mimeType="text/plain", buffer=b"model 7"),
    )
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("It is the till next to the door.")
    expect(page.get_by_role("link", name="till.txt").first).to_be_visible()

    page.goto(f"{portal}/cases?view=active")
    expect(page.locator("main")).to_contain_text(reference)
    eventually(
        lambda: "comment_added" in {event["type"] for event in running_platform.history(reference)},
        10,
        "the comment is in the history",
    )


def test_a_form_that_is_refused_comes_back_as_it_was_typed_and_then_brings_its_file(
    running_platform: RunningPlatform, page: Page
) -> None:
    """C1 C3 C15 D8: intake hears of it by a topic, and says at which field what is wrong."""
    portal = running_platform.url("portal")
    page.goto(f"{portal}/cases/new?case_type=incident")
    title, send = page.locator("[name='field.title']"), page.get_by_role("button", name="Send")
    title.fill("   ")  # the browser takes this for filled in
    page.fill("[name='field.description']", "1. Press Print.\n2. <b>Nothing</b> happens.")
    page.fill("[name='field.product']", "Labels & more")
    page.select_option("[name='field.urgency']", "high")
    page.check("[name='field.recurring']")
    send.click()
    expect(page.locator("#field-title-problem")).to_have_text("Fill this in.")
    expect(page.locator(".problem")).to_have_count(1)
    expect(page.locator("[name='field.description']")).to_have_value(
        "1. Press Print.\n2. <b>Nothing</b> happens."
    )
    expect(page.locator("[name='field.product']")).to_have_value("Labels & more")
    expect(page.locator("[name='field.urgency']")).to_have_value("high")
    expect(page.locator("[name='field.recurring']")).to_be_checked()

    title.fill("The labels stay white")
    photo = FilePayload(name="étiquette 1.png", mimeType="image/png", buffer=b"\x89PNG white")
    page.set_input_files("input[name=files]", files=photo)
    send.click()
    page.wait_for_url(f"{portal}/cases/CAS-*")
    expect(page.get_by_role("heading", level=1)).to_have_text("The labels stay white")
    expect(page.locator("main")).to_contain_text("<b>Nothing</b> happens.")
    link = page.get_by_role("link", name="étiquette 1.png").first
    found = page.request.get(f"{portal}{link.get_attribute('href')}")
    assert (found.status, found.body()) == (200, b"\x89PNG white")
    reference = page.url.rpartition("/")[2].partition("?")[0]
    created = running_platform.history(reference)[0]
    assert (created["type"], created["channel"]) == ("case_created", "portal")


def test_articles_are_suggested_while_a_case_is_typed(
    running_platform: RunningPlatform, page: Page
) -> None:
    """C12, C14: in the contact's language, read beside the form, and nothing typed is lost."""
    page.goto(running_platform.url("portal", "/cases/new?case_type=incident"))
    beside = page.get_by_role("complementary", name="From the knowledge base")
    title = page.locator("[name='field.title']")
    description = page.locator("[name='field.description']")
    expect(beside.get_by_role("status")).to_contain_text("show here while you type")
    title.press_sequentially("The labls come out empty")
    expect(beside.get_by_role("status")).to_contain_text("may help you")
    first = beside.locator("summary").first
    expect(first).to_have_text(LABELS)

    first.press("Enter")
    article = beside.locator("details").first
    expect(article).to_contain_text("a template of your own has to be connected")
    with page.expect_response("**/cases/new/suggestions"):
        description.fill("The overviews are slow, screens open slowly since this morning")
    expect(first).to_have_text(LABELS)  # what is being read stays
    with page.context.expect_page() as opened:
        article.get_by_role("link", name="Open on a page of its own").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(LABELS)
    opened.value.close()
    page.mouse.move(0, 0)
    first.press("Enter")
    description.focus()
    expect(beside.get_by_text(SLOW)).to_be_visible()  # read and closed: here is what is new
    expect(title).to_have_value("The labls come out empty")


def test_a_contact_does_not_see_the_case_of_another_customer(
    running_platform: RunningPlatform, page: Page
) -> None:
    """C5 C16: what one may not see does not exist."""
    reference = _case_of_another_customer(running_platform)
    answer = page.goto(running_platform.url("portal", f"/cases/{reference}"))
    assert answer is not None
    assert answer.status == 404
    page.goto(running_platform.url("portal", "/cases?view=all"))
    expect(page.locator("main")).not_to_contain_text(reference)


def _case_of_another_customer(platform: RunningPlatform) -> str:
    message = EmailMessage()
    message["From"], message["To"] = OTHER, "support@dtnext.example"
    message["Subject"], message["Message-ID"] = "Not for others", make_msgid()
    message.set_content("The invoice is wrong.")
    with SMTP("127.0.0.1", platform.ports["smtp"]) as smtp:
        smtp.send_message(message)
    mail = eventually(
        lambda: next(
            (m for m in platform.mails(OTHER) if m["in_reply_to"] == message["Message-ID"]), None
        ),
        30,
        "the confirmation came",
    )
    return str(mail["subject"]).partition("[")[2].partition("]")[0]


def _token(platform: RunningPlatform) -> str:
    form = {"user": AGENT[0], "password": AGENT[1]}
    return str(_ask(platform, "/api/v1/session", form)["token"])


def _ask(platform: RunningPlatform, path: str, form: object, token: str = "") -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = Request(platform.url("portal", path), json.dumps(form).encode(), headers)
    with urlopen(request, timeout=30) as answer:
        found: dict[str, str] = json.load(answer)
    return found
