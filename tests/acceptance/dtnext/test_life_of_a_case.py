"""C6, C7, D5, D8, D12, D15, D16, D18: from submitted to closed, by whom and with what."""

import pytest
from case_events.contracts.refusals import CommandRefused

from tests.acceptance.dtnext.people import ANOUK, BRAM, FATIMA, GRACE, SANNE, YOUSSEF
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File, Form

pytestmark = pytest.mark.acceptance


def taken_up(desk: Desk) -> Case:
    """A case that an agent works on."""
    case = desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    return case


def resolved(desk: Desk) -> Case:
    """A case with a solution that awaits the contact's agreement."""
    case = taken_up(desk)
    case.agent(SANNE).resolves("We replaced the cable.", cause="A broken cable")
    return case


@pytest.mark.main_path
def test_from_a_mail_to_the_closed_case(desk: Desk) -> None:
    """D5, D16: the main path, with a mail at each important step."""
    case = desk.mail_from(ANOUK).case
    assert case.status == "open"
    case.agent(SANNE).takes_up()
    assert case.status == "in_progress"
    case.agent(SANNE).asks("Which of the two screens?")
    assert case.status == "need_input"
    case.contact(ANOUK).replies_by_mail("The left one.", by="token")
    assert case.status == "in_progress"
    case.agent(SANNE).resolves("We replaced the cable.", cause="A broken cable")
    assert case.status == "resolved"
    case.contact(ANOUK).agrees()
    assert case.status == "closed"
    assert [letter.notice for letter in case.mails_to(ANOUK)] == [
        "confirmation", "taken_up", "need_input", "resolved"
    ]  # fmt: skip
    assert "Which of the two screens?" in case.mail_to(ANOUK, "need_input").text
    assert "We replaced the cable." in case.mail_to(ANOUK, "resolved").text
    assert case.comments == [
        "Which of the two screens?", "The left one.", "We replaced the cable."
    ]  # fmt: skip
    assert case.flaws == []


def test_on_hold_and_with_a_third_party(desk: Desk) -> None:
    """D5, D16: the contact hears of both."""
    case = taken_up(desk)
    case.agent(SANNE).holds("As agreed, until Friday.")
    assert case.status == "on_hold"
    case.agent(SANNE).ends_hold()
    case.agent(SANNE).hands_over("The printer's maker looks at it.")
    assert case.status == "third_party"
    case.agent(SANNE).takes_back()
    assert case.status == "in_progress"
    assert "until Friday" in case.mail_to(ANOUK, "on_hold").text
    assert "maker" in case.mail_to(ANOUK, "third_party").text


def test_a_case_that_waits_for_the_contact_stands_out(desk: Desk) -> None:
    """D5, D14: in Need input and in Resolved it is the contact's turn."""
    case = taken_up(desk)
    assert not case.shown.stands_out
    case.agent(SANNE).asks("Which one?")
    assert (case.shown.waits_for, case.shown.stands_out) == ("contact", True)
    case.agent(SANNE).resolves("We replaced the cable.", cause="A broken cable")
    assert (case.shown.waits_for, case.shown.stands_out) == ("contact", True)


@pytest.mark.main_path
def test_the_contact_does_not_agree(desk: Desk) -> None:
    """D5: by saying so, or by answering the mail: the case goes on. Only agreeing closes it."""
    case = resolved(desk)
    case.contact(ANOUK).rejects("It flickers.")
    assert case.status == "in_progress"
    case.agent(SANNE).resolves("And the screen.", cause="An old screen")
    case.contact(ANOUK).replies_by_mail("Agreed, thanks! Please close.", by="token")
    assert case.status == "in_progress"
    assert len(case.events("status_changed")) == 6


