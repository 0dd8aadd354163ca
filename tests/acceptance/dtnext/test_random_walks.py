"""Whatever is asked, in whatever order: what must hold, holds. And time can be worked out anew.

CASEFOLD_WALKS says how many walks are taken.
"""

import os
from collections import Counter
from datetime import datetime
from email.parser import BytesHeaderParser
from uuid import UUID

import msgspec
import pytest
from case_events.contracts.base import label_of
from case_events.contracts.notices import NoticeSent
from case_events.contracts.refusals import CommandRefused, CommandUnchanged
from case_events.envelope import Record
from case_events.kernel import replay
from case_events.topics import REFUSALS
from case_portal.read_model.view import CaseView
from case_workflow.application.react import WorkflowState
from case_workflow.domain.case import Case, fold

from tests.acceptance.dtnext.conftest import simulated
from tests.acceptance.dtnext.people import ADDRESS, ANOUK, EVERYBODY, HENDRIK, SANNE, TENANT
from tests.support.desk.scenario import Desk
from tests.support.driver.simulated import SimulatedDriver
from tests.support.random_cases.random_walks import Walk
from tests.support.wire import codec
from tests.support.world.recomputed_clocks import recomputed, recorded

pytestmark = pytest.mark.acceptance

WALKS = int(os.environ.get("CASEFOLD_WALKS", "160"))
PARTS = 8
STEPS = 12
FOLDED = ("reference", "customer", "contact", "case_type", "status", "priority", "team", "agent",
          "agreement", "fields", "version")  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.by_platform("C8", "C9", "C15")
def test_what_must_hold_holds_on_every_walk(part: int) -> None:
    """C8, C9, C11, C15: no case is parked, no version is missing, the chain holds, each command
    has one outcome, what is read is the fold, each mail is sent once, time is as worked out."""
    for seed in range(part, WALKS, PARTS):
        with simulated(seed=seed) as driver:
            definition = driver.reference.newest(TENANT)
            assert definition is not None
            walk = Walk(Desk(driver, ADDRESS, HENDRIK), definition, EVERYBODY, seed)
            try:
                walk.goes(STEPS)
                check(driver, walk)
            except AssertionError as error:
                raise AssertionError(f"walk {seed}: " + "\n".join(walk.steps)) from error


def check(driver: SimulatedDriver, walk: Walk) -> None:
    """What must hold of a platform that has come to rest."""
    histories = {case.reference: driver.records(case.reference) for case in walk.cases}
    for case in walk.cases:
        assert case.flaws == []
        history = histories[case.reference]
        same_as_the_fold(driver, history)
        assert recomputed(history, driver.reference, driver.now()) == recorded(history)
        once_in_a_cycle(history)
    one_outcome_each(driver, [record for history in histories.values() for record in history])
    sent = Counter(message_id_of(sent.raw) for sent in driver.sent())
    ids = [one.data.message_id.strip("<>") for history in histories.values() for one in history
            if isinstance(one.data, NoticeSent)]  # fmt: skip
    assert Counter(ids) == sent
    assert set(sent.values()) == {1}


def message_id_of(raw: bytes) -> str:
    """The Message-ID of a mail, without brackets."""
    return str(BytesHeaderParser().parsebytes(raw)["Message-ID"]).strip("<> ")


def same_as_the_fold(driver: SimulatedDriver, history: list[Record]) -> None:
    """What workflow remembers, and what the portal shows, is the fold of the history."""
    assert history[0].case is not None
    case = history[0].case
    folded = replay(fold, Case(channel=history[0].channel), [record.data for record in history])
    stored, shown = (
        driver.platform.services[name].log.snapshots()[case].state
        for name in ("workflow", "portal")
    )
    assert msgspec.json.decode(stored, type=WorkflowState).case == folded
    view = msgspec.json.decode(shown, type=CaseView)
    assert {name: getattr(view, name) for name in FOLDED} == {
        name: getattr(folded, name) for name in FOLDED
    }


def once_in_a_cycle(history: list[Record]) -> None:
    """Nothing about a target is said twice in a cycle."""
    counts = Counter(
        (label_of(one.data), data.get("target"), data.get("cycle"), data.get("level"),
         data.get("share"))
        for one in history
        if (data := msgspec.to_builtins(one.data)).get("cycle") and "elapsed" not in data
    )  # fmt: skip
    assert not [
        fact for fact, times in counts.items() if times > 1 and fact[0] != "breach_withdrawn"
    ]


def one_outcome_each(driver: SimulatedDriver, records: list[Record]) -> None:
    """Every command that was taken in has exactly one outcome that names it."""
    refused = [codec.decode(one.value) for one in driver.platform.bus.records(REFUSALS)]
    answers: Counter[UUID | None] = Counter(
        one.causation for one in refused if isinstance(one.data, CommandRefused | CommandUnchanged)
    )
    answers.update({record.causation for record in records})
    for command in driver.asked():
        assert answers[command] == 1, f"{command} has {answers[command]} outcomes"


def test_deadlines_recomputed_from_the_history_are_those_recorded(
    timed_desk: Desk, world: SimulatedDriver
) -> None:
    """C8, C11: a deadline is a function of the history, the agreement and the calendar."""
    case = timed_desk.mail_from(ANOUK).case
    moments = []

    def look() -> None:
        timed_desk.time_passes(seconds=5)
        history = world.records(case.reference)
        published = recorded(history)
        assert recomputed(history, world.reference, world.now()) == published
        moments.append({target: standing.due for (target, _), standing in published.items()})

    look()
    case.agent(SANNE).takes_up()
    timed_desk.it_is("2026-03-02T10:30+01:00")
    case.agent(SANNE).asks("Which one?")
    look()
    timed_desk.it_is("2026-03-04T09:30+01:00")
    case.contact(ANOUK).replies_by_mail("The left one.", by="token")
    look()
    case.agent(SANNE).sets_priority("P1")
    look()
    timed_desk.it_is("2026-03-06T12:00+01:00")
    look()
    case.agent(SANNE).resolves("Done.", cause="A cable")
    look()
    case.contact(ANOUK).rejects("No.")
    look()
    assert moments[0]["resolution"] == datetime.fromisoformat("2026-03-03T17:00+01:00")
    assert len({str(moment) for moment in moments}) >= 4
