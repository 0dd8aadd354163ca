"""Phases, decisions and releases over the API."""

from typing import Annotated

from case_definition.releases import coming
from case_events.contracts.decisions import AskDecision, DecideCase
from case_events.contracts.parts import Ruling, Words
from case_events.contracts.phases import ChangePhase
from case_events.contracts.ratings import RateCase
from case_events.contracts.releases import PlanRelease, SlipRelease
from fastapi import APIRouter, Depends, Query

from case_portal.cases.routes import (
    ASKED,
    Ask,
    PortalHere,
    Reader,
    allowed,
    bearer,
    cookie,
)
from case_portal.cases.schemas import CommandState
from case_portal.core.problem import UNKNOWN_PLACE
from case_portal.progress import schemas as models
from case_portal.progress.service import Waiting, waiting
from case_portal.web.problems import Stop, documented

SHOWN_RELEASES = 6

router = APIRouter(prefix="/api/v1", responses=documented(400, 401, 404, 422, 503))
reading = APIRouter(dependencies=[Depends(bearer), Depends(cookie)])
asking = APIRouter(dependencies=[Depends(bearer)], responses=ASKED, tags=["commands"])


@reading.get("/decisions", tags=["decisions"])
async def list_waiting(
    portal: PortalHere, reader: Reader, query: Annotated[models.DecisionQuery, Query()]
) -> models.WaitingList:
    """What waits for a decision, by rank with the reasons; for agents and auditors."""
    found = allowed(await waiting(portal.cases, portal.reference, reader, query.decision))
    newest = portal.reference.newest(reader.tenant)
    if newest is None:
        raise Stop(UNKNOWN_PLACE)
    return models.WaitingList(
        decision=query.decision,
        title=newest.name_of("decisions", query.decision, reader.language),
        role=newest.decisions[query.decision].role,
        cases=[waiting_model(one, reader.language) for one in found],
    )


@reading.get("/releases", tags=["decisions"])
async def list_releases(portal: PortalHere, reader: Reader) -> models.ComingReleases:
    """The releases to plan for; for agents and auditors, where the desk has release cycles."""
    newest = portal.reference.newest(reader.tenant)
    cycles = newest.document.releases if newest else None
    if cycles is None or not reader.sees_internal:
        raise Stop(UNKNOWN_PLACE)
    found = coming(cycles, portal.now(), SHOWN_RELEASES)
    return models.ComingReleases(
        releases=[
            models.ComingRelease(release=one.id, starts=one.starts, ends=one.ends, week=one.week)
            for one in found
        ]
    )


@asking.post("/cases/{reference}/decisions")
async def ask_decision(ask: Ask, form: models.NewDecision) -> CommandState:
    """Ask for a yes or no of somebody with the role."""
    words = Words(text=form.reason)
    return await ask.ask(AskDecision(decision=form.decision, seen=form.seen, personal=words))


@asking.post("/cases/{reference}/decisions/{name}")
async def decide(ask: Ask, name: str, form: models.Verdict) -> CommandState:
    """Say yes or no, with the reason; for those who have the role."""
    command = DecideCase(
        decision=name,
        outcome=form.outcome,
        release=form.release,
        week=form.week,
        seen=form.seen,
        personal=Ruling(text=form.reason, answer=form.answer),
    )
    return await ask.ask(command)


@asking.post("/cases/{reference}/phase")
async def change_phase(ask: Ask, form: models.PhaseChange) -> CommandState:
    """Take the case to another phase."""
    words = Words(text=form.comment)
    return await ask.ask(
        ChangePhase(phase=form.phase, fields=form.fields, seen=form.seen, personal=words)
    )


@asking.post("/cases/{reference}/release")
async def plan(ask: Ask, form: models.Plan) -> CommandState:
    """Plan the case for a release."""
    return await ask.ask(PlanRelease(release=form.release, week=form.week, seen=form.seen))


@asking.post("/cases/{reference}/release/slip")
async def slip(ask: Ask, form: models.Slip) -> CommandState:
    """Move the case to a later release."""
    words = Words(text=form.reason)
    return await ask.ask(
        SlipRelease(release=form.release, week=form.week, seen=form.seen, personal=words)
    )


@asking.post("/cases/{reference}/rating")
async def rate(ask: Ask, form: models.Stars) -> CommandState:
    """Rate how the case was handled; for contacts. The last rating counts."""
    return await ask.ask(RateCase(stars=form.stars, seen=form.seen, personal=Words(text=form.text)))


def waiting_model(one: Waiting, language: str) -> models.WaitingModel:
    """A case that waits, with its reasons in somebody's language."""
    view = one.view
    return models.WaitingModel(
        reference=view.reference,
        title=view.title,
        priority=view.priority,
        customer=view.customer,
        status=view.status,
        asked_at=view.decisions[one.decision].asked_at,
        yours=one.yours,
        points=one.score.points,
        reasons=[
            models.ReasonModel(
                criterion=reason.criterion,
                title=one.definition.name_of("criteria", reason.criterion, language),
                value=reason.value,
                points=reason.points,
            )
            for reason in one.score.reasons
        ],
    )


router.include_router(reading)
router.include_router(asking)
