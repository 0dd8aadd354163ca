"""H3, H5, C11: cases that have to do with each other: follow-ups, problems, duplicates."""

import pytest
from case_events.contracts.links import NewPart
from case_events.contracts.parts import WrittenContent

from tests.acceptance.helpcenter.people import (
    AMY,
    DAAN,
    FLOOR,
    INEKE,
    LOTTE,
    PETER,
    PETRA,
    RUBEN,
    SAMIR,
    TECHNICAL,
)
from tests.acceptance.helpcenter.steps import form, solve, taken_up
from tests.support.desk.scenario import Case, Desk

pytestmark = pytest.mark.acceptance


def closed(desk: Desk) -> Case:
    """A question of Ineke's that was answered, and that she closed."""
    case = taken_up(desk, INEKE, FLOOR)
    solve(case, FLOOR)
    case.contact(INEKE).closes()
    return case


def test_a_reply_to_a_closed_case_begins_a_follow_up(desk: Desk) -> None:
    """H3, C2, C3, C4, C11: a closed case cannot be reopened; who answers its mail gets another
    case that refers to it, with a number of its own."""
    first = closed(desk)
    first.contact(INEKE).replies_by_mail("The lines are gone again.", by="token")
    assert first.status == "closed"
    (second,) = first.linked("follow_up", "from")
    assert second.reference != first.reference
    assert second.status == "new"
    assert second.shown.contact == INEKE.id
    assert second.linked("follow_up", "to")[0].reference == first.reference
    assert "gone again" in second.event("case_created").text
    letter = desk.mail_to(INEKE, "follow_up_received", second.reference)
    assert first.reference in letter.text
    assert second.mails_to(INEKE, "received") == []

    second.contact(INEKE).replies_by_mail("It is about the first quarter.", to=letter, by="token")
    assert second.comments == ["It is about the first quarter."]
    old = first.mails_to(INEKE, "solved")[-1]
    first.contact(INEKE).replies_by_mail("Do you hear me?", to=old, by="token")
    assert second.comments[-1] == "Do you hear me?", "who writes again goes on in the follow-up"
    assert first.event("comment_passed_on").who.id == INEKE.id
    assert len(first.linked("follow_up", "from")) == 1
    assert (first.flaws, second.flaws) == ([], [])


def test_a_follow_up_can_be_asked_for_in_the_portal(desk: Desk) -> None:
    """H3, C6: by the contact or an agent, only of a case that is closed."""
    case = taken_up(desk, INEKE, FLOOR)
    early = case.contact(INEKE).tries.asks_follow_up("There is more.")
    assert (early.status, early.rule) == ("refused", "of")
    solve(case, FLOOR)
    case.contact(INEKE).closes()
    assert case.contact(INEKE).tries.asks_follow_up("  ").field == "text"
    case.contact(INEKE).asks_follow_up("It came back after the update.")
    case.agent(FLOOR).asks_follow_up("A colleague called about it.", title="Another look")
    by_contact, by_agent = sorted(
        case.linked("follow_up", "from"), key=lambda one: one.shown.title == "Another look"
    )
    assert by_contact.shown.title == case.shown.title
    assert (by_agent.shown.title, by_agent.shown.contact) == ("Another look", INEKE.id)
    assert by_contact.event("case_created").who.id == INEKE.id


@pytest.mark.by_platform("C5")
@pytest.mark.main_path
def test_a_problem_is_solved_once_and_all_its_reporters_hear(desk: Desk) -> None:
    """H5, C5, C11: several cases about one cause are linked to one problem; what solves it is
    told to each contact in their own case, in one mail, and nobody sees the others."""
    first = desk.form_from(LOTTE, form("fault"))
    first.agent(FLOOR).takes_up()
    first.agent(FLOOR).opens_problem("No lines in returns of 2026", "See the log of 1 March.")
    (problem,) = first.linked("problem", "to")
    assert (problem.shown.case_type, problem.status) == ("problem", "new")
    assert (problem.shown.contact, problem.shown.weight) == ("", 1)

    others = [desk.form_from(who, form("fault")) for who in (DAAN, PETER, LOTTE, RUBEN)]
    for case in others:
        case.agent(FLOOR).links(problem)
    assert problem.shown.weight == 4, "four reporters, five reports"
    assert len(problem.linked("problem", "from")) == 5
    others[3].agent(FLOOR).unlinks(problem)
    assert problem.shown.weight == 3

    for who in (LOTTE, DAAN, PETER):
        assert problem.seen_by(who) is None, "a problem is the desk's own"
    for case, who in zip([first, *others], (LOTTE, DAAN, PETER, LOTTE, RUBEN), strict=True):
        assert case.seen_by(who).links == []  # type: ignore[union-attr]
        assert problem.reference not in str(case.history_for(who))

    problem.agent(SAMIR).takes_up()
    problem.agent(SAMIR).takes_step("solve", "Version 8.1 shows the lines again.")
    for case, who in zip([first, *others[:3]], (LOTTE, DAAN, PETER, LOTTE), strict=True):
        assert case.status == "solved"
        letter = case.mail_to(who, "solved")
        assert "Version 8.1 shows the lines again." in letter.text
        assert case.mails_to(who, "answer") == []
        assert case.comments == ["Version 8.1 shows the lines again."]
        assert case.event("problem_solved").what["reference"] == problem.reference
        assert "problem_solved" not in [entry.type for entry in case.history_for(who)]
        assert case.flaws == []
    assert others[3].status == "new", "what was unlinked hears nothing"
    assert problem.flaws == []


