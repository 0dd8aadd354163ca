"""Serializers of cases and their history for the API."""

from collections.abc import Sequence

from case_definition.lookup.reference import Reference
from case_events.contracts.unregistered import is_unregistered
from msgspec.structs import asdict

from case_portal.bounces.schemas import BouncedResponse
from case_portal.cases import schemas
from case_portal.commands.permissions import may_comment, steps_for
from case_portal.core.principal import Principal
from case_portal.links.serializers import link_model
from case_portal.people.serializers import consultations_of, watchers_of
from case_portal.progress.serializers import progress
from case_portal.read_model import view as read
from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import CaseView, HistoryEntry, LinkView
from case_portal.tags.permissions import may_tag
from case_portal.web.schemas import ActorResponse, Author
from case_portal.web.serializers import author_of, file_model, name_of


def summary(view: CaseView) -> schemas.CaseSummary:
    """A case in a list."""
    return schemas.CaseSummary.model_validate(view, from_attributes=True)


def desk_summary(view: CaseView, principal: Principal) -> schemas.DeskSummary:
    """A case in a list, as this principal may see it."""
    clock = view.pressing if principal.sees_internal else None
    shown = schemas.ClockModel(**asdict(clock)) if clock else None
    return schemas.DeskSummary(**summary(view).model_dump(), clock=shown)


def details(
    case: OpenCase, principal: Principal, reference: Reference, links: Sequence[LinkView]
) -> schemas.CaseDetails:
    """One case, with the commands that this principal may send, and the linked cases that they may
    see."""
    view = case.view
    clocks = view.clocks.values() if principal.sees_internal else ()
    return schemas.CaseDetails(
        **summary(view).model_dump(),
        channel=view.channel,
        definition=view.definition,
        fields=view.fields,
        agents=_agents_named(case, reference),
        attachments=[file_model(view.reference, file) for file in view.attachments],
        clocks=[schemas.ClockModel(**asdict(clock)) for clock in clocks],
        steps=steps(case, principal),
        may_comment=may_comment(principal, view, case.definition),
        links=[link_model(link) for link in links],
        weight=view.weight if principal.sees_internal else 0,
        unregistered=Author(address=view.unregistered.address, name=view.unregistered.name)
        if is_unregistered(view.contact)
        else None,
        watchers=watchers_of(view, principal, reference),
        tags=list(view.tags),
        may_tag=may_tag(principal, case),
        consultations=consultations_of(view),
        bounces=[BouncedResponse(**asdict(one)) for one in view.bounces.values()]
        if principal.sees_internal
        else [],
        **progress(case, principal).model_dump(),
    )


def _agents_named(case: OpenCase, reference: Reference) -> dict[str, str]:
    known, tenant = case.definition.fields, case.view.tenant
    return {
        name: name_of(reference, tenant, read.ActorView("agent", value))
        for name, value in case.view.fields.items()
        if value and name in known and known[name].type == "agent"
    }


def steps(case: OpenCase, principal: Principal) -> list[schemas.Step]:
    """The transitions that this principal may request now."""
    view, definition = case.view, case.definition
    return [
        schemas.Step(
            name=step.name,
            title=definition.name_of("transitions", step.name, principal.language),
            to=step.to,
            requires_comment=step.requires.comment,
            requires_fields=list(definition.required_by(step, view.case_type)),
        )
        for step in steps_for(principal, case)
    ]


def entry_model(
    entry: HistoryEntry, case_reference: str, tenant: str, reference: Reference
) -> schemas.HistoryEntryResponse:
    """One event of the history."""
    return schemas.HistoryEntryResponse(
        version=entry.version,
        type=entry.type,
        at=entry.at,
        recorded_at=entry.recorded_at,
        who=ActorResponse(**asdict(entry.who), name=author_of(reference, tenant, entry)),
        channel=entry.channel,
        internal=entry.internal,
        from_status=entry.before,
        to_status=entry.after,
        definition=entry.definition,
        record=entry.record,
        causation=entry.causation,
        text=entry.text,
        author=entry.author,
        files=[file_model(case_reference, file) for file in entry.files],
        what=entry.what,
    )
