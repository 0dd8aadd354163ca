"""The people of a case, as readers see them."""

from case_events.contracts.base import Event
from case_events.contracts.links import WatchersJoined
from case_events.contracts.people import (
    ConsultationAnswered,
    ConsultationRequested,
    ConsultationWithdrawn,
    WatcherAdded,
    WatcherRemoved,
)
from case_events.contracts.unregistered import joined_watchers
from case_events.envelope import Record
from msgspec.structs import replace

from case_portal.read_model.parts import OpenConsultation, Participants

CHANGES = (
    ConsultationAnswered,
    ConsultationRequested,
    ConsultationWithdrawn,
    WatcherAdded,
    WatcherRemoved,
    WatchersJoined,
)


def follow_people(people: Participants, event: Event, record: Record) -> Participants:
    """The people of a case after one more event."""
    match event:
        case WatcherAdded(watcher=watcher, personal=person):
            return replace(people, watchers=people.watchers | {watcher: person})
        case WatcherRemoved(watcher=watcher):
            left = {key: one for key, one in people.watchers.items() if key != watcher}
            return replace(people, watchers=left)
        case WatchersJoined(reference=reference):
            joined = {key: them for key, them in people.joined.items() if key != reference}
            if event.watchers:
                joined[reference] = joined_watchers(event)
            return replace(people, joined=joined)
        case ConsultationRequested(consultation=consultation, team=team):
            asked = OpenConsultation(consultation, team)
            return replace(people, consultations=(*people.consultations, asked))
        case (
            ConsultationAnswered(consultation=consultation)
            | ConsultationWithdrawn(consultation=consultation)
        ):
            open_ = tuple(one for one in people.consultations if one.id != consultation)
            return replace(people, consultations=open_)
        case _:
            return people
