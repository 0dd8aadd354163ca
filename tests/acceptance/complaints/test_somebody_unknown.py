"""A complaint of somebody who is in no directory: taken, answered by mail, and nobody else's."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.acceptance.complaints.conftest import FOLDER, desk_of
from tests.acceptance.complaints.people import ANNA, HANNA, PIET, TEAM, TENANT, WILLEM
from tests.support.desk.scenario import Arrival, Desk
from tests.support.desk.values import Form, Person

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat

RIA = Person(TENANT, "contact", "address/8482f7cc1610", "ria@thuis.example")
KEES = Person(TENANT, "contact", "address/9b8a94a9f017", "kees@elders.example")
"""Both are in no directory."""


def mail_of_ria(desk: Desk, subject: str = "Niet te woord gestaan") -> Arrival:
    sender = f"Ria Blom <{RIA.address}>"
    return desk.mail_from(sender, subject, "Ik stond een uur.", envelope_from=RIA.address)


def letter(channel: str = "letter", contact: str = RIA.address, language: str = "",
           name: str = "Ria Blom") -> Form:  # fmt: skip
    """A letter of Ria's, as an agent types it in."""
    values = {"title": "Lang gewacht", "description": "Een uur."}
    return Form(case_type="complaint", values=values, contact=contact, contact_name=name,
                language=language, channel=channel)  # fmt: skip


def test_a_strangers_mail_becomes_a_case_and_is_answered_to_the_decision(desk: Desk) -> None:
    case = mail_of_ria(desk).case
    assert (case.shown.contact, case.shown.customer) == (RIA.id, "")
    assert case.shown.unregistered == {"address": RIA.address, "name": "Ria Blom"}
    assert case.event("case_created").who.name == "Ria Blom"
    confirmed = case.mail_to(RIA, "received")
    assert "Geachte Ria Blom" in confirmed.text
    assert "/cases/" not in confirmed.text, "no link to a page that they can never read"
    assert case.event("agreement_applied").what["agreement"] == ""
    assert case.due("resolution") == at("2026-04-13T11:00+02:00"), "what everybody is promised"
    case.agent(HANNA).takes_step("take_up_in_general")
    case.agent(HANNA).takes_step("ask", "Wanneer was dat?")
    for by in ("thread", "token", "subject"):
        reply = case.contact(RIA).replies_by_mail(f"Op maandag, zie {by}.", by=by)
        assert reply.case.reference == case.reference
        event = case.events("comment_added")[-1]
        assert (event.who.id, event.who.name, event.what["author"]) == (
            RIA.id,
            RIA.address,
            "contact",
        )
        assert f"zie {by}" in event.text
    assert case.status == "examining", "what they were asked is answered"
    mails = case.mails_to(TEAM, "contact_wrote")
    assert [f"{RIA.address} schreef" in mail.subject for mail in mails] == [True, True, True]
    case.agent(HANNA).takes_step("plan_hearing", "U bent welkom.", hearing_on="2026-03-12")
    case.agent(HANNA).takes_step("note_waiver", "Mevrouw ziet af van horen.")
    case.agent(HANNA).fills_in(other_heard="apart", other_heard_on="2026-03-11")
    case.agent(WILLEM).takes_step("decide_founded", "U had geholpen moeten worden.")
    assert "geholpen moeten worden" in case.mails_to(RIA)[-1].text
    assert case.flaws == []


def test_what_another_writes_does_not_get_on_a_strangers_case(desk: Desk) -> None:
    """Whether it answers a message of the case or names its reference, it begins a case of their
    own. The same holds of a contact."""
    case = mail_of_ria(desk).case
    received = case.mail_to(RIA, "received")
    for writer in (KEES, ANNA):
        for by in ("thread", "subject"):
            of_theirs = case.contact(writer).replies_by_mail("Ik ook.", to=received, by=by).case
            assert of_theirs.reference != case.reference
            assert of_theirs.mail_to(writer, "received")
    assert case.comments == []


def test_nobody_of_the_directory_but_the_desk_sees_a_strangers_case(desk: Desk) -> None:
    """And they themselves are never let in: they are told so when they ask."""
    case = mail_of_ria(desk).case
    for contact in (ANNA, PIET):
        assert case.seen_by(contact) is None
        assert desk.cases_of(contact) == []
    assert case.seen_by(HANNA) is not None
    assert desk.driver.invite(HANNA, RIA.address).rule == "known_contact"
    desk.mail_from(RIA, "Toegang")
    assert desk.mails_to(RIA)[-1].notice == "unknown_sender"
    assert desk.cases_of(HANNA) == [case.reference]


