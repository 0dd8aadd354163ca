"""The stores that have to keep the contract."""

import asyncio

import pytest

from tests.contract.intake.inbound_stores import Open, in_memory, in_postgres, prepare
from tests.support.real.servers import Databases


def _prepared(url: str) -> None:
    asyncio.run(prepare(url))


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.real)])
def store(request: pytest.FixtureRequest) -> Open:
    """An empty store of arrivals."""
    if request.param == "memory":
        return in_memory()
    made: Databases = request.getfixturevalue("databases")
    return in_postgres(made.fresh(_prepared))
