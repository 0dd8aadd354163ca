"""What people do with a case at this desk, by the names of its own steps."""

from case_events.contracts.commands import RequestAssessment
from case_events.contracts.parts import WrittenContent

from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Answer, Form, Person

TITLE = "The roster is empty"
DESCRIPTION = "Since this morning the roster of week 10 shows no shifts."


def incident(**values: str | bool) -> Form:
    """An incident, filled in."""
    return Form(case_type="incident", values={"title": TITLE, "description": DESCRIPTION} | values)


def question(contact: str = "") -> Form:
    """A question, filled in; by an agent, where it says for whom."""
    values = {"title": "How do I copy a roster?", "description": "From one week to the next."}
    return Form(case_type="question", values=values, contact=contact)


def solve(case: Case, who: Person, text: str = "We have restored the shifts.") -> Answer:
    """An agent offers a solution."""
    return case.agent(who).takes_step("solve", text)


def another_priority(why: str) -> RequestAssessment:
    """That somebody asks for another priority."""
    return RequestAssessment(personal=WrittenContent(text=why))


def assessed(desk: Desk, contact: Person, by: Person, priority: str) -> Case:
    """A case by mail, that an agent has assessed at once."""
    case = desk.mail_from(contact).case
    case.agent(by).sets_priority(priority)
    return case
