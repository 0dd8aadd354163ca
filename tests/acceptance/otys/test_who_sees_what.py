"""C5, C14, C16: who sees a case, in which language, and what another tenant's people see."""

from collections.abc import Iterator

import pytest
from casefold.project import PROJECT

from tests.acceptance.otys.conftest import FOLDER
from tests.acceptance.otys.people import (
    ADDRESS,
    AYSE,
    BEN,
    DAAN,
    EMILY,
    JOKE,
    KEES,
    LOTTE,
    MARK,
    NADIA,
    OLIVER,
    ROOS,
    TENANT,
)
from tests.acceptance.otys.steps import form, solve, taken_up
from tests.support.desk.scenario import Desk
from tests.support.desk.tenancy import MONDAY_MORNING
from tests.support.desk.values import Person
from tests.support.desk.visibility import are_in, does_not_exist_for, may_only_read, steps_of
from tests.support.driver.several_tenants import SideBySideDriver, side_by_side

pytestmark = pytest.mark.acceptance

OTHER, THIRD = (
    PROJECT / "deploy" / "tenants" / name for name in ("customer-success", "helpcenter")
)


@pytest.mark.parametrize("reader", [LOTTE, EMILY, MARK], ids=lambda who: who.id)
def test_super_users_and_key_users_see_their_organisations_cases(
    desk: Desk, reader: Person
) -> None:
    """C5: because the definition says so of these roles."""
    case = desk.form_from(ROOS, form(contact=DAAN.id))
    assert case.seen_by(reader) is not None
    assert case.reference in desk.cases_of(reader)


@pytest.mark.by_platform("C5")
def test_a_normal_user_sees_their_own_cases(desk: Desk) -> None:
    """C5: what an agent wrote down for them, and no colleague's."""
    own, colleagues = desk.form_from(ROOS, form(contact=OLIVER.id)), desk.form_from(NADIA, form())
    assert own.seen_by(OLIVER) is not None
    does_not_exist_for(colleagues, OLIVER)


@pytest.mark.by_platform("C5")
@pytest.mark.parametrize("outsider", [NADIA, KEES, OLIVER, AYSE, BEN], ids=lambda who: who.id)
def test_nothing_of_another_customer_exists(desk: Desk, outsider: Person) -> None:
    """C5: neither the case, nor its history, nor anything to ask of it."""
    case = desk.form_from(LOTTE, form())
    does_not_exist_for(case, outsider)


def test_an_auditor_reads_all_and_writes_nothing(desk: Desk) -> None:
    """P3."""
    case = desk.form_from(LOTTE, form())
    may_only_read(case, JOKE)


@pytest.mark.parametrize(
    ("contact", "language", "words"),
    [
        (LOTTE, "nl", ("We hebben je melding ontvangen", "We zijn met je melding", "Opgelost")),
        (EMILY, "en", ("We have received your case", "We are working on", "Solved")),
    ],
    ids=["nl", "en"],
)
def test_mails_are_in_the_contacts_language(
    desk: Desk, contact: Person, language: str, words: tuple[str, ...]
) -> None:
    """C14: every mail about the case, and the names in it."""
    case = taken_up(desk, contact, ROOS)
    solve(case, ROOS)
    are_in(language, case.mails_to(contact), ["received", "taken_up", "solved"], words)


def test_steps_are_in_the_readers_language(desk: Desk) -> None:
    """C14: in the portal, each their own."""
    assert steps_of(desk.form_from(LOTTE, form()), LOTTE) == ["Sluiten", "Intrekken"]
    assert steps_of(desk.form_from(EMILY, form()), EMILY) == ["Close", "Withdraw"]


@pytest.fixture
def platform() -> Iterator[SideBySideDriver]:
    """A platform with two more tenants beside this one."""
    with side_by_side([FOLDER, OTHER, THIRD], MONDAY_MORNING) as driver:
        yield driver


OTHER_DESK = "support@success.example"
LOTTE_THERE, LOTTE_AT_THE_THIRD = (
    Person(tenant, LOTTE.kind, LOTTE.id, LOTTE.address)
    for tenant in ("customer-success", "helpcenter")
)
"""The same person, at the same address and under the same id, with other tenants."""


@pytest.mark.parametrize(
    "outsider",
    [
        LOTTE_THERE,
        LOTTE_AT_THE_THIRD,
        Person("customer-success", "agent", "merel", "merel@success.example"),
        Person("helpcenter", "auditor", "geert", "geert@audit.example"),
    ],
    ids=lambda who: f"{who.tenant}-{who.id}",
)
def test_people_of_another_tenant_see_nothing(platform: SideBySideDriver, outsider: Person) -> None:
    """C16: not even somebody who is a contact of all three."""
    case = Desk(platform, ADDRESS, JOKE).form_from(LOTTE, form())
    does_not_exist_for(case, outsider)
    assert platform.references(outsider, "all") == []


def test_a_contact_of_two_tenants_has_two_worlds(platform: SideBySideDriver) -> None:
    """C16, C2, C3: each mail is answered by the one that it went to, and seen there alone."""
    here = Desk(platform, ADDRESS, JOKE)
    mine = here.mail_from(LOTTE).delivery.reference
    other = here.mail_from(LOTTE, to=OTHER_DESK).delivery.reference
    assert mine.startswith("WW-")
    assert other.startswith("HD-")
    assert here.mail_to(LOTTE, "received", mine).sender == ADDRESS
    assert here.mail_to(LOTTE, "registered", other).sender == OTHER_DESK
    assert platform.references(LOTTE, "all") == [mine]
    assert platform.references(LOTTE_THERE, "all") == [other]
    assert {entry.definition for entry in here.case(mine).history} == {f"{TENANT}/1"}
