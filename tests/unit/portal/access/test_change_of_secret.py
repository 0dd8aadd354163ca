"""C16: while the secret is changed, what was signed before is accepted; after it, no more."""

import asyncio
import json
import re
from dataclasses import replace
from uuid import UUID

from case_events.keyring import Keyring, keyring_of
from case_events.testing.keys import SECRET, SECRET_TEXT
from case_events.tokens.thread import message_id, read_token, reply_address
from case_portal.access.code_issuer import ValidCode
from case_portal.portal import Portal
from case_portal.web.site import SEED

from tests.unit.portal.access.test_getting_in import given_code
from tests.unit.portal.portal_desk import browser, portal_of_desk

CASE = UUID(int=7)
OLD, NEW = {"old": SECRET_TEXT}, {"new": "1e5e" * 16}
BOTH = [keyring_of(json.dumps(held)) for held in (OLD | NEW, NEW | OLD)]
AFTER = keyring_of(json.dumps(NEW))


def _with(portal: Portal, secret: Keyring) -> Portal:
    access = portal.access
    issuer = replace(access.code_issuer, secret=secret)
    return replace(portal, secret=secret, access=replace(access, code_issuer=issuer))


def test_codes_that_were_mailed_before_it() -> None:
    portal = portal_of_desk()
    code = given_code(portal, "reset")

    async def is_valid(secret: Keyring) -> bool:
        access = _with(portal, secret).access
        async with access.gate.open() as transaction:
            found = await access.code_issuer.entitled(transaction, code, "reset")
        return isinstance(found, ValidCode)

    assert [asyncio.run(is_valid(secret)) for secret in (SECRET, *BOTH, AFTER)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_forms_that_were_opened_before_it() -> None:
    portal = portal_of_desk()
    client = browser(portal=portal)
    found = re.search(r'name="form_token" value="(\w+)"', client.get("/access/forgot").text)
    assert found is not None
    for secret, status in ((SECRET, 200), (BOTH[0], 200), (BOTH[1], 200), (AFTER, 403)):
        later = browser(portal=_with(portal, secret))
        later.cookies.set(SEED, client.cookies[SEED])
        form = {"form_token": found[1], "user": "bob"}
        assert later.post("/access/forgot", data=form).status_code == status


def test_addresses_and_message_ids_that_went_out_before_it() -> None:
    sent = [
        reply_address(SECRET, "here", CASE, "help@here.example", public=True),
        message_id(SECRET, "here", CASE, "1", "here.example", public=True),
    ]
    for text in sent:
        found = read_token(SECRET, "here", text)
        assert found is not None
        assert [read_token(secret, "here", text) for secret in BOTH] == [found, found]
        assert read_token(AFTER, "here", text) is None
    assert reply_address(BOTH[1], "here", CASE, "a@b.example", public=True) == reply_address(
        AFTER, "here", CASE, "a@b.example", public=True
    )