def test_a_solution_reaches_each_report_in_the_state_it_is_in(desk: Desk) -> None:
    """H5: a report that was closed meanwhile stays closed; who reopens it is on their own, and
    what is solved again is told again."""
    gone, open_ = (desk.form_from(who, form("fault")) for who in (INEKE, AMY))
    gone.agent(FLOOR).opens_problem("No lines")
    (problem,) = gone.linked("problem", "to")
    open_.agent(FLOOR).links(problem)
    gone.contact(INEKE).closes()
    problem.agent(FLOOR).takes_up()
    problem.agent(FLOOR).takes_step("solve", "Update, please.")
    assert (gone.status, open_.status) == ("closed", "solved")
    assert gone.comments == []
    assert len(gone.events("problem_solved")) == 1

    open_.contact(AMY).takes_step("reopen", "They are gone again.")
    problem.agent(FLOOR).takes_step("reopen_by_desk")
    problem.agent(FLOOR).takes_step("solve", "Update once more, please.")
    assert open_.status == "solved"
    assert open_.comments[-1] == "Update once more, please."
    assert len(open_.mails_to(AMY, "solved")) == 2


@pytest.mark.by_platform("C15")
def test_a_case_reports_one_problem_and_only_a_problem(desk: Desk) -> None:
    """H5, C15: what cannot be linked is refused with a reason."""
    case, other = (desk.form_from(INEKE, form("fault")) for _ in range(2))
    assert case.agent(FLOOR).tries.links(other).rule == "problem"
    assert case.contact(INEKE).tries.asks_follow_up("x").rule == "of"
    case.agent(FLOOR).opens_problem("No lines")
    other.agent(FLOOR).opens_problem("No lines either")
    (one,), (two,) = case.linked("problem", "to"), other.linked("problem", "to")
    assert case.agent(FLOOR).tries.links(two).rule == "one_problem"
    assert case.agent(FLOOR).tries.opens_problem("A third").rule == "one_problem"
    assert one.agent(FLOOR).tries.links(two).rule == "case_types"
    assert case.agent(FLOOR).links(one).status == "unchanged"
    two.agent(FLOOR).takes_up()
    two.agent(FLOOR).takes_step("solve", "Solved.")
    case.agent(FLOOR).unlinks(one)
    assert case.agent(FLOOR).tries.links(two).rule == "open"


def test_a_problem_of_three_contacts_is_told_to_its_team(desk: Desk) -> None:
    """H4, H5: the weight of a problem is known to the definition's rules."""
    cases = [desk.form_from(who, form("fault")) for who in (INEKE, AMY, DAAN, PETER)]
    cases[0].agent(FLOOR).opens_problem("No lines")
    (problem,) = cases[0].linked("problem", "to")
    problem.agent(PETRA).assigns("technical")
    for case in cases[1:]:
        case.agent(FLOOR).links(problem)
    assert problem.shown.weight == 4
    letter = problem.mail_to(TECHNICAL, "often_reported")
    assert "3" in letter.subject


def test_one_case_that_is_about_two_things_is_split(desk: Desk) -> None:
    """H1, C11: each question its own case, with what was said about it."""
    case = taken_up(desk, INEKE, FLOOR)
    case.contact(INEKE).comments("And how do I export my invoices?")
    comment = case.events("comment_added")[0].what["comment"]
    part = NewPart(comments=(comment,), personal=WrittenContent(title="Exporting invoices"))
    case.agent(FLOOR).splits(part)
    (other,) = case.linked("split", "from")
    assert (other.shown.title, other.shown.contact) == ("Exporting invoices", INEKE.id)
    assert "export my invoices" in other.event("case_created").text
    assert other.comments == [], "what is copied answers nothing, and stops no clock"
    wrong = NewPart(comments=("no-comment",), personal=WrittenContent(title="x"))
    assert case.agent(FLOOR).tries.splits(wrong).field == "comments"
