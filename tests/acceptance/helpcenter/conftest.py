"""The desk of helpcenter, in both worlds. Where time moves, it is the simulated one."""

import pytest

from tests.acceptance.helpcenter.people import ADDRESS, EVERYBODY, GEERT, TENANT
from tests.support.desk.tenancy import Tenancy

TENANCY = Tenancy(TENANT, ADDRESS, EVERYBODY, GEERT)
FOLDER, simulated = TENANCY.folder, TENANCY.simulated


@pytest.fixture
def tenancy() -> Tenancy:
    """Whose stories these are."""
    return TENANCY
