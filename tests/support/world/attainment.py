"""The attainment of a simulated desk, from its reports."""

import asyncio
from typing import Any

from case_portal.reports.service import Attained, Breach, Question

from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.reports import SimulatedReports


def attainment(world: SimulatedDriver, question: Question) -> dict[tuple[str, ...], Attained]:
    """The lines of a report on attainment, by group."""
    found = _answer(_reports(world).attainment(question))
    return {line.group: line for line in found}


def breaches(world: SimulatedDriver, question: Question, limit: int = 10) -> list[Breach]:
    """The missed targets, earliest first."""
    return list(_answer(_reports(world).breaches(question, limit)))


def _reports(world: SimulatedDriver) -> SimulatedReports:
    return SimulatedReports(world.platform.services["portal"].log.state)


def _answer(question: Any) -> Any:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(question)
    finally:
        loop.close()
