"""Phases, decisions and releases over the API."""

from typing import Annotated

from case_definition.schema.releases import coming
from case_events.contracts.decisions import AskDecision, DecideCase
from case_events.contracts.parts import DecisionContent, WrittenContent
from case_events.contracts.phases import ChangePhase
from case_events.contracts.ratings import RateCase
from case_events.contracts.releases import PlanRelease, SlipRelease
from fastapi import Query

from case_portal.commands.dependencies import ASKED, Ask, command_router
from case_portal.commands.schemas import CommandState
from case_portal.core.problem import UNKNOWN_PLACE
from case_portal.progress import schemas as models
from case_portal.progress.serializers import waiting_model
from case_portal.progress.service import waiting
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, allowed, reading_router
from case_portal.web.problems import ProblemError

SHOWN_RELEASES = 6

reading = reading_router(400, 401, 404, 422, 503, tags=["decisions"])
commands = command_router(400, 401, 404, 422, 503, tags=["commands"])


@reading.get("/decisions")
async def list_waiting(
    site: SiteHere, principal: CurrentPrincipal, query: Annotated[models.DecisionQuery, Query()]
) -> models.WaitingList:
    """The cases that wait for a decision, by rank with the reasons. For agents and auditors."""
    found = allowed(await waiting(site.cases(principal), site.reference, principal, query.decision))
    newest = site.reference.newest(principal.tenant)
    if newest is None:
        raise ProblemError(UNKNOWN_PLACE)
    return models.WaitingList(
        decision=query.decision,
        title=newest.name_of("decisions", query.decision, principal.language),
        role=newest.decisions[query.decision].role,
        cases=[waiting_model(one, principal.language) for one in found],
    )


@reading.get("/releases")
async def list_releases(site: SiteHere, principal: CurrentPrincipal) -> models.ComingReleases:
    """The coming releases. For agents and auditors, if the desk has release cycles."""
    newest = site.reference.newest(principal.tenant)
    cycles = newest.document.releases if newest else None
    if cycles is None or not principal.sees_internal:
        raise ProblemError(UNKNOWN_PLACE)
    found = coming(cycles, site.now(), SHOWN_RELEASES)
    return models.ComingReleases(
        releases=[
            models.ComingRelease(release=one.id, starts=one.starts, ends=one.ends, week=one.week)
            for one in found
        ]
    )


@commands.post("/cases/{reference}/decisions", responses=ASKED)
async def ask_decision(ask: Ask, form: models.NewDecision) -> CommandState:
    """Ask for a yes or no of a person with the role."""
    words = WrittenContent(text=form.reason)
    return await ask.ask(AskDecision(decision=form.decision, seen=form.seen, personal=words))


@commands.post("/cases/{reference}/decisions/{name}", responses=ASKED)
async def decide(ask: Ask, name: str, form: models.Verdict) -> CommandState:
    """Decide yes or no, with the reason. For people with the role."""
    command = DecideCase(
        decision=name,
        outcome=form.outcome,
        release=form.release,
        week=form.week,
        seen=form.seen,
        personal=DecisionContent(text=form.reason, answer=form.answer),
    )
    return await ask.ask(command)


@commands.post("/cases/{reference}/phase", responses=ASKED)
async def change_phase(ask: Ask, form: models.PhaseChange) -> CommandState:
    """Move the case to another phase."""
    words = WrittenContent(text=form.comment)
    return await ask.ask(
        ChangePhase(phase=form.phase, fields=form.fields, seen=form.seen, personal=words)
    )


@commands.post("/cases/{reference}/release", responses=ASKED)
async def plan(ask: Ask, form: models.Plan) -> CommandState:
    """Plan the case for a release."""
    return await ask.ask(PlanRelease(release=form.release, week=form.week, seen=form.seen))


@commands.post("/cases/{reference}/release/slip", responses=ASKED)
async def slip(ask: Ask, form: models.Slip) -> CommandState:
    """Move the case to a later release."""
    words = WrittenContent(text=form.reason)
    return await ask.ask(
        SlipRelease(release=form.release, week=form.week, seen=form.seen, personal=words)
    )


@commands.post("/cases/{reference}/rating", responses=ASKED)
async def rate(ask: Ask, form: models.Stars) -> CommandState:
    """Rate how the case was handled. For contacts. The last rating counts."""
    return await ask.ask(
        RateCase(stars=form.stars, seen=form.seen, personal=WrittenContent(text=form.text))
    )
