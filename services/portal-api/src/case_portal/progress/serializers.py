"""Serializers of the progress of a case for the API."""

from msgspec.structs import asdict

from case_portal.commands.permissions import may_rate, phases_for
from case_portal.core.principal import Principal
from case_portal.progress import schemas
from case_portal.progress.service import Waiting
from case_portal.read_model.reading import OpenCase
from case_portal.read_model.view import CaseView


def progress(case: OpenCase, principal: Principal) -> schemas.Progress:
    """The progress of the case, as this principal may see it."""
    view, definition, language = case.view, case.definition, principal.language
    phases = [
        schemas.PhaseModel(
            name=phase.name,
            title=definition.name_of("phases", phase.name, language),
            status=phase.status or "",
            requires_comment=phase.requires.comment,
            requires_fields=list(definition.required_by(phase, view.case_type)),
        )
        for phase in phases_for(principal, case)
    ]
    decisions = [
        schemas.DecisionModel(
            decision=name,
            title=definition.name_of("decisions", name, language),
            state=one.state,
            asked_at=one.asked_at,
            decided_at=one.decided_at,
        )
        for name, one in view.decisions.items()
    ]
    return schemas.Progress(
        phase=view.phase,
        phases=phases,
        release=_release(view),
        rating=schemas.RatingModel(**asdict(view.rating)) if view.rating else None,
        may_rate=may_rate(principal, view, definition),
        decisions=decisions,
    )


def waiting_model(one: Waiting, language: str) -> schemas.WaitingModel:
    """A case that waits for a decision, with its reasons in the reader's language."""
    view = one.view
    return schemas.WaitingModel(
        reference=view.reference,
        title=view.title,
        priority=view.priority,
        customer=view.customer,
        status=view.status,
        asked_at=view.decisions[one.decision].asked_at,
        yours=one.yours,
        points=one.score.points,
        reasons=[
            schemas.ReasonModel(
                criterion=reason.criterion,
                title=one.definition.name_of("criteria", reason.criterion, language),
                value=reason.value,
                points=reason.points,
            )
            for reason in one.score.reasons
        ],
    )


def _release(view: CaseView) -> schemas.ReleaseModel | None:
    if view.planned is None:
        return None
    return schemas.ReleaseModel(release=view.release, **asdict(view.planned))
