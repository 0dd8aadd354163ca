"""Serializers of the people of a case for the API."""

from case_definition.lookup.reference import Reference
from case_events.contracts.parts import Person

from case_portal.core.principal import Principal
from case_portal.people.schemas import ConsultationResponse, WatcherResponse
from case_portal.read_model.view import ActorView, CaseView
from case_portal.web.serializers import name_of


def watchers_of(
    view: CaseView, principal: Principal, reference: Reference
) -> list[WatcherResponse]:
    """The watchers of the case; for agents and auditors, also the watchers of cases that were
    merged into it."""
    through = {"": view.people.watchers}
    if principal.sees_internal:
        through |= view.people.joined
    return [
        WatcherResponse(
            watcher=watcher,
            name=_watcher_name(watcher, person, view, reference),
            through=other,
        )
        for other, watchers in through.items()
        for watcher, person in watchers.items()
    ]


def _watcher_name(watcher: str, person: Person, view: CaseView, reference: Reference) -> str:
    kind, _, name = watcher.partition("/")
    if kind == "address":
        return person.name or person.address
    return name_of(reference, view.tenant, ActorView(kind, name))


def consultations_of(view: CaseView) -> list[ConsultationResponse]:
    """The questions to teams without an answer yet."""
    return [ConsultationResponse(id=one.id, team=one.team) for one in view.people.consultations]
