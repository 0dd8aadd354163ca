"""C8, C11, P3: why a case was late, minute by minute, and the same for whoever asks."""

import asyncio
from datetime import datetime
from functools import partial

import pytest
from case_clocks.explanation import Explanation, explain
from case_clocks.wording import ExplanationFormatter, InstantFormatter, as_document
from case_definition.calendar.instants import HOUR, instant_of
from case_portal.clocks.service import explained
from case_portal.core.principal import Account, principal_of
from case_portal.read_model.reading import OpenCase, open_case

from tests.acceptance.dtnext.people import ANOUK, SANNE, TENANT
from tests.support.desk.scenario import Case, Desk
from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.portal import SimulatedCases

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


def over_easter(desk: Desk) -> Case:
    """A question before Easter, paused over Good Friday, prioritised, and answered too late."""
    desk.it_is("2026-04-02T15:00+02:00")
    case = desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    desk.it_is("2026-04-02T16:00+02:00")
    case.agent(SANNE).asks("Which one?")
    desk.it_is("2026-04-03T10:00+02:00")
    case.contact(ANOUK).replies_by_mail("The left one.", by="token")
    desk.it_is("2026-04-03T11:00+02:00")
    case.agent(SANNE).sets_priority("P2")
    desk.it_is("2026-04-07T12:00+02:00")
    case.agent(SANNE).resolves("Done.", cause="A cable")
    return case


def explanations(world: SimulatedDriver, case: Case) -> dict[str, Explanation]:
    found = explain(world.records(case.reference), world.reference, instant_of(world.now()))
    return {one.metric: one for one in found}


def telling(world: SimulatedDriver, one: Explanation, language: str) -> ExplanationFormatter:
    definition = world.reference.newest(TENANT)
    assert definition is not None
    named = partial(definition.name_of, language=language)
    return ExplanationFormatter(language, InstantFormatter(one.zone, language), named)


def test_a_late_case_is_explained_in_both_languages(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C14, P3: with what the desk calls its targets, statuses and teams."""
    case = over_easter(timed_desk)
    one = explanations(world, case)["resolution"]
    formatter = telling(world, one, "nl")
    assert formatter.sentence(one) == (
        "Oplossing: 8 u 00 min afgesproken in dtnext/vandijk-sla/1, geteld op de kalender desk "
        "(Europe/Amsterdam). Gemist op vr 03 apr 2026 17:00; beantwoord op di 07 apr 2026 12:00, "
        "3 u 00 min te laat. 11 u 00 min geteld vanaf do 02 apr 2026 15:00: 11 u 00 min bij "
        "Servicedesk (In behandeling)."
    )
    assert telling(world, one, "en").sentence(one).startswith("Resolution: 8 h 00 min")
    assert "Service desk (In progress)" in telling(world, one, "en").sentence(one)
    assert [formatter.reason(line.why) for line in one.lines] == [
        "open", "stilgezet door Uw reactie nodig (versie 12)", "open", "gesloten",
        "feestdag Eerste paasdag", "feestdag Tweede paasdag", "gesloten", "open",
    ]  # fmt: skip


def test_a_late_case_is_explained_to_the_minute(timed_desk: Desk, world: SimulatedDriver) -> None:
    """C8, P3: eight hours under P2 from the start; the pause and Easter Monday by name."""
    case = over_easter(timed_desk)
    one = explanations(world, case)["resolution"]
    zone = InstantFormatter(one.zone, "en")
    lines = [(zone(x.start)[:-5], x.counted / HOUR, x.total / HOUR, x.why) for x in one.lines]
    whys = [why for _, _, _, why in lines]
    assert any(why.startswith("paused by need_input (version ") for why in whys)
    assert "holiday Tweede paasdag" in whys
    assert one.lines[-1].total == one.elapsed == 11 * HOUR
    assert one.left == -3 * HOUR
    assert one.missed == instant_of(at("2026-04-03T17:00+02:00"))
    assert one.agrees
    sentence = telling(world, one, "en").sentence(one)
    assert "Missed at Fri 03 Apr 2026 17:00" in sentence
    assert "3 h 00 min late" in sentence
    assert [(h.hands, h.status, h.counted) for h in one.held] == [
        ("first_line", "in_progress", 11 * HOUR)
    ]


def test_the_portal_explains_as_the_command_line_does(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C11: from what it keeps for its pages, it works out the same."""
    case = over_easter(timed_desk)
    cases = SimulatedCases(world.platform.services["portal"].log.state)
    account = Account(tenant=TENANT, kind="agent", person=SANNE.id, user=SANNE.address)
    principal = principal_of(account, world.reference)
    assert principal is not None

    async def ask() -> object:
        opened = await open_case(cases, world.reference, principal, case.reference)
        assert isinstance(opened, OpenCase)
        now = instant_of(world.now())
        return await explained(cases, world.reference, principal, opened, now)

    shown = asyncio.new_event_loop().run_until_complete(ask())
    assert shown == list(explanations(world, case).values())


def test_an_explanation_as_of_a_past_moment_knows_no_more(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """P3: on Good Friday nobody knew that it would be late."""
    case = over_easter(timed_desk)
    then = instant_of(at("2026-04-03T10:30+02:00"))
    found = explain(world.records(case.reference), world.reference, then)
    one = next(x for x in found if x.metric == "resolution")
    assert (one.state, one.missed) == ("running", None)
    assert one.lines[-1].end == then
    assert as_document(one, telling(world, one, "en"))["due"] == "2026-04-07T15:00:00+00:00"
