"""C5, C14, C16: who sees a case, in which language, and what another tenant's people see."""

from collections.abc import Iterator

import pytest
from casefold.project import PROJECT

from tests.acceptance.helpcenter.conftest import FOLDER
from tests.acceptance.helpcenter.people import (
    ADDRESS,
    AMY,
    DAAN,
    FLOOR,
    GEERT,
    HANNAH,
    INEKE,
    LOTTE,
    PETER,
    RUBEN,
    TENANT,
)
from tests.acceptance.helpcenter.steps import solve
from tests.support.desk.scenario import Desk
from tests.support.desk.tenancy import MONDAY_MORNING
from tests.support.desk.values import Person
from tests.support.desk.visibility import are_in, does_not_exist_for, may_only_read, steps_of
from tests.support.driver.several_tenants import SideBySideDriver, side_by_side

pytestmark = pytest.mark.acceptance

OTHER, THIRD = (PROJECT / "deploy" / "tenants" / name for name in ("customer-success", "dtnext"))


@pytest.mark.by_platform("C5")
def test_contacts_see_their_own_cases(desk: Desk) -> None:
    """C5: a normal contact has no colleague's."""
    own, colleagues = desk.mail_from(HANNAH).case, desk.mail_from(DAAN).case
    assert own.seen_by(HANNAH) is not None
    does_not_exist_for(colleagues, HANNAH)


@pytest.mark.parametrize(("reader", "writer"), [(LOTTE, DAAN), (RUBEN, AMY)])
def test_key_contacts_and_super_users_see_colleagues_cases(
    desk: Desk, reader: Person, writer: Person
) -> None:
    """C5: because the definition says so of these roles."""
    case = desk.mail_from(writer).case
    assert case.seen_by(reader) is not None
    assert case.reference in desk.cases_of(reader)


@pytest.mark.by_platform("C5")
@pytest.mark.parametrize("outsider", [INEKE, PETER, RUBEN], ids=lambda who: who.id)
def test_nothing_of_another_customer_exists(desk: Desk, outsider: Person) -> None:
    """C5: neither the case, nor its history, nor anything to ask of it."""
    case = desk.mail_from(LOTTE).case
    does_not_exist_for(case, outsider)


def test_an_auditor_reads_all_and_writes_nothing(desk: Desk) -> None:
    """P3: whatever they ask of it is refused."""
    case = desk.mail_from(LOTTE).case
    may_only_read(case, GEERT)


@pytest.mark.parametrize(
    ("contact", "language", "words"),
    [
        (INEKE, "nl", ("We hebben je vraag ontvangen", "We zijn met je vraag bezig", "Opgelost")),
        (PETER, "en", ("We have received your question", "We are working on", "Solved")),
    ],
    ids=["nl", "en"],
)
def test_mails_are_in_the_contacts_language(
    desk: Desk, contact: Person, language: str, words: tuple[str, ...]
) -> None:
    """C14: every mail about the case, and the names in it."""
    case = desk.mail_from(contact).case
    case.agent(FLOOR).takes_up()
    solve(case, FLOOR)
    are_in(language, case.mails_to(contact), ["received", "taken_up", "solved"], words)


def test_steps_are_in_the_readers_language(desk: Desk) -> None:
    """C14: in the portal, each their own."""
    assert steps_of(desk.mail_from(INEKE).case, INEKE) == ["Sluiten"]
    assert steps_of(desk.mail_from(PETER).case, PETER) == ["Close"]


@pytest.fixture
def platform() -> Iterator[SideBySideDriver]:
    """A platform with two more tenants beside this one."""
    with side_by_side([FOLDER, OTHER, THIRD], MONDAY_MORNING) as driver:
        yield driver


OTHER_DESK = "support@success.example"
LOTTE_THERE = Person("customer-success", LOTTE.kind, LOTTE.id, LOTTE.address)
"""The same person, at the same address and under the same id, with another tenant."""
OUTSIDERS = (
    LOTTE_THERE,
    Person("customer-success", "agent", "merel", "merel@success.example"),
    Person("customer-success", "auditor", "wouter", "wouter@audit.example"),
    Person("dtnext", "contact", "vandijk-anouk", "anouk@vandijk.example"),
    Person("dtnext", "agent", "sanne", "sanne@dtnext.example"),
)


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=lambda who: f"{who.tenant}-{who.id}")
def test_people_of_another_tenant_see_nothing(platform: SideBySideDriver, outsider: Person) -> None:
    """C16: not even somebody who is a contact of both."""
    case = Desk(platform, ADDRESS, GEERT).mail_from(LOTTE).case
    does_not_exist_for(case, outsider)
    assert platform.references(outsider, "all") == []


def test_a_contact_of_two_tenants_has_two_worlds(platform: SideBySideDriver) -> None:
    """C16, C2, C3: each mail is answered by the one that it went to, and seen there alone."""
    here = Desk(platform, ADDRESS, GEERT)
    own, theirs = here.mail_from(LOTTE), here.mail_from(LOTTE, to=OTHER_DESK)
    mine, other = own.delivery.reference, theirs.delivery.reference
    assert mine.startswith("HC-")
    assert other.startswith("HD-")
    assert here.mail_to(LOTTE, "received", mine).sender == ADDRESS
    assert here.mail_to(LOTTE, "registered", other).sender == OTHER_DESK
    assert platform.references(LOTTE, "all") == [mine]
    assert platform.references(LOTTE_THERE, "all") == [other]
    shown = platform.case(LOTTE_THERE, other)
    assert shown is not None
    assert shown.definition == "customer-success/1"
    assert {entry.definition for entry in own.case.history} == {f"{TENANT}/1"}


def test_a_signed_address_is_worth_nothing_next_door(platform: SideBySideDriver) -> None:
    """C16, C4: nor is a reference or a thread; the case that it names does not move."""
    here = Desk(platform, ADDRESS, GEERT)
    case = here.mail_from(LOTTE).case
    before, letter = case.story, case.mail_to(LOTTE, "received")
    token = letter.reply_to.partition("@")[0].replace("help+", "support+")
    for address in (OTHER_DESK, f"{token}@success.example"):
        arrival = here.mail_from(
            LOTTE, f"Re: [{case.reference}]", "Hello?", to=address,
            headers={"In-Reply-To": letter.message_id, "References": letter.message_id},
        )  # fmt: skip
        assert arrival.delivery.reference.startswith("HD-")
    assert case.story == before


@pytest.mark.by_platform("C15")
def test_the_same_person_is_a_stranger_where_nobody_knows_them(
    platform: SideBySideDriver,
) -> None:
    """C16, C15: refused by that tenant, and kept by that tenant alone."""
    here = Desk(platform, ADDRESS, GEERT)
    arrival = here.mail_from(LOTTE, to="support@dtnext.example")
    assert not arrival.has_case
    assert [refusal.tenant for refusal in here.refusals()] == ["dtnext"]
    assert here.cases_of(LOTTE) == []
