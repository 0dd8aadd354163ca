"""O1, O2, C15: who may create a case, of which type, and what each type says about itself."""

from collections.abc import Callable

import pytest
from case_definition.lookup.definition import Definition
from case_events.contracts.refusals import InputRefused

from tests.acceptance.otys.people import (
    ADDRESS,
    AYSE,
    BEN,
    DAAN,
    KEES,
    LOTTE,
    MARK,
    NADIA,
    OLIVER,
    ROOS,
    TENANT,
)
from tests.acceptance.otys.steps import DESCRIPTION, TITLE, form
from tests.support.desk.channel_stories import form_is_refused
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Answer, Form, Person
from tests.support.driver.several_tenants import SideBySideDriver

pytestmark = pytest.mark.acceptance


@pytest.mark.parametrize("super_user", [NADIA, LOTTE, AYSE], ids=lambda who: who.id)
def test_super_users_create_cases(desk: Desk, super_user: Person) -> None:
    """O2: bugs, questions and other things, in the portal; questions by mail."""
    for case_type in ("bug", "question", "other"):
        assert desk.form_from(super_user, form(case_type)).shown.case_type == case_type
    assert desk.mail_from(super_user).case.shown.case_type == "question"


@pytest.mark.by_platform("C1")
@pytest.mark.parametrize("user", [OLIVER, DAAN, BEN, KEES, MARK], ids=lambda who: who.id)
@pytest.mark.parametrize("case_type", ["bug", "question", "other"])
def test_nobody_else_does(desk: Desk, user: Person, case_type: str) -> None:
    """O1, C15, C1: neither normal nor key users; it says so, and what was typed is kept."""
    [answer] = desk.refused_form_from(user, form(case_type))
    assert (answer.field, answer.rule) == ("type", "when")
    refusal = desk.refusals()[-1]
    assert isinstance(refusal.data, InputRefused)
    assert refusal.actor.id == user.id
    assert desk.driver.arrived(TENANT, refusal.data.raw) is not None
    assert desk.cases_of(user) == []


def test_nor_by_the_api(world: SideBySideDriver) -> None:
    """O1, C1: a program that has their token gets the same answer."""
    made = world.create_by_api(KEES, form())
    assert [isinstance(one, Answer) and one.rule for one in made] == ["when"]
    assert isinstance(world.create_by_api(NADIA, form()), str)


@pytest.mark.parametrize(
    ("user", "words"),
    [
        (
            OLIVER,
            (
                "only a super user",
                "organisation: Nadia Brugman (nadia@brugman.example).",
                "https://docs.",
            ),
        ),
        (
            DAAN,
            (
                "alleen een super user",
                "Emily Ward (emily@duinzicht.example), Lotte Hoekstra (lotte@duinzicht.example).",
                "https://docs.",
            ),
        ),
    ],
    ids=["en", "nl"],
)
def test_a_normal_user_is_pointed_to_the_super_user(
    desk: Desk, user: Person, words: tuple[str, ...]
) -> None:
    """O1, C14, C15: by name, those of their own organisation; and to the documentation, in their
    language; over the API in the same words; the mail is kept."""
    arrival = desk.mail_from(user, "It is slow", "All day long.")
    assert not arrival.has_case
    [refusal] = desk.refusals("not_allowed")
    assert isinstance(refusal.data, InputRefused)
    assert (refusal.data.field, refusal.data.rule) == ("type", "when")
    raw = desk.driver.arrived(TENANT, refusal.data.raw)
    assert raw is not None
    assert b"All day long." in raw
    letter = desk.mail_to(user)
    assert (letter.notice, letter.sender) == ("not_allowed", ADDRESS)
    text = " ".join(letter.text.split())
    [answer] = desk.refused_form_from(user, form("bug"))
    for word in words:
        assert word in text
        assert word in answer.reason


@pytest.mark.by_platform("C4")
def test_who_may_not_create_may_still_be_helped(desk: Desk) -> None:
    """O1, C4: on the telephone an agent writes it down; its contact follows and answers it."""
    case = desk.form_from(ROOS, form("bug", contact=OLIVER.id))
    assert case.shown.contact == OLIVER.id
    case.contact(OLIVER).replies_by_mail("It was on Monday.", by="token")
    assert case.comments == ["It was on Monday."]


@pytest.mark.parametrize(
    ("language", "case_type", "words"),
    [
        ("nl", "bug", ("werkt niet zoals het hoort", "Stap voor stap", "kost je niets")),
        ("nl", "question", ("hoe iets werkt", "één vraag per melding", "30 minuten werk zijn")),
        ("nl", "other", ("geen bug en geen vraag", "waarvoor en voor wie", "Melden kost niets")),
        ("en", "bug", ("does not work as it should", "step by step", "costs you nothing")),
        ("en", "question", ("how something works", "one question per case", "30 minutes of work")),
        ("en", "other", ("not a bug and not a question", "what for and for whom", "costs nothing")),
    ],
)
def test_a_type_says_what_it_means_how_to_word_it_and_what_it_costs(
    world: SideBySideDriver, language: str, case_type: str, words: tuple[str, ...]
) -> None:
    """O2, C14: beside the choice, and at the field of its form."""
    meaning, wording, cost = words
    of_type: Callable[..., str] = _definition(world).help_for
    assert meaning in of_type("case_types", case_type, language)
    assert cost in of_type("case_types", case_type, language)
    at_field = _definition(world).field_help(case_type, "description", language)
    assert wording.lower() in at_field.lower()


def _definition(world: SideBySideDriver) -> Definition:
    definition = world.reference.newest(TENANT)
    assert definition is not None
    return definition


@pytest.mark.by_platform("C1")
@pytest.mark.parametrize(
    ("case_type", "values", "field", "rule"),
    [
        ("bug", {"description": DESCRIPTION}, "title", "required"),
        ("question", {"title": TITLE}, "description", "required"),
        ("question", {"title": "x" * 201, "description": DESCRIPTION}, "title", "max_length"),
        ("bug", {"title": TITLE, "description": DESCRIPTION, "part": "soup"}, "part", "options"),
        ("other", {"title": TITLE, "description": DESCRIPTION, "colour": "red"},
         "colour", "unknown"),
        ("bug", {"title": TITLE, "description": DESCRIPTION, "review": "Large."},
         "review", "editable_by"),
        ("incident", {"title": TITLE, "description": DESCRIPTION}, "type", "options"),
    ],
)  # fmt: skip
def test_a_bad_form_is_refused_by_field_and_rule(
    desk: Desk, case_type: str, values: dict[str, str | bool], field: str, rule: str
) -> None:
    """O2, C15, C1: with a sentence; what was typed is kept."""
    form_is_refused(desk, NADIA, Form(case_type=case_type, values=values), field, rule)
