"""What the portal's reaction keeps of a case, read once for each state that it had."""

from functools import lru_cache

import msgspec
from case_portal.read_model.view import CaseView


@lru_cache(maxsize=2_000)
def view_of(state: bytes) -> CaseView:
    """The view in the state of a snapshot."""
    return msgspec.json.decode(state, type=CaseView)
