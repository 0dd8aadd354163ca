"""C5, C14, C16: who sees a case, in which language, and what another tenant's people see."""

from collections.abc import Iterator

import pytest
from casefold.project import PROJECT

from tests.acceptance.jouw_omgeving.conftest import FOLDER
from tests.acceptance.jouw_omgeving.people import (
    ADDRESS,
    ALICE,
    EVA,
    FENNA,
    JORIS,
    LIEKE,
    MARLEEN,
    NOAH,
    RUTH,
    SEM,
    TENANT,
)
from tests.acceptance.jouw_omgeving.steps import form, solve
from tests.support.desk.scenario import Desk
from tests.support.desk.tenancy import MONDAY_MORNING
from tests.support.desk.values import Person
from tests.support.desk.visibility import are_in, does_not_exist_for, may_only_read, steps_of
from tests.support.driver.several_tenants import SideBySideDriver, side_by_side

pytestmark = pytest.mark.acceptance

OTHER, THIRD = (
    PROJECT / "deploy" / "tenants" / name for name in ("customer-success", "helpcenter")
)


@pytest.mark.parametrize(("reader", "writer"), [(FENNA, ALICE), (EVA, NOAH)])
def test_key_contacts_and_super_users_see_colleagues_cases(
    desk: Desk, reader: Person, writer: Person
) -> None:
    """C5: because the definition says so of these roles."""
    case = desk.form_from(writer, form())
    assert case.seen_by(reader) is not None
    assert case.reference in desk.cases_of(reader)


@pytest.mark.by_platform("C5")
def test_contacts_see_their_own_cases(desk: Desk) -> None:
    """C5: a normal contact has no colleague's."""
    own, colleagues = desk.form_from(JORIS, form()), desk.form_from(ALICE, form())
    assert own.seen_by(JORIS) is not None
    does_not_exist_for(colleagues, JORIS)


@pytest.mark.by_platform("C5")
@pytest.mark.parametrize("outsider", [SEM, RUTH, EVA, NOAH], ids=lambda who: who.id)
def test_nothing_of_another_customer_exists(desk: Desk, outsider: Person) -> None:
    """C5: neither the case, nor its history, nor anything to ask of it."""
    case = desk.form_from(FENNA, form())
    does_not_exist_for(case, outsider)


def test_an_auditor_reads_all_and_writes_nothing(desk: Desk) -> None:
    """P3."""
    case = desk.form_from(FENNA, form())
    may_only_read(case, MARLEEN)


@pytest.mark.parametrize(
    ("contact", "language", "words"),
    [
        (FENNA, "nl", ("We hebben uw melding ontvangen", "We zijn met uw melding", "Opgelost")),
        (ALICE, "en", ("We have received your case", "We are working on", "Solved")),
    ],
    ids=["nl", "en"],
)
def test_mails_are_in_the_contacts_language(
    desk: Desk, contact: Person, language: str, words: tuple[str, ...]
) -> None:
    """C14: every mail about the case, and the names in it."""
    case = desk.form_from(contact, form())
    case.agent(LIEKE).takes_up()
    solve(case, LIEKE)
    are_in(language, case.mails_to(contact), ["registered", "taken_up", "solved"], words)


def test_steps_are_in_the_readers_language(desk: Desk) -> None:
    """C14: in the portal, each their own."""
    assert steps_of(desk.form_from(FENNA, form()), FENNA) == ["Sluiten", "Intrekken"]
    assert steps_of(desk.form_from(ALICE, form()), ALICE) == ["Close", "Withdraw"]


@pytest.fixture
def platform() -> Iterator[SideBySideDriver]:
    """A platform with two more tenants beside this one."""
    with side_by_side([FOLDER, OTHER, THIRD], MONDAY_MORNING) as driver:
        yield driver


OTHER_DESK = "support@success.example"
EVA_THERE = Person("customer-success", EVA.kind, EVA.id, EVA.address)
"""The same person, at the same address and under the same id, with another tenant."""


@pytest.mark.parametrize(
    "outsider",
    [
        EVA_THERE,
        Person("customer-success", "agent", "merel", "merel@success.example"),
        Person("helpcenter", "auditor", "geert", "geert@audit.example"),
    ],
    ids=lambda who: f"{who.tenant}-{who.id}",
)
def test_people_of_another_tenant_see_nothing(platform: SideBySideDriver, outsider: Person) -> None:
    """C16: not even somebody who is a contact of both."""
    case = Desk(platform, ADDRESS, MARLEEN).form_from(EVA, form())
    does_not_exist_for(case, outsider)
    assert platform.references(outsider, "all") == []


def test_a_contact_of_two_tenants_has_two_worlds(platform: SideBySideDriver) -> None:
    """C16, C2, C3: each mail is answered by the one that it went to, and seen there alone."""
    here = Desk(platform, ADDRESS, MARLEEN)
    mine = here.mail_from(EVA).delivery.reference
    other = here.mail_from(EVA, to=OTHER_DESK).delivery.reference
    assert mine.startswith("PS-")
    assert other.startswith("HD-")
    assert here.mail_to(EVA, "registered", mine).sender == ADDRESS
    assert here.mail_to(EVA, "registered", other).sender == OTHER_DESK
    assert platform.references(EVA, "all") == [mine]
    assert platform.references(EVA_THERE, "all") == [other]
    assert {entry.definition for entry in here.case(mine).history} == {f"{TENANT}/1"}
