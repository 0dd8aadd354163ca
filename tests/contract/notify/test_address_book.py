"""C4: the states of addresses, whatever the order in which their changes are stored."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from case_notify.domain.address_state import AddressChange, AddressState, Standing

from tests.contract.notify.conftest import Open

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANNA = "anna@customer.example"


def change(standing: Standing | None, minute: int, tenant: str = "desk") -> AddressChange:
    """A change to Anna's address at a minute."""
    at = START + timedelta(minutes=minute)
    return AddressChange(tenant=tenant, address=ANNA, standing=standing, at=at)


def after(book: Open, *changes: AddressChange, tenant: str = "desk", address: str = ANNA) -> object:
    """The state of an address after these changes."""

    async def run() -> AddressState | None:
        async with book() as opened:
            for one in changes:
                await opened.change(one)
            return await opened.state(tenant, address)

    return asyncio.run(run())


def state(standing: Standing, minute: int) -> AddressState:
    return AddressState(standing, START + timedelta(minutes=minute))


def test_an_address_that_nothing_was_lost_at_has_no_state(book: Open) -> None:
    assert after(book) is None


def test_a_bounce_is_known_in_any_capitals_and_to_its_tenant_only(book: Open) -> None:
    hard = change("hard", 1)
    assert after(book, hard, address=ANNA.upper()) == state("hard", 1)
    assert after(book, hard, tenant="other") is None


def test_a_soft_bounce_leaves_a_dead_address_dead(book: Open) -> None:
    assert after(book, change("soft", 1)) == state("soft", 1)
    assert after(book, change("hard", 1), change("soft", 2)) == state("hard", 2)


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_mended_address_has_no_state_in_any_order(book: Open, order: tuple[int, ...]) -> None:
    changes = [change("hard", 1), change(None, 2)]
    assert after(book, *(changes[place] for place in order), changes[order[0]]) is None


def test_a_bounce_after_the_mending_counts_anew(book: Open) -> None:
    changes = (change("hard", 1), change(None, 2), change("soft", 3))
    assert after(book, *changes) == state("soft", 3)
