"""What every store of arrivals does (C1, C2, C4, C16)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from case_intake.application.ports import InboundRecord, InboundRepository, StoredAnswer
from case_intake.domain.inbound import NumberedCase, Thread

from tests.contract.intake.inbound_stores import Open

T = TypeVar("T")
CASE = NumberedCase(UUID(int=7), "D-2026-0007", "acme", "anna")
OTHER = NumberedCase(UUID(int=8), "D-2026-0008", "acme", "ben")


def within(store: Open, do: Callable[[InboundRepository], Awaitable[T]]) -> T:
    """Do it in one transaction that is kept."""

    async def one() -> T:
        async with store() as arrivals:
            return await do(arrivals)

    return asyncio.run(one())


def arrived(tenant: str = "desk", digest: str = "d", channel: str = "mail") -> InboundRecord:
    """A mail that made a case."""
    return InboundRecord(
        id=uuid4(),
        tenant=tenant,
        channel=channel,
        message_id="1@x",
        digest=digest,
        raw="sha",
        received_at=datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC),
        outcome="case",
        case=CASE.id,
        reference=CASE.reference,
    )


def keep_cases(store: Open) -> None:
    """Know two cases of one tenant."""

    async def keep(arrivals: InboundRepository) -> None:
        await arrivals.save_case("desk", CASE)
        await arrivals.save_case("desk", OTHER)

    within(store, keep)


def test_what_came_in_is_known_by_its_id_to_its_tenant_alone_c2_c16(store: Open) -> None:
    kept = arrived()
    assert not within(store, lambda a: a.exists("desk", kept.id))
    within(store, lambda a: a.save(kept))
    assert within(store, lambda a: a.exists("desk", kept.id))
    assert not within(store, lambda a: a.exists("second", kept.id))
    assert not within(store, lambda a: a.exists("desk", uuid4()))


def test_a_mail_is_found_by_tenant_id_and_body_c1_c16(store: Open) -> None:
    kept = arrived()
    within(store, lambda a: a.save(kept))
    assert within(store, lambda a: a.mail("desk", "1@x", "d")) == kept
    for other in [("second", "1@x", "d"), ("desk", "2@x", "d"), ("desk", "1@x", "e")]:
        assert within(store, lambda a, other=other: a.mail(*other)) is None  # type: ignore[misc]


def test_posts_are_no_mails_and_may_be_alike_c1(store: Open) -> None:
    for _ in range(2):
        within(store, lambda a: a.save(arrived(channel="portal")))
    assert within(store, lambda a: a.mail("desk", "1@x", "d")) is None


def test_numbers_count_per_tenant_and_year_c2(store: Open) -> None:
    def number(tenant: str, year: int) -> int:
        return within(store, lambda a: a.next_number(tenant, year))

    assert [number("desk", 2026), number("desk", 2026)] == [1, 2]
    assert [number("second", 2026), number("desk", 2027)] == [1, 1]


def test_numbers_given_at_once_are_different_c2(store: Open) -> None:
    async def number() -> int:
        async with store() as arrivals:
            return await arrivals.next_number("desk", 2026)

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(number() for _ in range(10)))

    assert sorted(asyncio.run(all_at_once())) == list(range(1, 11))


def test_what_fails_leaves_nothing_c1(store: Open) -> None:
    async def fail(arrivals: InboundRepository) -> None:
        await arrivals.save(arrived())
        await arrivals.next_number("desk", 2026)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        within(store, fail)
    assert within(store, lambda a: a.mail("desk", "1@x", "d")) is None
    assert within(store, lambda a: a.next_number("desk", 2026)) == 1


def test_a_case_is_found_by_id_within_its_tenant_c16(store: Open) -> None:
    keep_cases(store)
    assert within(store, lambda a: a.case("desk", CASE.id)) == CASE
    assert within(store, lambda a: a.case("second", CASE.id)) is None


def test_a_case_is_found_by_the_first_known_reference_in_any_capitals_c4(store: Open) -> None:
    keep_cases(store)
    names = ["D-2026-9999", "d-2026-0008", "D-2026-0007"]
    assert within(store, lambda a: a.case_by_reference("desk", names)) == OTHER
    assert within(store, lambda a: a.case_by_reference("second", names)) is None
    assert within(store, lambda a: a.case_by_reference("desk", [])) is None


def test_the_last_known_message_of_a_thread_counts_c4(store: Open) -> None:
    keep_cases(store)

    async def keep(arrivals: InboundRepository) -> None:
        await arrivals.save_thread("desk", "1@x", CASE.id, True)
        await arrivals.save_thread("desk", "2@x", OTHER.id, False)
        await arrivals.save_thread("desk", "1@x", OTHER.id, False)

    within(store, keep)
    ids = ["1@x", "2@x", "3@x"]
    assert within(store, lambda a: a.thread("desk", ids)) == Thread(OTHER, False)
    assert within(store, lambda a: a.thread("desk", ids[:1])) == Thread(CASE, True)
    assert within(store, lambda a: a.thread("second", ids)) is None
    assert within(store, lambda a: a.thread("desk", [])) is None


def test_an_answer_is_found_by_who_asked_and_key_c1_c16(store: Open) -> None:
    answered = StoredAnswer(digest="d", case=CASE.id, reference=CASE.reference)
    within(store, lambda a: a.save_answer("desk", "contact/anna", "k", answered))
    assert within(store, lambda a: a.answer("desk", "contact/anna", "k")) == answered
    assert within(store, lambda a: a.answer("desk", "contact/ben", "k")) is None
    assert within(store, lambda a: a.answer("second", "contact/anna", "k")) is None


def test_who_works_under_one_key_works_alone_c1(store: Open) -> None:
    async def once() -> bool:
        async with store() as arrivals:
            await arrivals.lock("mail/desk/1@x/d")
            if await arrivals.mail("desk", "1@x", "d"):
                return False
            await arrivals.save(arrived())
            return True

    async def all_at_once() -> list[bool]:
        return await asyncio.gather(*(once() for _ in range(8)))

    assert sum(asyncio.run(all_at_once())) == 1
