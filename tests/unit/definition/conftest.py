from pathlib import Path

import pytest

from tests.unit.definition.sample_tenant import Tenant


@pytest.fixture
def tenant(tmp_path: Path) -> Tenant:
    """A sound tenant in a folder of its own."""
    return Tenant(tmp_path)
