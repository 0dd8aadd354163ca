"""The desk of the example, in the simulated world."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from casefold.project import PROJECT

from tests.acceptance.complaints.people import ADDRESS, AUDITOR
from tests.support.desk.scenario import Desk
from tests.support.driver.several_tenants import side_by_side

FOLDER = PROJECT / "docs" / "examples" / "complaints"
MONDAY_AT_TEN = datetime.fromisoformat("2026-03-02T10:00+01:00")


@contextmanager
def desk_of(folder: Path) -> Iterator[Desk]:
    """The desk under the definition of a folder."""
    with side_by_side([folder], MONDAY_AT_TEN) as driver:
        yield Desk(driver, ADDRESS, AUDITOR)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with desk_of(FOLDER) as desk:
        yield desk
