"""What a service says that it does not react to is nothing to it, whatever its reaction is."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest
from case_definition.lookup.reference import Reference
from case_events.contracts.base import contract_of
from case_events.envelope import Record
from case_events.kernel import Outcome, Service
from case_events.topics import CASES
from case_notify.domain.notification_state import NotificationState
from case_sla.application.state import SlaState
from msgspec.structs import replace

from benchmarks.backlog import sample_tenant
from benchmarks.calls import START_AT, mail
from tests.contract.events.landed import GOLDEN
from tests.support.driver.simulated import SimulatedDriver
from tests.support.wire import codec

Known = tuple[Service[Any, Reference], Any]
"""A service, and what it remembers of a case that is open."""


@pytest.fixture(scope="module")
def opened() -> tuple[Record, Reference, dict[str, Known]]:
    """An open case: the last record of its history, and what each service remembers of it."""
    _, reference = sample_tenant()
    with SimulatedDriver(reference, START_AT) as world:
        mail(world, 1)
        known: dict[str, Known] = {}
        (case,) = cases(world)
        for name, process in world.platform.services.items():
            kept = process.log.snapshots()[case].state
            state = msgspec.json.decode(kept, type=process.service.state_type)
            known[name] = process.service, state
        last = world.records(known["portal"][1].reference)[-1]
    return last, reference, known


def cases(world: SimulatedDriver) -> set[UUID]:
    return {entry.case for entry in world.platform.services["workflow"].log.entries() if entry.case}


def golden() -> Iterator[Record]:
    """One record of every kind that the history may hold, as it landed."""
    for path in sorted(GOLDEN.glob("*.json")):
        record = codec.decode(path.read_bytes())
        if CASES in contract_of(record.data).topics:
            yield record


def essence(state: Any) -> Any:
    """A state without what every event of the history moves, by which nothing is decided alone."""
    if isinstance(state, SlaState):
        return replace(state, version=0)
    if isinstance(state, NotificationState):
        return replace(state, initiator=None, last_comment=None)
    return state


@pytest.mark.parametrize("name", ["intake", "sla", "notify"])
def test_nothing_comes_of_an_event_to_which_a_service_does_not_react(
    name: str, opened: tuple[Record, Reference, dict[str, Known]]
) -> None:
    last, reference, known = opened
    service, state = known[name]
    assert service.reacts_to is not None
    passed = set()
    for record in golden():
        if type(record.data) in service.reacts_to:
            continue
        passed.add(type(record.data))
        coming = replace(last, data=record.data, type=record.type, version=last.version + 1)
        outcome = service.react(state, coming, reference)
        assert replace(outcome, state=essence(outcome.state)) == Outcome(state=essence(state))
    assert len(passed) > 5
