"""The upkeep of access: people who left lose it, and what operators did is recorded."""

import asyncio

from case_events.contracts.reference import EntryChanged
from case_events.contracts.security import AccessChanged
from case_portal.access.ports import Note
from case_portal.access.upkeep import UpkeepService
from case_portal.portal import Portal

from tests.unit.portal.access.test_getting_in import book_of
from tests.unit.portal.access.test_own_account import api, signed_in
from tests.unit.portal.portal_desk import portal_of_desk
from tests.unit.portal.portal_sample import record
from tests.unit.portal.security.test_security_log import recorded


def upkeep(portal: Portal, loaded: bool = True) -> UpkeepService:
    """The upkeep of a portal."""
    of = portal.access
    return UpkeepService(
        gate=of.gate, limiter=of.limiter, secret_source=of.secret_source,
        code_issuer=of.code_issuer, credentials=of.credentials, reference=of.reference,
        limits=of.limits, now=of.now, loaded=lambda: loaded,
    )  # fmt: skip


def test_the_access_of_whoever_left_ends_for_good() -> None:
    """D13: sessions and tokens do not come back to life with the person."""
    portal = portal_of_desk()
    client, token = signed_in(portal)
    other, _ = signed_in(portal, "kim")
    made = api(client, token, "POST", "/tokens", name="archive").json()["token"]

    def listed(active: bool) -> None:
        document = {"kind": "contact", "tenant": "here", "id": "bob", "name": "Bob",
                    "active": active, "customer": "acme", "email": "bob@acme.example",
                    "language": "en"}  # fmt: skip
        event = EntryChanged("contact", "bob", document)
        portal.reference.apply(record(event, version=0))

    listed(active=False)
    asyncio.run(upkeep(portal, loaded=False).end_of_people_who_left())
    assert book_of(portal).tokens
    asyncio.run(upkeep(portal).end_of_people_who_left())
    listed(active=True)
    for one in (token, made):
        assert api(client, one, "GET", "/cases").status_code == 401
    assert client.get("/").status_code == 303
    assert other.get("/").status_code == 200
    [ended] = [one for one in recorded(portal, AccessChanged) if one.actor.kind == "system"]
    assert (ended.data.change, ended.data.person) == ("access_ended", "bob")


def test_what_an_operator_did_is_published_once() -> None:
    portal = portal_of_desk()
    event = AccessChanged(change="account_opened", person_kind="agent", person="amy")
    book_of(portal).notes.append(Note(tenant="here", event=event))
    assert asyncio.run(upkeep(portal).publish_note())
    assert not asyncio.run(upkeep(portal).publish_note())
    [one] = recorded(portal)
    assert (one.tenant, one.actor.kind, one.channel) == ("here", "operator", "command")
