"""No name of a class is data: with every class of an event renamed, all stays as it was."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from case_clocks.explanation import explain
from case_definition.calendar.instants import instant_of
from case_definition.cli.definition import schema_text
from case_definition.rules.event_variables import event_members, triggers_of
from case_events.contracts.base import every_contract
from case_events.contracts.catalogue import TOPICS
from case_events.tools.asyncapi import asyncapi
from case_events.tools.events_page import events_page
from case_events.tools.schemas import every_schema
from case_portal.cases.timeline import HistoryPresenter
from case_portal.read_model.view import HistoryEntry
from case_portal.web.wording import Wording
from case_workflow.adapters.history_views import recorded_event
from msgspec import Struct

from tests.acceptance.dtnext.conftest import TENANCY
from tests.acceptance.dtnext.people import ANOUK, BRAM, SANNE
from tests.support.desk.scenario import Case, Desk
from tests.support.driver.several_tenants import SideBySideDriver

pytestmark = pytest.mark.acceptance

Shown = dict[str, Any]


@pytest.fixture
def renamed() -> Iterator[None]:
    """Every class of an event has another name."""
    names = {one.event: (one.event.__name__, one.event.__qualname__) for one in every_contract()}
    for number, event in enumerate(names):
        event.__name__ = event.__qualname__ = f"Renamed{number}"
    yield
    for event, (name, qualified) in names.items():
        event.__name__, event.__qualname__ = name, qualified


@pytest.fixture(scope="module")
def before() -> Shown:
    """What there is of a story while the classes have the names that they have."""
    return _played() | _documents()


@pytest.mark.usefixtures("before", "renamed")
def test_what_is_stored_sent_and_shown_is_the_same_when_classes_are_renamed(before: Shown) -> None:
    after = _played() | _documents()
    assert after.keys() == before.keys()
    assert [name for name in before if after[name] != before[name]] == []


def test_the_story_has_what_could_carry_a_name(before: Shown) -> None:
    """Reasons and causes, notices, consequences, lines of every kind: else it proved nothing."""
    facts = b"".join(before["sla stored"])
    assert b'"reason":"case_created"' in facts
    assert b'"reason":"status_changed"' in facts
    assert b'"cause":"priority_assessed"' in facts
    assert len(before["sent"]) > 10
    assert len({line.sentence for line in before["lines"]}) > 15


def _played() -> Shown:
    """A case that is answered, waits, turns out to be urgent, is late, and is solved."""
    with TENANCY.simulated() as world:
        desk = TENANCY.desk(world)
        case = desk.mail_from(ANOUK).case
        case.agent(SANNE).takes_up()
        case.agent(SANNE).asks("Which overview?")
        desk.time_passes(hours=1)
        case.contact(ANOUK).replies_by_mail("The monthly one.")
        case.agent(SANNE).notes("Looks like the export.")
        desk.time_passes(hours=9)
        case.agent(SANNE).sets_priority("P1")
        case.agent(SANNE).assigns("first_line", BRAM)
        desk.time_passes(days=2)
        case.agent(SANNE).resolves("It works again.", cause="A column was missing.")
        desk.time_passes(days=1)
        return _found(world, desk, case)


def _found(world: SideBySideDriver, desk: Desk, case: Case) -> Shown:
    platform, records = world.platform, world.records(case.reference)
    stored = {
        f"{name} stored": [
            entry.value for partition in sorted(log.entries) for entry in log.entries[partition]
        ]
        for name, log in ((name, one.log.state) for name, one in platform.services.items())
    }
    kept = {
        f"{name} kept": (
            log.documents,
            _plain(log.snapshots),
            _plain(log.timers),
            _plain(log.effects),
        )
        for name, log in ((name, one.log.state) for name, one in platform.services.items())
    }
    published = {
        topic.name: [(one.headers, one.value) for one in platform.bus.records(topic.name)]
        for topic in TOPICS
    }
    now = world.now()
    return {
        **stored,
        **kept,
        **published,
        "sent": platform.sent,
        "webhooks": platform.calls,
        "history": case.history,
        "of the contact": case.history_for(ANOUK),
        "of workflow": [recorded_event(one, b"") for one in records],
        "clocks": explain(records, world.reference, instant_of(now)),
        "rules": [(event_members(one.data), triggers_of(one.data)) for one in records],
        "lines": _lines(world, case),
    }


def _lines(world: SideBySideDriver, case: Case) -> list[Any]:
    """What the page of the case shows of each event."""
    rows = world.platform.services["portal"].log.state.documents
    definition = world.reference.definition(case.shown.definition)
    words = Wording("en", ZoneInfo("UTC"), world.now().astimezone(UTC))
    presenter = HistoryPresenter(words, definition, world.reference)
    entries = (row for (_, key), row in sorted(rows.items()) if key.startswith("entry:"))
    return [presenter.line(msgspec.json.decode(entry, type=HistoryEntry)) for entry in entries]


def _plain(kept: Mapping[Any, Struct]) -> dict[Any, Any]:
    return {key: msgspec.to_builtins(one) for key, one in kept.items()}


def _documents() -> Shown:
    return {
        "schemas": every_schema(),
        "asyncapi": asyncapi(),
        "events page": events_page(),
        "definition schema": schema_text("definition"),
    }