@pytest.mark.main_path
@pytest.mark.parametrize(("act", "status"), [("closes", "closed"), ("cancels", "cancelled")])
def test_the_contact_closes_or_cancels(desk: Desk, act: str, status: str) -> None:
    """C6, D15: two different acts, and both end the case."""
    case = taken_up(desk)
    getattr(case.contact(ANOUK), act)()
    assert (case.status, case.shown.status_kind) == (status, "final")
    assert case.reference in desk.cases_of(ANOUK, "closed")
    assert case.reference not in desk.cases_of(ANOUK, "active")
    after = case.contact(ANOUK).tries.takes_step("agree")
    assert after.status in ("refused", "unchanged")


@pytest.mark.main_path
def test_the_contact_comments_with_attachments(desk: Desk) -> None:
    """C6, D15: the agent who works on it is told."""
    case = taken_up(desk)
    case.agent(SANNE).assigns("first_line", to=SANNE)
    file = File("Meting ½.csv", b"a;b\n1;2\n", "text/csv")
    case.contact(ANOUK).comments("See the table.", [file])
    comment = case.event("comment_added")
    assert [(one.name, one.type) for one in comment.files] == [(file.name, file.type)]
    assert case.file_for(SANNE, comment.files[0].sha256) == file.data
    assert "See the table." in case.mail_to(SANNE, "contact_wrote").text


def test_an_agents_answer_reaches_the_contact(desk: Desk) -> None:
    """D16: a public comment is mailed, a note is not."""
    case = taken_up(desk)
    case.agent(SANNE).comments("We are looking for a cable.")
    case.agent(SANNE).notes("There are none left.")
    [letter] = case.mails_to(ANOUK, "answer")
    assert "looking for a cable" in letter.text
    assert "none left" not in "".join(one.text for one in case.mails_to(ANOUK))


@pytest.mark.main_path
def test_the_cause_is_recorded_on_resolution(desk: Desk) -> None:
    """D12, D18: an incident is not resolved without its cause; the contact is told it."""
    case = taken_up(desk)
    refused = case.agent(SANNE).tries.takes_step("resolve", "We replaced the cable.")
    assert (refused.status, refused.field, refused.rule) == ("refused", "cause", "required")
    refused = case.agent(SANNE).tries.takes_step("resolve", cause="A broken cable")
    assert (refused.status, refused.field, refused.rule) == ("refused", "text", "required")
    assert case.status == "in_progress"
    case.agent(SANNE).resolves("We replaced the cable.", cause="A broken cable")
    seen = case.seen_by(ANOUK)
    assert seen is not None
    assert seen.fields["cause"] == "A broken cable"


def test_a_question_has_no_cause(desk: Desk) -> None:
    """D12: it is an incident's; a question is answered, and that is that."""
    form = Form(case_type="question", values={"title": "How?", "description": "How is it done?"})
    case = desk.form_from(GRACE, form)
    case.agent(SANNE).takes_up()
    case.agent(SANNE).classifies("incident")
    assert case.agent(SANNE).tries.takes_step("resolve", "Like this.").field == "cause"
    case.agent(SANNE).classifies("question")
    case.agent(SANNE).takes_step("resolve", "Like this.")
    assert case.status == "resolved"


def test_what_is_no_incident_is_reclassified(desk: Desk) -> None:
    """C7, D2: mail counts as an incident until the desk has looked."""
    case = taken_up(desk)
    case.agent(SANNE).classifies("question")
    assert case.shown.case_type == "question"
    classified = case.event("case_classified")
    assert (classified.what["previous"], classified.who.id) == ("incident", SANNE.id)


@pytest.mark.main_path
def test_second_line(desk: Desk) -> None:
    """D18, C7: what the first line cannot solve goes on; after analysis the contact is told."""
    case = taken_up(desk)
    case.agent(SANNE).notes("This is beyond me.")
    case.agent(SANNE).assigns("second_line")
    assert (case.shown.team, case.shown.agent) == ("second_line", "")
    assert case.mail_to("applicatiebeheer@dtnext.example", "forwarded")
    case.agent(SANNE).assigns("second_line", to=YOUSSEF)
    assert case.mail_to(YOUSSEF, "assigned")
    case.agent(YOUSSEF).resolves("A patch is installed.", cause="A race in the export")
    assert "A patch is installed." in case.mail_to(ANOUK, "resolved").text
    assert [entry.what["team"] for entry in case.events("case_assigned")] == [
        "first_line", "second_line", "second_line"
    ]  # fmt: skip


