"""Cases, entries and commands as the API gives them."""

from collections.abc import Sequence

from case_definition.reference import Reference
from case_events.contracts.parts import Person
from case_events.strangers import is_stranger
from msgspec.structs import asdict

from case_portal.cases import schemas as models
from case_portal.commands.permissions import may_comment, may_rate, phases_for, steps_for
from case_portal.core.principal import Principal
from case_portal.progress import schemas as progress_models
from case_portal.read_model.ports import Asked, KeptRefusal
from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import CaseView, Entry, File, LinkTold, Who


def name_of(reference: Reference, tenant: str, who: Who) -> str:
    """What a person is called; for the platform itself, the tenant's name."""
    find = {"contact": reference.contact, "agent": reference.agent, "auditor": reference.auditor}
    look_up = find.get(who.kind)
    person = look_up(tenant, who.id) if look_up else None
    if person is not None:
        return person.name
    definition = reference.newest(tenant)
    if who.kind == "system" and definition is not None:
        return definition.document.name
    return who.id


def author_of(reference: Reference, tenant: str, entry: Entry) -> str:
    """Who did it, by name; for who is in no directory, the one that they gave."""
    name = name_of(reference, tenant, entry.who)
    return name if entry.who.is_listed else entry.author or name


def file_href(case_reference: str, file: File) -> str:
    """Where an attachment is."""
    return f"/api/v1/cases/{case_reference}/attachments/{file.sha256}"


def file_model(case_reference: str, file: File) -> models.FileModel:
    """An attachment."""
    told = asdict(file)
    del told["internal"]
    return models.FileModel(**told, href=file_href(case_reference, file))


def summary(view: CaseView) -> models.CaseSummary:
    """A case in a list."""
    return models.CaseSummary.model_validate(view, from_attributes=True)


def desk_summary(view: CaseView, principal: Principal) -> models.DeskSummary:
    """A case in a list, as this principal may see it."""
    clock = view.pressing if principal.sees_internal else None
    shown = models.ClockModel(**asdict(clock)) if clock else None
    return models.DeskSummary(**summary(view).model_dump(), clock=shown)


def refusal_model(kept: KeptRefusal, tenant: str, reference: Reference) -> models.RefusalModel:
    """A refusal, and where what arrived is."""
    told = asdict(kept.refusal)
    who, author, raw = kept.refusal.who, kept.refusal.author, told.pop("raw")
    return models.RefusalModel(
        **{name: value for name, value in told.items() if name in models.RefusalModel.model_fields}
        | {
            "who": models.Who(**asdict(who), name=name_of(reference, tenant, who)),
            "author": models.Author(**asdict(author)),
            "reference": kept.reference,
            "href": f"/api/v1/refusals/{kept.refusal.id}/raw" if raw else "",
        }
    )


def link_model(link: LinkTold) -> models.LinkModel:
    """Another case that one has to do with."""
    return models.LinkModel(
        kind=link.kind, direction=link.direction, reference=link.reference, at=link.at
    )


def details(
    case: OpenCase, principal: Principal, reference: Reference, links: Sequence[LinkTold]
) -> models.CaseDetails:
    """One case, with what this principal may ask of it, and the others they may see."""
    view = case.view
    clocks = view.clocks.values() if principal.sees_internal else ()
    return models.CaseDetails(
        **summary(view).model_dump(),
        channel=view.channel,
        definition=view.definition,
        fields=view.fields,
        agents=_agents_named(case, reference),
        attachments=[file_model(view.reference, file) for file in view.attachments],
        clocks=[models.ClockModel(**asdict(clock)) for clock in clocks],
        steps=steps(case, principal),
        may_comment=may_comment(principal, view, case.definition),
        links=[link_model(link) for link in links],
        weight=view.weight if principal.sees_internal else 0,
        stranger=models.Author(address=view.stranger.address, name=view.stranger.name)
        if is_stranger(view.contact)
        else None,
        watchers=_watchers(view, principal, reference),
        consultations=[
            models.Consultation(id=one.id, team=one.team) for one in view.people.consultations
        ],
        **progress(case, principal).model_dump(),
    )


def _agents_named(case: OpenCase, reference: Reference) -> dict[str, str]:
    known, tenant = case.definition.fields, case.view.tenant
    return {
        name: name_of(reference, tenant, Who("agent", value))
        for name, value in case.view.fields.items()
        if value and name in known and known[name].type == "agent"
    }


def progress(case: OpenCase, principal: Principal) -> progress_models.Progress:
    """How far the work on a case has come, as this principal may see it."""
    view, definition, language = case.view, case.definition, principal.language
    phases = [
        progress_models.PhaseModel(
            name=phase.name,
            title=definition.name_of("phases", phase.name, language),
            status=phase.status or "",
            requires_comment=phase.requires.comment,
            requires_fields=list(definition.required_by(phase, view.case_type)),
        )
        for phase in phases_for(principal, case)
    ]
    decisions = [
        progress_models.DecisionModel(
            decision=name,
            title=definition.name_of("decisions", name, language),
            state=one.state,
            asked_at=one.asked_at,
            decided_at=one.decided_at,
        )
        for name, one in view.decisions.items()
    ]
    return progress_models.Progress(
        phase=view.phase,
        phases=phases,
        release=_release(view),
        rating=progress_models.RatingModel(**asdict(view.rating)) if view.rating else None,
        may_rate=may_rate(principal, view, definition),
        decisions=decisions,
    )


def _release(view: CaseView) -> progress_models.ReleaseModel | None:
    if view.planned is None:
        return None
    return progress_models.ReleaseModel(release=view.release, **asdict(view.planned))


def _watchers(view: CaseView, principal: Principal, reference: Reference) -> list[models.Watcher]:
    """Who follows the case; for the desk, also who follows one that goes on in it."""
    through = {"": view.people.watchers}
    if principal.sees_internal:
        through |= view.people.joined
    return [
        models.Watcher(
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
    return name_of(reference, view.tenant, Who(kind, name))


def steps(case: OpenCase, principal: Principal) -> list[models.Step]:
    """The transitions that this principal may ask for now."""
    view, definition = case.view, case.definition
    return [
        models.Step(
            name=step.name,
            title=definition.name_of("transitions", step.name, principal.language),
            to=step.to,
            requires_comment=step.requires.comment,
            requires_fields=list(definition.required_by(step, view.case_type)),
        )
        for step in steps_for(principal, case)
    ]


def entry_model(
    entry: Entry, case_reference: str, tenant: str, reference: Reference
) -> models.HistoryEntry:
    """One event of the history."""
    return models.HistoryEntry(
        version=entry.version,
        type=entry.type,
        at=entry.at,
        recorded_at=entry.recorded_at,
        who=models.Who(**asdict(entry.who), name=author_of(reference, tenant, entry)),
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


def command_state(asked: Asked) -> models.CommandState:
    """What became of a command so far."""
    href = f"/api/v1/commands/{asked.command}"
    if asked.answer is None:
        return models.CommandState(
            command=asked.command, reference=asked.reference, status="pending", href=href
        )
    return models.CommandState(
        command=asked.command, reference=asked.reference, href=href, **asdict(asked.answer)
    )
