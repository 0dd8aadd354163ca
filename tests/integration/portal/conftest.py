"""A PostgreSQL for the portal's tables, and two tenants alike who have written all sorts."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from casefold.project import PROJECT
from casefold.samples import read_sample

from tests.support.isolation.desks import World, world

FOLDER = PROJECT / "deploy" / "tenants" / read_sample().logins[0].account.tenant
MONDAY = datetime.fromisoformat("2026-03-02T09:30:00+01:00")


@pytest.fixture(scope="session")
def played() -> Iterator[World]:
    """Two tenants alike, and all that they wrote."""
    with world(FOLDER, MONDAY) as made:
        yield made
