"""The kinds of logs that a history is read from."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from case_events.runtime.postgres import migrate
from case_workflow.adapters import MIGRATIONS

from tests.contract.history.logs import LogUnderTest, in_memory, in_postgres
from tests.support.real.servers import Databases


def prepare(url: str) -> None:
    """The tables of a workflow database."""
    asyncio.run(migrate(url, MIGRATIONS))


@pytest.fixture
def database(databases: Databases) -> str:
    """The URL of an empty workflow database."""
    return databases.fresh(prepare)


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.real)])
def log(request: pytest.FixtureRequest) -> Iterator[LogUnderTest]:
    """An empty log of each kind."""
    opened: AbstractContextManager[LogUnderTest]
    if request.param == "memory":
        opened = in_memory()
    else:
        opened = in_postgres(request.getfixturevalue("database"))
    with opened as log:
        yield log
