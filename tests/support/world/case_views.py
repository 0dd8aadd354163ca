"""The view of a case in the state of the portal's reaction, decoded once for each state."""

from functools import lru_cache

import msgspec
from case_portal.read_model.view import CaseView


@lru_cache(maxsize=2_000)
def view_of(state: bytes) -> CaseView:
    """The view in the state of a snapshot."""
    return msgspec.json.decode(state, type=CaseView)
