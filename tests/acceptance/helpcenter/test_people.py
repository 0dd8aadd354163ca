"""C10, H6, C7: people involved, colleagues who are asked, and who stands in for whom."""

from datetime import datetime

import msgspec
import pytest
from case_events.contracts.parts import Person as Written
from case_events.contracts.parts import WrittenContent
from case_events.contracts.people import (
    AddWatcher,
    AnswerConsultation,
    ConsultTeam,
    RemoveWatcher,
    WithdrawConsultation,
)

from tests.acceptance.helpcenter.conftest import simulated
from tests.acceptance.helpcenter.people import (
    ADDRESS,
    DAAN,
    FLOOR,
    GEERT,
    HANNAH,
    INEKE,
    LOTTE,
    OLGA,
    PETRA,
    TAX,
    THIJS,
)
from tests.acceptance.helpcenter.steps import reopen, solve, taken_up
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File, Person

pytestmark = pytest.mark.acceptance

SECRET = "between-us-7319"
ACCOUNTANT = "boekhouder@elsewhere.example"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _consulted(case: Case, text: str = f"Is this {SECRET} so?") -> str:
    """An agent asks the tax department; the id of the question."""
    files = [File(f"{SECRET}.txt", SECRET.encode(), "text/plain")]
    case.agent(FLOOR).asks_for(ConsultTeam(team="tax", personal=WrittenContent(text=text)), files)
    return str(case.events("consultation_requested")[-1].what["consultation"])


@pytest.mark.parametrize("adder", [LOTTE, FLOOR], ids=["contact", "agent"])
def test_whoever_is_added_gets_every_message(desk: Desk, adder: Person) -> None:
    """C10: what the contact gets, and what the contact writes; and sees the case."""
    case = taken_up(desk, LOTTE, FLOOR)
    assert case.seen_by(HANNAH) is None
    case.contact(adder).asks_for(AddWatcher(watcher=f"contact/{HANNAH.id}"))
    assert "follow this case" in case.mail_to(HANNAH, "involved").subject
    case.agent(FLOOR).comments("Which quarter is it?")
    case.contact(LOTTE).comments("The first, of course.")
    solve(case, FLOOR, "Press refresh.")
    reopen(case, LOTTE, "They are gone again.")
    got = [letter.notice for letter in case.mails_to(HANNAH)]
    notice = "contact_wrote_to_all"
    assert got == ["involved", "answer", notice, "solved", notice, "reopened"]
    assert "of course" in case.mails_to(HANNAH, notice)[0].text
    assert case.seen_by(HANNAH) is not None
    assert case.reference in desk.cases_of(HANNAH)
    assert [one.watcher for one in case.shown.watchers] == [f"contact/{HANNAH.id}"]


def test_a_watcher_takes_part_by_mail_and_can_leave(desk: Desk) -> None:
    """C10, C4: their reply is theirs; then they hear no more."""
    case = taken_up(desk, LOTTE, FLOOR)
    case.agent(FLOOR).asks_for(AddWatcher(watcher=f"contact/{HANNAH.id}"))
    case.contact(HANNAH).replies_by_mail("I see it too.", by="token")
    assert case.events("comment_added")[-1].who.id == HANNAH.id
    case.contact(HANNAH).asks_for(RemoveWatcher(watcher=f"contact/{HANNAH.id}"))
    before = len(case.mails_to(HANNAH))
    case.agent(FLOOR).comments("Which quarter is it?")
    assert len(case.mails_to(HANNAH)) == before
    assert case.seen_by(HANNAH) is None


def test_somebody_in_no_directory_follows_by_their_address(desk: Desk) -> None:
    """C10: an agent adds them; a contact may not."""
    case = taken_up(desk, LOTTE, FLOOR)
    address = AddWatcher(personal=Written(ACCOUNTANT, "Bo van Elders"))
    refused = case.contact(LOTTE).tries.asks_for(address)
    assert (refused.status, refused.rule) == ("refused", "added_by")
    case.agent(FLOOR).asks_for(address)
    assert case.agent(FLOOR).asks_for(address).status == "unchanged"
    case.agent(FLOOR).comments("Which quarter is it?")
    assert [letter.notice for letter in case.mails_to(ACCOUNTANT)] == ["involved", "answer"]
    case.agent(FLOOR).asks_for(RemoveWatcher(watcher=case.shown.watchers[0].watcher))
    case.agent(FLOOR).comments("Hello?")
    assert len(case.mails_to(ACCOUNTANT)) == 2


@pytest.mark.by_platform("C5", "C10")
@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (AddWatcher(watcher=f"contact/{INEKE.id}"), "known"),
        (AddWatcher(watcher="contact/nobody"), "known"),
        (AddWatcher(watcher="agent/nobody"), "known"),
        (AddWatcher(personal=Written("no address")), "address"),
    ],
    ids=["of-another-customer", "unknown-contact", "unknown-agent", "no-address"],
)
def test_only_people_who_may_see_it_are_added(desk: Desk, command: AddWatcher, rule: str) -> None:
    """C10, C5: never somebody of another customer."""
    case = taken_up(desk, LOTTE, FLOOR)
    answer = case.agent(FLOOR).tries.asks_for(command)
    assert (answer.status, answer.rule) == ("refused", rule)
    assert case.shown.watchers == []


