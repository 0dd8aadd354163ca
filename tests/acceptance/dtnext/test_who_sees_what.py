"""C5, C16: a contact sees own cases, colleagues' where the definition says so, and no more."""

import copy

import pytest
from case_definition.publishing.loading import TenantDocuments, load_tenant
from case_definition.schema.directory import Entry
from casefold.publishing import entries_of, terms_of
from msgspec.structs import replace

from tests.acceptance.dtnext.conftest import FOLDER
from tests.acceptance.dtnext.people import (
    ANOUK,
    FATIMA,
    GRACE,
    HENDRIK,
    JOOST,
    OLIVIA,
    PIETER,
    SANNE,
)
from tests.support.desk.scenario import Desk
from tests.support.desk.values import Person
from tests.support.desk.visibility import may_only_read
from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.reference_data import publish

pytestmark = pytest.mark.acceptance


@pytest.mark.main_path
def test_contacts_see_their_own_cases(desk: Desk) -> None:
    """C5: a normal contact has their own, no colleague's; who sees more has both."""
    own, colleagues = desk.mail_from(GRACE).case, desk.mail_from(PIETER).case
    assert own.seen_by(GRACE) is not None
    assert colleagues.seen_by(GRACE) is None
    seen = desk.cases_of(GRACE)
    assert own.reference in seen
    assert colleagues.reference not in seen
    assert {own.reference, colleagues.reference} <= set(desk.cases_of(ANOUK))


@pytest.mark.main_path
def test_a_key_contact_sees_colleagues_cases(desk: Desk) -> None:
    """C5: because the definition says so of that role."""
    case = desk.mail_from(GRACE).case
    assert case.seen_by(ANOUK) is not None
    assert case.reference in desk.cases_of(ANOUK)
    case.contact(ANOUK).comments("I see it too.")
    assert case.event("comment_added").who.id == ANOUK.id


@pytest.mark.main_path
@pytest.mark.parametrize("outsider", [JOOST, OLIVIA, FATIMA], ids=lambda who: who.id)
@pytest.mark.by_platform("C5")
def test_nothing_of_another_customer_exists(desk: Desk, outsider: Person) -> None:
    """C5, C16: not the case, its history, its files, nor anything to ask of it."""
    case = desk.mail_from(ANOUK).case
    assert case.seen_by(outsider) is None
    assert desk.driver.history(outsider, case.reference) is None
    assert case.reference not in desk.cases_of(outsider)
    for answer in (
        case.contact(outsider).tries.comments("Let me in."),
        case.contact(outsider).tries.cancels(),
    ):
        assert (answer.status, answer.code) == ("refused", "unknown_case")
    assert case.status == "open"


@pytest.mark.main_path
@pytest.mark.by_platform("C5")
def test_contacts_never_see_internal_notes(desk: Desk) -> None:
    """C5: nor what the desk's machinery says; agents and auditors see all."""
    case = desk.mail_from(ANOUK).case
    case.agent(SANNE).notes("This customer is always in a hurry.")
    own = case.history_for(ANOUK)
    assert all("hurry" not in entry.text for entry in own)
    assert not {"deadline_set", "notice_sent", "agreement_applied"} & {entry.type for entry in own}
    for reader in (SANNE, HENDRIK):
        assert any("hurry" in entry.text for entry in case.history_for(reader))
    assert all("hurry" not in letter.text for letter in case.mails_to(ANOUK))


@pytest.mark.by_platform("C5")
def test_an_auditor_reads_all_and_writes_nothing(desk: Desk) -> None:
    """C5, C16."""
    case = desk.mail_from(ANOUK).case
    may_only_read(case, HENDRIK)


def elsewhere() -> TenantDocuments:
    """A second tenant, with the same people under the same ids, and a mailbox of its own."""
    documents = copy.deepcopy(load_tenant(FOLDER))
    definition = dict(documents.definition) | {"tenant": "elsewhere"}
    definition["mail"] = dict(definition["mail"]) | {"receives": ["help@elsewhere.example"]}
    moved: list[Entry] = [replace(entry, tenant="elsewhere") for entry in documents.directory]
    return TenantDocuments(
        definition=definition,
        agreements=tuple(dict(one) | {"tenant": "elsewhere"} for one in documents.agreements),
        directory=tuple(moved),
    )


def test_nothing_of_another_tenant_exists(world: SimulatedDriver, timed_desk: Desk) -> None:
    """C16: same ids, same addresses, same references: two tenants never meet."""
    documents = elsewhere()
    for published in (*terms_of(documents), *entries_of(documents)):
        publish(world.reference, published)
    case = timed_desk.mail_from(ANOUK).case
    theirs = timed_desk.mail_from(ANOUK, to="help@elsewhere.example")
    assert theirs.case.reference == case.reference
    for who in (ANOUK, SANNE, HENDRIK):
        there = Person("elsewhere", who.kind, who.id, who.address)
        for reader in (who, there):
            shown = case.seen_by(reader)
            assert shown is not None
            assert shown.definition == f"{reader.tenant}/1"
            assert len(timed_desk.cases_of(reader)) == 1
    confirmation = case.mails_to(ANOUK, "confirmation")[0]
    local = confirmation.reply_to.partition("@")[0]
    before = len(case.history)
    timed_desk.mail_from(ANOUK, "Re: token", "Wrong door.", to=f"{local}@elsewhere.example")
    assert len(case.history) == before
