"""Serializers of attainment and breaches for the API."""

from collections.abc import Sequence

from case_portal.reports.schemas import AttainedModel, BreachModel, HeldModel
from case_portal.reports.service import Attained, Breach


def attained_model(line: Attained, by: Sequence[str]) -> AttainedModel:
    """A line of attainment."""
    return AttainedModel(
        group=dict(zip(by, line.group, strict=True)),
        promised=line.promised,
        kept=line.kept,
        missed=line.missed,
        unanswered=line.unanswered,
        total=line.total,
        share=line.share,
        is_kept=line.is_kept,
    )


def breach_model(breach: Breach) -> BreachModel:
    """A breach."""
    reading = breach.reading
    return BreachModel(
        reference=reading.reference,
        target=reading.target,
        cycle=reading.cycle,
        due=reading.at,
        answered_at=breach.answered_at,
        late=breach.late,
        cause=reading.cause,
        held=[HeldModel(hands=h.hands, status=h.status, counted=h.counted) for h in reading.held],
        customer=reading.customer,
        agreement=reading.agreement,
        case_type=reading.case_type,
        priority=reading.priority,
        team=reading.team,
        agent=reading.agent,
    )


def attained_cells(line: Attained) -> list[object]:
    """A line as cells."""
    return [
        *line.group, line.promised, line.kept, line.missed, line.total, line.unanswered,
        line.share, line.is_kept,
    ]  # fmt: skip