@pytest.mark.by_platform("C15")
def test_an_agent_who_is_not_of_a_team_does_not_get_its_cases(desk: Desk) -> None:
    """C7, C15."""
    case = taken_up(desk)
    answer = case.agent(SANNE).tries.assigns("second_line", to=BRAM)
    assert (answer.status, answer.field) == ("refused", "agent")
    assert case.shown.team == "first_line"


@pytest.mark.parametrize(
    ("step", "rule"),
    [("take_up", "known"), ("cancel", "by"), ("agree", "by"), ("contact_answered", "by")],
)
@pytest.mark.by_platform("C15")
def test_steps_are_for_whom_the_definition_says(desk: Desk, step: str, rule: str) -> None:
    """C6, C15, D15: refused at once, with the rule; nothing happens."""
    case = resolved(desk) if step == "agree" else desk.mail_from(ANOUK).case
    before = case.status
    hand = case.contact(ANOUK) if step == "take_up" else case.agent(SANNE)
    answer = hand.tries.takes_step(step)
    assert answer.status == "refused"
    assert answer.rule in (rule, "from")
    assert answer.reason
    assert case.status == before


@pytest.mark.main_path
@pytest.mark.by_platform("C15")
def test_a_refused_command_is_kept_with_who_and_why(desk: Desk) -> None:
    """C15: what was asked of the case, and the reason, whole."""
    case = desk.mail_from(ANOUK).case
    answer = case.agent(SANNE).tries.takes_step("resolve", "Too soon.", cause="Haste")
    assert (answer.status, answer.field, answer.rule) == ("refused", "transition", "from")
    [refusal] = desk.refusals("not_allowed")
    assert isinstance(refusal.data, CommandRefused)
    assert (refusal.actor.kind, refusal.actor.id) == ("agent", SANNE.id)
    assert refusal.data.personal.text == "Too soon."
    assert refusal.data.reason == answer.reason
    assert "status_changed" not in case.story[5:]


@pytest.mark.main_path
@pytest.mark.by_platform("C15")
def test_two_agents_who_do_the_same_at_once(desk: Desk) -> None:
    """C15: who looked at an older case is told so, and only about what was changed."""
    case = taken_up(desk)
    seen = case.shown.version
    case.agent(BRAM).sets_priority("P2", seen=seen)
    answer = case.agent(SANNE).tries.sets_priority("P1", seen=seen)
    assert (answer.status, answer.code, answer.field) == ("refused", "conflict", "priority")
    assert case.agent(SANNE).takes_step("hold", seen=seen).status == "done"
    assert case.priority == "P2"


def test_what_already_is_so_changes_nothing(desk: Desk) -> None:
    """C6: asked twice is answered, and is one event."""
    case = taken_up(desk)
    assert case.agent(BRAM).takes_up().status == "unchanged"
    assert case.agent(SANNE).sets_priority("P3").status == "done", "she confirms what a rule set"
    assert case.agent(SANNE).sets_priority("P3").status == "unchanged"
    assert len(case.events("status_changed")) == 2
    assert case.contact(ANOUK).closes().status == "done"
    assert case.contact(ANOUK).closes().status == "unchanged"
    assert len(case.events("status_changed")) == 3


def test_a_contact_reads_what_may_be_done_now(desk: Desk) -> None:
    """C6: only what the definition allows in this state, to this person."""
    case = desk.mail_from(FATIMA).case
    shown = case.seen_by(FATIMA)
    assert shown is not None
    assert {step.name for step in shown.steps} == {"close", "cancel"}
    assert shown.may_comment
    case.contact(FATIMA).closes()
    shown = case.seen_by(FATIMA)
    assert shown is not None
    assert shown.steps == []
