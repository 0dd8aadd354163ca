"""O1: whoever may not create a case is pointed to those who may, by every way in."""

from typing import Any

import pytest
from case_definition.lookup.definition import Definition, compile_definition
from case_definition.lookup.reference import Reference
from case_events.contracts.messages import MessageRequested
from case_events.contracts.refusals import InputRefused
from case_intake.domain.form_routing import route_form
from case_intake.domain.inbound import Creator, FormSubmission, MailSender
from case_intake.domain.mail_routing import Known, route_mail
from msgspec.structs import replace

from tests.unit.intake_service.intake_desk import (
    ANNA,
    BEN,
    IVY,
    START,
    World,
    arrival,
    document,
    raw_mail,
    reference,
)

TEXTS = {
    "redirects.super_user.found": "In {customer} {people} may report a {case_type}. See /help.",
    "redirects.super_user.nobody": "Nobody in {customer} may report a {case_type}. See /help.",
}


def pointing() -> Definition:
    """The desk, where a refusal points to super users."""
    values: dict[str, Any] = document()
    values["case_types"][0]["redirect"] = {"to": ["super_user"], "text": "super_user"}
    values["texts"] = {language: texts | TEXTS for language, texts in values["texts"].items()}
    return compile_definition(values)


def mail_of_ben(people: Reference) -> tuple[InputRefused, MessageRequested]:
    """What becomes of a mail of a normal user."""
    known = Known(definition=pointing(), at=START, people=people, sender=MailSender(contact=BEN))
    refused, answer = (
        draft.event for draft in route_mail(arrival(raw_mail(sender=BEN.email)), known).drafts
    )
    assert isinstance(refused, InputRefused)
    assert isinstance(answer, MessageRequested)
    return refused, answer


def test_a_mail_is_answered_with_the_super_users_of_the_organisation() -> None:
    """O1, C16: not with one who left, not with one of another customer."""
    refused, answer = mail_of_ben(reference())
    pointer = "In acme Anna Bos (anna@acme.example) may report a Fault. See /help."
    assert (refused.code, refused.rule, refused.reason) == ("not_allowed", "when", pointer)
    assert (answer.template, answer.language) == ("not_allowed", "en")
    assert answer.values["reason"] == pointer
    assert answer.personal.address == BEN.email


def test_where_there_is_no_super_user_another_text_says_so() -> None:
    people = reference()
    people._upsert_entry(replace(ANNA, active=False))
    assert mail_of_ben(people)[0].reason == "Nobody in acme may report a Fault. See /help."


def test_a_form_is_refused_with_the_same_words_in_the_readers_language() -> None:
    ben = replace(BEN, language="nl")
    creator = Creator(capacity="contact", id="ben", contact=ben, roles=("normal",))
    form = FormSubmission(tenant="desk", creator=creator, channel="portal", values={"title": "x"})
    [mistake] = route_form(form, pointing(), reference(), START).mistakes
    assert mistake.forbidden
    assert "Anna Bos (anna@acme.example) may report a Storing" in mistake.reason


@pytest.mark.parametrize("creator", [
    Creator(capacity="contact", id="anna", contact=ANNA, roles=("super_user",)),
    Creator(capacity="agent", id=IVY.id, contact=BEN),
])  # fmt: skip
def test_whoever_may_is_not_pointed_anywhere(creator: Creator) -> None:
    form = FormSubmission(tenant="desk", creator=creator, channel="api", case_type="fault",
                    values={"title": "x"})  # fmt: skip
    assert route_form(form, pointing(), reference(), START).mistakes == ()


def test_the_answer_goes_out_once_however_often_the_mail_comes() -> None:
    """C4"""
    assert mail_of_ben(reference())[1].key == mail_of_ben(reference())[1].key


def test_the_directory_tells_who_is_at_a_customer_now() -> None:
    people = World().ports.directory
    assert [one.id for one in people.contacts_of("desk", "acme")] == ["anna", "ben", "gone"]
    moved = reference()
    moved._upsert_entry(replace(ANNA, customer="other"))
    assert [one.id for one in moved.contacts_of("desk", "acme")] == ["ben", "gone"]
    assert [one.id for one in moved.contacts_of("desk", "other")] == ["anna", "olaf"]
    assert moved.contacts_of("second", "nobody") == []