def test_an_agent_types_in_the_letter_of_a_stranger(desk: Desk) -> None:
    """They are answered in the language of the desk, or in the one that is named."""
    case = desk.form_from(HANNA, letter())
    assert case.shown.unregistered == {"address": RIA.address, "name": "Ria Blom"}
    assert case.mail_to(RIA, "received").text.startswith("Geachte Ria Blom")
    english = desk.form_from(HANNA, letter("phone", language="en"))
    assert english.mail_to(RIA, "received").text.startswith("Dear Ria Blom")
    known = desk.form_from(HANNA, letter(contact=ANNA.address))
    assert (known.shown.contact, known.shown.unregistered) == ("anna", None)


@pytest.mark.parametrize(
    ("form", "field", "rule"),
    [
        (letter("portal"), "contact", "known_contact"),
        (letter(name=""), "contact", "known_contact"),
        (letter(contact=WILLEM.address), "contact", "known_contact"),
        (letter(contact="", name=""), "contact", "known_contact"),
        (letter(contact="somewhere in town"), "contact", "address"),
        (letter(language="fy"), "language", "options"),
    ],
    ids=[
        "a way in without strangers",
        "no name",
        "a colleague",
        "nobody",
        "no address",
        "no such language",
    ],
)
def test_a_stranger_is_named_whole_and_where_they_are_taken(
    desk: Desk, form: Form, field: str, rule: str
) -> None:
    (wrong,) = desk.refused_form_from(HANNA, form)
    assert (wrong.field, wrong.rule) == (field, rule)


def test_who_has_no_mail_address_is_named_and_is_written_to_by_hand(desk: Desk) -> None:
    """What no mail told them is in the history."""
    case = desk.form_from(HANNA, letter(contact="", name="Cor Visser"))
    assert case.shown.unregistered == {"address": "", "name": "Cor Visser"}
    untold = case.event("notice_suppressed").what
    assert (untold["notice"], untold["recipient"], untold["reason"]) == (
        "received", f"contact/{case.shown.contact}", "no_address"
    )  # fmt: skip
    assert "Cor Visser" in case.mail_to(TEAM, "arrived").text
    case.agent(HANNA).takes_step("take_up_in_general")
    assert case.status == "examining"
    assert case.seen_by(ANNA) is None
    assert case.flaws == []


def test_what_follows_a_strangers_case_is_theirs_too(desk: Desk) -> None:
    """Their language goes with it; whoever asked for it is not written to in their place."""
    case = desk.form_from(HANNA, letter(language="en"))
    case.agent(HANNA).takes_step("take_up_in_general")
    case.agent(HANNA).takes_step("note_withdrawal", "Mevrouw trekt haar klacht in.")
    case.agent(HANNA).asks_follow_up("De ombudsman vraagt een reactie.", title="Ombudsman")
    (follow_up,) = case.linked("follow_up", "from")
    assert follow_up.shown.unregistered == {"address": RIA.address, "name": "Ria Blom"}
    assert "Dear Ria Blom" in follow_up.mail_to(RIA, "to_ombudsman").text


@contextmanager
def desk_where(folder: Path, before: str, after: str) -> Iterator[Desk]:
    """The desk, where its definition says something else."""
    shutil.copytree(FOLDER, folder)
    definition = folder / "definition.yaml"
    written = definition.read_text()
    assert before in written
    definition.write_text(written.replace(before, after))
    with desk_of(folder) as desk:
        yield desk


def test_two_cases_of_one_stranger_go_on_in_one_and_those_of_two_do_not(tmp_path: Path) -> None:
    merging = "links:\n  merge: {status: closed}\n"
    with desk_where(tmp_path / "complaints", "links:\n", merging) as desk:
        first, second = mail_of_ria(desk).case, mail_of_ria(desk, "Nog iets").case
        other = desk.mail_from(KEES, "Ook lang gewacht").case
        refused = other.agent(HANNA).tries.merges(first)
        assert (refused.status, refused.rule) == ("refused", "same_customer")
        second.agent(HANNA).merges(first)
        (merged,) = first.linked("merge", "from")
        assert merged.reference == second.reference
        first.agent(HANNA).takes_step("take_up_in_general")
        assert len(first.mails_to(RIA, "taken_up")) == 1, "once, though both cases are theirs"
        assert first.events("notice_suppressed") == []
        reply = second.contact(RIA).replies_by_mail("Nog iets.", by="subject")
        assert reply.case.reference == first.reference


def test_without_the_rule_a_stranger_is_answered_and_makes_no_case(tmp_path: Path) -> None:
    with desk_where(tmp_path / "complaints", ", unregistered_contacts: accepted", "") as desk:
        assert not mail_of_ria(desk).has_case
        assert [mail.notice for mail in desk.mails_to(RIA)] == ["unknown_sender"]
        assert len(desk.refusals("unknown_sender")) == 1
        (wrong,) = desk.refused_form_from(HANNA, letter())
        assert (wrong.field, wrong.rule) == ("contact", "known_contact")
