"""Who takes part in a case beside its contact and its agent."""

from case_events.contracts.base import Event
from case_events.contracts.people import (
    ConsultationAnswered,
    ConsultationRequested,
    ConsultationWithdrawn,
    WatcherAdded,
    WatcherRemoved,
)
from msgspec import Struct
from msgspec.structs import replace

CHANGES = (
    ConsultationAnswered,
    ConsultationRequested,
    ConsultationWithdrawn,
    WatcherAdded,
    WatcherRemoved,
)


class People(Struct, frozen=True, omit_defaults=True):
    """The watchers as the history names them, and the team of each open consultation by its id."""

    watchers: tuple[str, ...] = ()
    consultations: dict[str, str] = {}


def fold_people(people: People, event: Event, version: int) -> People:
    """The people after one more event."""
    match event:
        case WatcherAdded(watcher=watcher):
            return replace(people, watchers=(*people.watchers, watcher))
        case WatcherRemoved(watcher=watcher):
            return replace(people, watchers=tuple(w for w in people.watchers if w != watcher))
        case ConsultationRequested(consultation=consultation, team=team):
            return replace(people, consultations=people.consultations | {consultation: team})
        case (
            ConsultationAnswered(consultation=consultation)
            | ConsultationWithdrawn(consultation=consultation)
        ):
            left = {key: team for key, team in people.consultations.items() if key != consultation}
            return replace(people, consultations=left)
        case _:
            return people
