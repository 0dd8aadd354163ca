"""Intake's ways in, over a real PostgreSQL."""

import asyncio

import pytest

from tests.contract.intake.inbound_stores import prepare
from tests.support.real.servers import Databases


def _prepared(url: str) -> None:
    asyncio.run(prepare(url))


@pytest.fixture
def database(databases: Databases) -> str:
    """The URL of a database with intake's tables."""
    return databases.fresh(_prepared)
