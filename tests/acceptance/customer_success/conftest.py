"""The desk of customer-success, in both worlds. Where time moves, it is the simulated one."""

import pytest

from tests.acceptance.customer_success.people import ADDRESS, EVERYBODY, TENANT, WOUTER
from tests.support.desk.tenancy import Tenancy

TENANCY = Tenancy(TENANT, ADDRESS, EVERYBODY, WOUTER)
FOLDER, simulated = TENANCY.folder, TENANCY.simulated


@pytest.fixture
def tenancy() -> Tenancy:
    """Whose stories these are."""
    return TENANCY
