"""What people do with a case at this support desk, by the names of its own steps."""

from msgspec.structs import replace

from tests.acceptance.jouw_omgeving.people import WILLEM
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Answer, Form, Person

TITLE = "Nobody can sign in"
DESCRIPTION = "Since this morning the sign-in page answers with an error."
AXES = {
    "P1": ("high", "high"), "P2": ("high", "medium"), "P3": ("medium", "medium"),
    "P4": ("medium", "low"), "P5": ("low", "low"),
}  # fmt: skip
"""An impact and an urgency that lead to each priority."""


def form(case_type: str = "incident", contact: str = "", **values: str | bool) -> Form:
    """A case, filled in; by an agent, where it says for whom."""
    filled_in = {"title": TITLE, "description": DESCRIPTION} | values
    return Form(case_type=case_type, values=filled_in, contact=contact)


def out_of_hours(case_type: str = "incident", contact: str = "") -> Form:
    """A case by the way in outside office hours."""
    return replace(form(case_type, contact), channel="out_of_hours")


def incident(desk: Desk, contact: Person, priority: str) -> Case:
    """An incident that gets this priority by its impact and urgency."""
    impact, urgency = AXES[priority]
    return desk.form_from(contact, form(impact=impact, urgency=urgency))


def solve(case: Case, who: Person, text: str = "The certificate is renewed.") -> Answer:
    """An agent offers a solution, with its cause."""
    return case.agent(who).takes_step("solve", text, cause="An expired certificate")


def propose(case: Case, who: Person, text: str = "We replace it in the weekend.") -> Answer:
    """An agent proposes a solution with a schedule."""
    return case.agent(who).takes_step("propose", text, schedule="Saturday 14 March, 08:00")


def parked(desk: Desk, contact: Person) -> Case:
    """A request for change on which the product owner has to decide."""
    case = desk.form_from(contact, form("change_request", purpose="For the blind"))
    case.agent(WILLEM).takes_step("park", "I ask the product owner.")
    return case
