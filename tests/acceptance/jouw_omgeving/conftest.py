"""The desk of jouw-omgeving, in both worlds. Where time moves, it is the simulated one."""

import pytest

from tests.acceptance.jouw_omgeving.people import ADDRESS, EVERYBODY, MARLEEN, TENANT
from tests.support.desk.tenancy import Tenancy

TENANCY = Tenancy(TENANT, ADDRESS, EVERYBODY, MARLEEN)
FOLDER, simulated = TENANCY.folder, TENANCY.simulated


@pytest.fixture
def tenancy() -> Tenancy:
    """Whose stories these are."""
    return TENANCY
