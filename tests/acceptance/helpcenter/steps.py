"""What people do with a case at this help center, by the names of its own steps."""

from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Answer, Form, Person

TITLE = "The VAT return has no lines"
DESCRIPTION = "I open the return of the first quarter and see nothing."


def form(case_type: str = "question", contact: str = "", **values: str | bool) -> Form:
    """A case, filled in; by an agent, where it says for whom."""
    filled_in = {"title": TITLE, "description": DESCRIPTION} | values
    return Form(case_type=case_type, values=filled_in, contact=contact)


def taken_up(desk: Desk, contact: Person, by: Person) -> Case:
    """A case that an agent works on."""
    case = desk.mail_from(contact).case
    case.agent(by).takes_up()
    return case


def solve(case: Case, who: Person, text: str = "Press refresh, and the lines are there.") -> Answer:
    """An agent solves it."""
    return case.agent(who).takes_step("solve", text)


def reopen(case: Case, who: Person, text: str = "They are gone again.") -> Answer:
    """The contact is not helped yet."""
    return case.contact(who).takes_step("reopen", text)


def parked(desk: Desk, contact: Person, by: Person) -> Case:
    """A fault that needs a change in the software."""
    case = desk.form_from(contact, form("fault"))
    case.agent(by).takes_up()
    case.agent(by).takes_step("park", "This takes a new version.", workaround="cumbersome")
    return case
