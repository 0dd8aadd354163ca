"""The watchers and open consultations of a case."""

from uuid import UUID

from case_events.contracts.base import Event
from case_events.contracts.links import WatchersJoined
from case_events.contracts.parts import Person
from case_events.contracts.people import (
    ConsultationAnswered,
    ConsultationRequested,
    ConsultationWithdrawn,
    WatcherAdded,
    WatcherRemoved,
)
from case_events.contracts.unregistered import joined_watchers
from msgspec import Struct
from msgspec.structs import replace

PEOPLE_EVENTS = (
    ConsultationAnswered,
    ConsultationRequested,
    ConsultationWithdrawn,
    WatcherAdded,
    WatcherRemoved,
    WatchersJoined,
)


class CasePeople(Struct, frozen=True, omit_defaults=True):
    """The watchers by the keys in the history, and the team of each open consultation by its id.

    `persons` are the watchers in no directory. `joined` are the watchers of the cases that were
    merged into this one, by case.
    """

    watchers: tuple[str, ...] = ()
    consultations: dict[str, str] = {}
    persons: dict[str, Person] = {}
    joined: dict[str, dict[str, Person]] = {}

    def following(self, without: UUID | None = None) -> dict[str, Person]:
        """All watchers, with the person if no directory has them. Watchers who came only with the
        case `without` are left out."""
        found = {watcher: self.persons.get(watcher, Person()) for watcher in self.watchers}
        for case, joined in self.joined.items():
            if case != str(without):
                found |= joined
        return found


def fold_people(people: CasePeople, event: Event, version: int) -> CasePeople:
    """The people after one more event."""
    match event:
        case WatcherAdded(watcher=watcher, personal=person):
            known = {watcher: person} if person.address else {}
            watchers = (*people.watchers, watcher)
            return replace(people, watchers=watchers, persons=people.persons | known)
        case WatcherRemoved(watcher=watcher):
            watchers = tuple(one for one in people.watchers if one != watcher)
            persons = {key: one for key, one in people.persons.items() if key != watcher}
            return replace(people, watchers=watchers, persons=persons)
        case WatchersJoined():
            return replace(people, joined=_joined(people, event))
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


def _joined(people: CasePeople, event: WatchersJoined) -> dict[str, dict[str, Person]]:
    joined = {case: them for case, them in people.joined.items() if case != str(event.case)}
    if event.watchers:
        joined[str(event.case)] = joined_watchers(event)
    return joined
