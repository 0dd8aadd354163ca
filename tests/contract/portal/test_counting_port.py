"""The contract of the `CaseCounts` port (C13)."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from case_portal.read_model.parts import RatingView
from case_portal.read_model.view import CaseView
from case_portal.volumes.projection import Turn, Turned
from case_portal.volumes.queries import PostgresCounts
from case_portal.volumes.service import (
    Backlog,
    CaseCounts,
    OpenSelection,
    Rated,
    Selection,
    Volume,
)
from psycopg_pool import AsyncConnectionPool

from tests.contract.portal.conftest import _migrate
from tests.support.real.servers import Databases
from tests.support.world.volumes import CountedCase, SimulatedCounts

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
ZONE = "Europe/Amsterdam"
Ask = Callable[[CaseCounts], Any]
Count = Callable[[Sequence[CountedCase], Ask], Any]


def _memory(cases: Sequence[CountedCase], ask: Ask) -> Any:
    return asyncio.run(ask(SimulatedCounts(lambda: cases)))


def _real(url: str) -> Count:
    async def keep(pool: AsyncConnectionPool, cases: Sequence[CountedCase]) -> None:
        async with pool.connection() as db, db.cursor() as cursor:
            await cursor.execute("delete from snapshots")
            await cursor.execute("delete from documents")
            for place, (view, turns) in enumerate(cases, 1):
                await cursor.execute(
                    "insert into snapshots (case_id, partition, version, digest, state)"
                    " values (%s, 0, 1, '', %s::jsonb)",
                    [UUID(int=place), msgspec.json.encode(view).decode()],
                )
                for version, turn in enumerate(turns, 1):
                    document = {"tenant": view.tenant} | msgspec.to_builtins(turn)
                    await cursor.execute(
                        "insert into documents (case_id, key, document) values (%s, %s, %s::jsonb)",
                        [UUID(int=place), f"turn:{version:08}",
                         msgspec.json.encode(document).decode()],
                    )  # fmt: skip

    async def count(cases: Sequence[CountedCase], ask: Ask) -> Any:
        async with AsyncConnectionPool(url, min_size=1, max_size=1, open=False) as pool:
            await keep(pool, cases)
            return await ask(PostgresCounts(pool))

    return lambda cases, ask: asyncio.run(count(cases, ask))


@pytest.fixture(params=["memory", pytest.param("real", marks=pytest.mark.real)])
def count(request: pytest.FixtureRequest) -> Count:
    """The counting of either kind."""
    if request.param == "memory":
        return _memory
    known: Databases = request.getfixturevalue("databases")
    return _real(known.fresh(_migrate))


def case(day: float = 1, *turns: tuple[Turned, float], **other: Any) -> CountedCase:
    known: dict[str, Any] = {
        "tenant": "here", "reference": "H-1", "customer": "acme", "contact": "ann",
        "case_type": "question", "priority": "P2", "channel": "mail", "team": "desk",
        "status": "open", "created_at": MARCH + timedelta(days=day),
    }  # fmt: skip
    view = CaseView(**(known | other))
    return view, tuple(Turn(kind=kind, at=MARCH + timedelta(days=at)) for kind, at in turns)


def rated(stars: int, day: float, **other: Any) -> CountedCase:
    return case(rating=RatingView(stars=stars, rated_at=MARCH + timedelta(days=day)), **other)


def march(**other: Any) -> Selection:
    known: dict[str, Any] = {"tenant": "here", "since": MARCH, "until": MARCH + timedelta(days=31)}
    return Selection(**(known | other))


def open_at(day: float, **other: Any) -> OpenSelection:
    return OpenSelection(tenant="here", at=MARCH + timedelta(days=day), **other)


def test_what_happened_in_a_period_is_counted(count: Count) -> None:
    """C13, C16: of a case that came before, what happened to it within."""
    cases = [
        case(1, ("solved", 2), ("reopened", 3), ("solved", 4), ("closed", 5)),
        case(-9, ("closed", 0), ("reopened", 31)),
        case(1, ("closed", 2), tenant="there"),
        case(31),
    ]
    found = count(cases, lambda counts: counts.volumes(march()))
    assert found == [Volume(group=(), came=1, solved=2, closed=2, reopened=1)]
    assert count([], lambda counts: counts.volumes(march())) == []


def test_volumes_are_grouped_and_narrowed_down(count: Count) -> None:
    """C13: half past eleven in the evening in London is the next day in Amsterdam."""
    cases = [
        case(28.98, ("closed", 30), channel="phone"),
        case(3, customer="globex", priority="P1"), case(3, team="other"),
    ]  # fmt: skip
    asked = march(by=("customer", "day"), zone=ZONE, only={"team": ("desk", "none")})
    assert count(cases, lambda counts: counts.volumes(asked)) == [
        Volume(group=("acme", "2026-03-30"), came=1),
        Volume(group=("acme", "2026-03-31"), closed=1),
        Volume(group=("globex", "2026-03-04"), came=1),
    ]
    asked = march(by=("priority", "channel", "week", "month"), only={"priority": ("P1",)})
    assert [line.group for line in count(cases, lambda counts: counts.volumes(asked))] == [
        ("P1", "mail", "2026-W10", "2026-03")
    ]


def test_the_backlog_is_of_a_moment_by_age(count: Count) -> None:
    """C13: what was open then, whatever it is now; the oldest first."""
    cases = [
        case(-120, customer="globex"), case(-40, ("closed", 9.5)), case(3), case(9.5),
        case(8, ("solved", 8.5)), case(2, ("closed", 3), ("reopened", 4)), case(11),
        case(9, tenant="there"),
    ]  # fmt: skip
    asked = open_at(10, by=("customer",))
    assert count(cases, lambda counts: counts.backlog(asked)) == [
        Backlog(group=("globex",), ages=(0, 0, 0, 0, 1), oldest=MARCH - timedelta(days=120)),
        Backlog(group=("acme",), ages=(1, 0, 2, 0, 0), oldest=MARCH + timedelta(days=2)),
    ]
    (then,) = count(cases, lambda counts: counts.backlog(open_at(9, only={"customer": ("acme",)})))
    assert (then.ages, then.total) == ((0, 1, 1, 1, 0), 3)
    (of_status,) = count(cases, lambda counts: counts.backlog(open_at(12, by=("status",))))
    assert (of_status.group, of_status.total) == (("open",), 5)


def test_the_mean_of_stars_is_an_exact_fraction(count: Count) -> None:
    """C13: a case counts by its last rating, in the period in which that was given."""
    cases = [
        rated(5, 2), rated(4, 3), rated(4, 30), rated(1, 31), rated(1, 2, tenant="there"), case(),
        rated(2, 5, customer="globex", agent="amy"),
    ]  # fmt: skip
    asked = march(by=("customer", "month"), zone=ZONE)
    acme, globex = count(cases, lambda counts: counts.ratings(asked))
    assert acme == Rated(group=("acme", "2026-03"), cases=3, stars=13)
    assert (acme.mean, globex.mean) == ("4.33", "2.00")
    of_amy = march(by=("agent", "team", "case_type"), only={"agent": ("amy",)})
    assert count(cases, lambda counts: counts.ratings(of_amy)) == [
        Rated(group=("amy", "desk", "question"), cases=1, stars=2)
    ]


def test_cases_are_grouped_by_what_a_field_says(count: Count) -> None:
    """C13: by now; where nothing is filled in, the group is empty."""
    founded = {"fields": {"outcome": "founded", "kind": "noise"}}
    cases = [case(2, ("closed", 3), **founded), case(3), rated(5, 4, **founded)]
    asked = march(by=("fields.outcome", "customer"))
    assert count(cases, lambda counts: counts.volumes(asked)) == [
        Volume(group=("", "acme"), came=1),
        Volume(group=("founded", "acme"), came=2, closed=1),
    ]
    assert count(cases, lambda counts: counts.ratings(march(by=("fields.kind",)))) == [
        Rated(group=("noise",), cases=1, stars=5)
    ]
    left = count(cases, lambda counts: counts.backlog(open_at(5, by=("fields.outcome",))))
    assert [(line.group, line.total) for line in left] == [(("founded",), 1), (("",), 1)]
