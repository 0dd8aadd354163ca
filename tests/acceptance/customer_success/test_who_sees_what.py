"""C5, C14, C16: who sees a case, in which language, and what another tenant's people see."""

from collections.abc import Iterator

import pytest
from casefold.project import PROJECT

from tests.acceptance.customer_success.conftest import FOLDER
from tests.acceptance.customer_success.people import (
    ADDRESS,
    CLAIRE,
    EVA,
    KARIM,
    LOTTE,
    MARK,
    MEREL,
    NOAH,
    SUSAN,
    WOUTER,
)
from tests.acceptance.customer_success.steps import incident, solve
from tests.support.desk.scenario import Desk
from tests.support.desk.tenancy import MONDAY_MORNING
from tests.support.desk.values import Person
from tests.support.desk.visibility import are_in, does_not_exist_for, may_only_read, steps_of
from tests.support.driver.several_tenants import SideBySideDriver, side_by_side

pytestmark = pytest.mark.acceptance

OTHER = PROJECT / "deploy" / "tenants" / "dtnext"


@pytest.mark.by_platform("C5", "S8")
def test_contacts_see_their_own_cases(desk: Desk) -> None:
    """C5, S8: a normal contact has no colleague's."""
    own, colleagues = desk.mail_from(CLAIRE).case, desk.mail_from(MARK).case
    assert own.seen_by(CLAIRE) is not None
    does_not_exist_for(colleagues, CLAIRE)


@pytest.mark.parametrize(("reader", "writer"), [(LOTTE, MARK), (EVA, NOAH)])
def test_key_contacts_and_super_users_see_colleagues_cases(
    desk: Desk, reader: Person, writer: Person
) -> None:
    """C5: because the definition says so of these roles."""
    case = desk.mail_from(writer).case
    assert case.seen_by(reader) is not None
    assert case.reference in desk.cases_of(reader)


@pytest.mark.by_platform("C5")
@pytest.mark.parametrize("outsider", [KARIM, SUSAN, EVA], ids=lambda who: who.id)
def test_nothing_of_another_customer_exists(desk: Desk, outsider: Person) -> None:
    """C5: neither the case, nor its history, nor anything to ask of it."""
    case = desk.mail_from(LOTTE).case
    does_not_exist_for(case, outsider)


def test_notes_and_causes_are_for_the_desk(desk: Desk) -> None:
    """C5: no contact reads what agents write among themselves."""
    case = desk.form_from(LOTTE, incident())
    case.agent(MEREL).notes("The import failed again.")
    case.agent(MEREL).fills_in(cause="The import")
    shown = case.seen_by(LOTTE)
    assert shown is not None
    assert "cause" not in shown.fields
    assert case.shown.fields["cause"] == "The import"
    assert all("import" not in entry.text for entry in case.history_for(LOTTE))
    assert all("import" not in letter.text for letter in case.mails_to(LOTTE))


def test_an_auditor_reads_all_and_writes_nothing(desk: Desk) -> None:
    """P3: whatever they ask of it is refused."""
    case = desk.mail_from(LOTTE).case
    may_only_read(case, WOUTER)


@pytest.mark.parametrize(
    ("contact", "language", "words"),
    [
        (KARIM, "nl", ("is geregistreerd", "Prioriteit 3 Normaal", "We hebben een oplossing")),
        (SUSAN, "en", ("is registered", "Priority 3 Normal", "We have a solution")),
    ],
    ids=["nl", "en"],
)
def test_mails_are_in_the_contacts_language(
    desk: Desk, contact: Person, language: str, words: tuple[str, ...]
) -> None:
    """C14: every mail about the case, and the names in it."""
    case = desk.mail_from(contact).case
    case.agent(MEREL).sets_priority("P3")
    case.agent(MEREL).takes_up()
    solve(case, MEREL)
    are_in(language, case.mails_to(contact), ["registered", "assessed", "solved"], words)


def test_steps_are_in_the_readers_language(desk: Desk) -> None:
    """C14: in the portal, each their own."""
    assert steps_of(desk.mail_from(KARIM).case, KARIM) == ["Sluiten", "Intrekken"]
    assert steps_of(desk.mail_from(SUSAN).case, SUSAN) == ["Close", "Withdraw"]


@pytest.fixture
def two_tenants() -> Iterator[SideBySideDriver]:
    """A platform with another tenant beside this one."""
    with side_by_side([FOLDER, OTHER], MONDAY_MORNING) as driver:
        yield driver


def test_people_of_another_tenant_see_nothing(two_tenants: SideBySideDriver) -> None:
    """C16: neither its contacts nor its agents nor its auditor, whatever they ask."""
    case = Desk(two_tenants, ADDRESS, WOUTER).mail_from(LOTTE).case
    outsiders = [
        Person("dtnext", "contact", "vandijk-anouk", "anouk@vandijk.example"),
        Person("dtnext", "agent", "sanne", "sanne@dtnext.example"),
        Person("dtnext", "auditor", "hendrik", "hendrik@audit.example"),
    ]
    for outsider in outsiders:
        does_not_exist_for(case, outsider)
        assert two_tenants.references(outsider, "all") == []


def test_mail_to_one_tenant_says_nothing_to_another(two_tenants: SideBySideDriver) -> None:
    """C16: its contacts are strangers next door, and its signed addresses are worth nothing."""
    here = Desk(two_tenants, ADDRESS, WOUTER)
    case = here.mail_from(LOTTE).case
    before = case.story
    token = case.mail_to(LOTTE, "registered").reply_to.partition("@")[0]
    for address in ("support@dtnext.example", f"{token}@dtnext.example"):
        arrival = here.mail_from(LOTTE, f"Re: [{case.reference}]", "Hello?", to=address)
        assert arrival.taken
        assert not arrival.has_case
    assert [refusal.tenant for refusal in here.refusals("unknown_sender")] == ["dtnext"] * 2
    assert case.story == before
