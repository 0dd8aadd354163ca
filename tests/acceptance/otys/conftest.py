"""The desk of otys, in both worlds. Where time moves, it is the simulated one."""

import pytest

from tests.acceptance.otys.people import ADDRESS, EVERYBODY, JOKE, TENANT
from tests.support.desk.tenancy import Tenancy

TENANCY = Tenancy(TENANT, ADDRESS, EVERYBODY, JOKE)
FOLDER, simulated = TENANCY.folder, TENANCY.simulated


@pytest.fixture
def tenancy() -> Tenancy:
    """Whose stories these are."""
    return TENANCY
