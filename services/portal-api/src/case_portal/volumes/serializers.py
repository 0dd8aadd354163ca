"""Serializers of the counts of cases for the API."""

from case_portal.volumes.schemas import BacklogModel, RatedModel, VolumeModel
from case_portal.volumes.service import AGES, Backlog, OpenSelection, Rated, Selection, Volume

BANDS = (*(f"under_{days}_days" for days in AGES), f"{AGES[-1]}_days_and_more")
"""The names of the bands of age. Each band begins where the band before ends."""


def volume_model(line: Volume, selection: Selection) -> VolumeModel:
    """A line of volumes."""
    return VolumeModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        came=line.came,
        solved=line.solved,
        closed=line.closed,
        reopened=line.reopened,
    )


def backlog_model(line: Backlog, selection: OpenSelection) -> BacklogModel:
    """A line of the backlog."""
    return BacklogModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        total=line.total,
        ages=dict(zip(BANDS, line.ages, strict=True)),
        oldest=line.oldest,
    )


def rated_model(line: Rated, selection: Selection) -> RatedModel:
    """A line of ratings."""
    return RatedModel(
        group=dict(zip(selection.by, line.group, strict=True)),
        cases=line.cases,
        stars=line.stars,
        mean=line.mean,
    )
