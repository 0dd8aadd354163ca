"""What people do with a case at this help desk, by the names of its own steps."""

from msgspec.structs import replace

from tests.acceptance.otys.people import PRIYA
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Answer, Form, Person

TITLE = "The candidate's CV does not open"
DESCRIPTION = "1. Open candidate 4711. 2. Press CV. The page stays empty, since Monday."


def form(case_type: str = "bug", contact: str = "", **values: str | bool) -> Form:
    """A case, filled in; by an agent, where it says for whom."""
    filled_in = {"title": TITLE, "description": DESCRIPTION} | values
    return Form(case_type=case_type, values=filled_in, contact=contact)


def emergency(case_type: str = "bug") -> Form:
    """A case by the emergency line."""
    return replace(form(case_type), channel="emergency")


def phoned(contact: Person, choice: str, case_type: str = "") -> Form:
    """What an agent types in of somebody who calls, with their choice of the menu."""
    return replace(form(case_type, contact=contact.id), menu=choice)


def taken_up(desk: Desk, contact: Person, by: Person, case_type: str = "bug") -> Case:
    """A case that an agent works on."""
    case = desk.form_from(contact, form(case_type))
    case.agent(by).takes_up()
    return case


def solve(case: Case, who: Person, text: str = "Clear the cache, and the CV is there.") -> Answer:
    """An agent solves it."""
    return case.agent(who).takes_step("solve", text)


def with_product(desk: Desk, contact: Person, by: Person) -> Case:
    """A bug that the product team looks at."""
    case = taken_up(desk, contact, by)
    case.agent(by).assigns("product")
    return case


def plan(case: Case, week: str, text: str = "Development approved it.") -> Answer:
    """The product team approves it for development; `text` is for the contact."""
    return case.agent(PRIYA).decides("development", "yes", answer=text, week=week)
