"""The desk of dtnext, in both worlds. Where a story moves time, it plays in the simulated one."""

import pytest

from tests.acceptance.dtnext.people import ADDRESS, EVERYBODY, HENDRIK, TENANT
from tests.support.desk.tenancy import Tenancy

TENANCY = Tenancy(TENANT, ADDRESS, EVERYBODY, HENDRIK)
FOLDER, simulated = TENANCY.folder, TENANCY.simulated


@pytest.fixture
def tenancy() -> Tenancy:
    """Whose stories these are."""
    return TENANCY