def test_colleagues_are_asked_inside_the_case(desk: Desk) -> None:
    """H6: the department hears it, answers there, and the agent hears that."""
    case = taken_up(desk, LOTTE, FLOOR)
    case.agent(FLOOR).assigns("helpdesk", to=FLOOR)
    question = _consulted(case)
    assert SECRET in case.mail_to(TAX, "consulted").text
    assert [one.team for one in case.shown.consultations] == ["tax"]
    answer = AnswerConsultation(consultation=question, personal=WrittenContent(text="It is not."))
    case.agent(PETRA).asks_for(answer)
    assert "It is not." in case.mail_to(FLOOR, "consultation_answered").text
    assert case.shown.consultations == []
    again = case.agent(PETRA).tries.asks_for(answer)
    assert (again.status, again.rule) == ("refused", "open")


def test_what_was_asked_can_be_taken_back(desk: Desk) -> None:
    """H6: then it needs no answer any more; contacts never hear of it."""
    case = taken_up(desk, LOTTE, FLOOR)
    question = _consulted(case)
    withdraw = WithdrawConsultation(consultation=question)
    assert case.contact(LOTTE).tries.asks_for(withdraw).status == "refused"
    case.agent(FLOOR).asks_for(withdraw)
    assert case.shown.consultations == []
    late = AnswerConsultation(consultation=question, personal=WrittenContent(text="It is not."))
    for command in (late, withdraw):
        answer = case.agent(PETRA).tries.asks_for(command)
        assert (answer.status, answer.rule) == ("refused", "open")
    seen = [entry.type for entry in case.history_for(LOTTE)]
    assert "consultation_withdrawn" not in seen


def test_a_team_that_is_not_consulted_is_refused(desk: Desk) -> None:
    """H6: only the departments that the definition names; nothing without words."""
    case = taken_up(desk, LOTTE, FLOOR)
    for command, rule in (
        (ConsultTeam(team="product", personal=WrittenContent(text="?")), "options"),
        (ConsultTeam(team="tax"), "required"),
    ):
        answer = case.agent(FLOOR).tries.asks_for(command)
        assert (answer.status, answer.rule) == ("refused", rule)
    tried = case.contact(LOTTE).tries.asks_for(
        ConsultTeam(team="tax", personal=WrittenContent(text="?"))
    )
    assert tried.status == "refused"


@pytest.mark.by_platform("C5")
def test_no_way_out_for_what_is_internal(desk: Desk) -> None:
    """H6, C5, C10: questions, answers and notes reach no contact and no watcher, by any way."""
    case = taken_up(desk, LOTTE, FLOOR)
    outsiders: list[Person | str] = [LOTTE, DAAN, HANNAH, ACCOUNTANT]
    case.agent(FLOOR).asks_for(AddWatcher(watcher=f"contact/{HANNAH.id}"))
    case.agent(FLOOR).asks_for(AddWatcher(personal=Written(ACCOUNTANT, "Bo")))
    for follower in (HANNAH, ACCOUNTANT):
        assert case.mail_to(follower, "involved")
    question = _consulted(case)
    note = File(f"{SECRET}.pdf", SECRET.encode(), "application/pdf")
    case.agent(PETRA).asks_for(
        AnswerConsultation(consultation=question, personal=WrittenContent(text=f"No: {SECRET}.")),
        [note],
    )
    case.agent(FLOOR).notes(f"They say {SECRET}.", [note])
    letter = case.mails_to(TAX, "consulted")[-1]
    desk.mail_from(PETRA, f"Re: {letter.subject}", f"And {SECRET}.", to=letter.reply_to)
    solve(case, FLOOR)

    kept = [file.sha256 for entry in case.history for file in entry.files]
    assert SECRET in _json(case.history)
    for reader in (LOTTE, HANNAH):
        view, entries = case.seen_by(reader), case.history_for(reader)
        assert view is not None
        assert (view.consultations, view.attachments) == ([], [])
        shown = _json([entries, view])
        assert SECRET not in shown
        assert "Consultation" not in shown
        assert [case.file_for(reader, sha256) for sha256 in kept] == [None] * len(kept)
    for outsider in outsiders:
        for mail in desk.mails_to(outsider):
            assert SECRET not in f"{mail.subject} {mail.text}"


def test_who_stands_in_gets_what_an_absent_agent_would(timed_desk: Desk) -> None:
    """C7: assigned to them, and told; on record who was meant."""
    case = taken_up(timed_desk, LOTTE, FLOOR)
    case.agent(FLOOR).assigns("helpdesk", to=THIJS)
    assert case.shown.agent == THIJS.id
    timed_desk.it_is("2026-03-09T09:00+01:00")
    before = len(case.mails_to(THIJS))
    case.contact(LOTTE).comments("Anybody there?")
    assert "Anybody" in case.mails_to(FLOOR, "contact_wrote")[-1].text
    assert len(case.mails_to(THIJS)) == before
    other = taken_up(timed_desk, INEKE, FLOOR)
    other.agent(OLGA).assigns("helpdesk", to=THIJS)
    assigned = other.events("case_assigned")[-1]
    assert (other.shown.agent, assigned.what["stands_in_for"]) == (FLOOR.id, THIJS.id)
    timed_desk.it_is("2026-03-14T00:01+01:00")
    case.contact(LOTTE).comments("And now?")
    assert "And now?" in case.mails_to(THIJS, "contact_wrote")[-1].text


def test_days_away_are_those_of_the_desk() -> None:
    """C7: from midnight in Amsterdam, not in Greenwich."""
    with simulated(datetime.fromisoformat("2026-03-08T23:59:00+01:00")) as driver:
        desk = Desk(driver, ADDRESS, GEERT)
        case = taken_up(desk, LOTTE, FLOOR)
        case.agent(OLGA).assigns("helpdesk", to=THIJS)
        assert case.shown.agent == THIJS.id
        desk.time_passes(minutes=2)
        case.agent(OLGA).assigns("product")
        case.agent(OLGA).assigns("helpdesk", to=THIJS)
        assert case.shown.agent == FLOOR.id
