"""Cases counted, as the API gives them."""

from case_portal.volumes.schemas import BacklogModel, RatedModel, VolumeModel
from case_portal.volumes.service import AGES, Backlog, OpenSelection, Rated, Selection, Volume

BANDS = (*(f"under_{days}_days" for days in AGES), f"{AGES[-1]}_days_and_more")
"""How the bands of age are called; each begins where the one before ends."""


def volume_model(line: Volume, selection: Selection) -> VolumeModel:
    """A line as the API tells it."""
    return VolumeModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        came=line.came,
        solved=line.solved,
        closed=line.closed,
        reopened=line.reopened,
    )


def backlog_model(line: Backlog, selection: OpenSelection) -> BacklogModel:
    """A line as the API tells it."""
    return BacklogModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        total=line.total,
        ages=dict(zip(BANDS, line.ages, strict=True)),
        oldest=line.oldest,
    )


def rated_model(line: Rated, selection: Selection) -> RatedModel:
    """A line as the API tells it."""
    return RatedModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        cases=line.cases,
        stars=line.stars,
        mean=line.mean,
    )
