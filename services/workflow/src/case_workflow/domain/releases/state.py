"""The release that a case is planned for."""

from case_events.contracts.releases import CaseReleased, ReleasePlanned, ReleaseSlipped
from msgspec import Struct
from msgspec.structs import replace


class PlannedRelease(Struct, frozen=True):
    """The planned week of the case's release; empty if none is planned. `released`: it is out."""

    week: str = ""
    released: bool = False


def fold_release(
    planned: PlannedRelease, event: ReleasePlanned | ReleaseSlipped | CaseReleased, version: int
) -> PlannedRelease:
    """The plan after one more event."""
    if isinstance(event, CaseReleased):
        return replace(planned, released=True)
    return PlannedRelease(event.week)
