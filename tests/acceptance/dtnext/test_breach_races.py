"""C8, C9: an answer in time that is recorded a moment late, and machines that die meanwhile."""

from datetime import datetime

import pytest
from case_events.runtime import EffectResult
from case_notify.domain.mail import OutgoingMail

from tests.acceptance.dtnext.people import ANOUK, LEVELS, SANNE
from tests.support.desk.scenario import Case, Desk
from tests.support.driver.simulated import SimulatedDriver

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat


def about_first_response(case: Case, kind: str) -> int:
    """How often the history says this of the first response."""
    return sum(entry.what["target"] == "first_response" for entry in case.events(kind))


def test_an_answer_just_before_the_due_that_workflow_takes_in_late_is_no_breach(
    timed_desk: Desk,
) -> None:
    """C8: workflow was away; it takes people's records first, and drops what no longer holds."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T12:59:59+01:00")
    timed_desk.stops("workflow")
    assert case.agent(SANNE).tries.comments("Just in time.").status == "pending"
    timed_desk.it_is("2026-03-02T13:10+01:00")
    timed_desk.starts("workflow")
    timed_desk.time_passes(minutes=5)
    assert about_first_response(case, "target_breached") == 0
    assert about_first_response(case, "target_met") == 1
    assert case.mails_to(LEVELS[0], "breached") == []
    assert case.flaws == []


def test_an_answer_in_time_that_arrives_after_the_breach_withdraws_it(timed_desk: Desk) -> None:
    """C8, C9: both stay in the history, and whoever was called is told that it was in time."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T12:59:59+01:00")
    timed_desk.stops("portal")
    assert case.agent(SANNE).tries.comments("Just in time.").status == "pending"
    timed_desk.it_is("2026-03-02T13:10+01:00")
    timed_desk.starts("portal")
    timed_desk.time_passes(minutes=5)
    comment = case.event("comment_added")
    assert comment.at < at("2026-03-02T13:00+01:00") < comment.recorded_at
    assert about_first_response(case, "target_breached") == 1
    withdrawn = case.event("breach_withdrawn")
    assert withdrawn.what["fact"] == str(comment.record)
    assert about_first_response(case, "target_met") == 1
    assert case.clocks["first_response"].state == "met"
    assert case.mail_to(LEVELS[0], "escalated")
    mails = case.mails_to(LEVELS[0], "breach_withdrawn")
    assert mails
    assert len({letter.message_id for letter in mails}) == len(mails)
    timed_desk.time_passes(days=1)
    assert [level for target, level in case.escalations if target == "first_response"] == [1]


def test_a_pause_in_time_that_is_recorded_late_undoes_the_breach(timed_desk: Desk) -> None:
    """C8: on hold before the due, recorded after it."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    timed_desk.it_is("2026-03-02T12:59:59+01:00")
    timed_desk.stops("portal")
    case.agent(SANNE).tries.holds()
    timed_desk.it_is("2026-03-02T13:10+01:00")
    timed_desk.starts("portal")
    timed_desk.time_passes(minutes=5)
    assert case.status == "on_hold"
    assert about_first_response(case, "breach_withdrawn") == 1
    clock = case.clocks["first_response"]
    assert (clock.state, clock.due) == ("paused", None)


@pytest.mark.parametrize("service", ["sla", "workflow", "notify", "portal", "intake"])
def test_a_service_that_was_away_breaches_and_mails_once(timed_desk: Desk, service: str) -> None:
    """C8, C9: what fell due meanwhile is raised with its true due; nothing is doubled or lost."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T12:30+01:00")
    timed_desk.stops(service)
    timed_desk.it_is("2026-03-02T15:00+01:00")
    timed_desk.starts(service)
    timed_desk.it_is("2026-03-03T16:00+01:00")
    [breach] = [one for one in case.events("target_breached")
                if one.what["target"] == "first_response"]  # fmt: skip
    assert at(breach.what["due_at"]) == at("2026-03-02T13:00+01:00")
    levels = [level for target, level in case.escalations if target == "first_response"]
    assert sorted(levels) == [1, 2, 3, 4]
    for address in LEVELS:
        assert len(case.mails_to(address, "escalated")) == 1
    assert case.flaws == []


def test_a_relay_that_refuses_for_a_while_gets_each_mail_once(
    world: SimulatedDriver, timed_desk: Desk
) -> None:
    """C3: tried again with backoff; the history says how often."""
    refused: list[OutgoingMail] = []

    async def relay(mail: OutgoingMail) -> EffectResult:
        refused.append(mail)
        if len(refused) <= 3:
            return EffectResult("again", "451 4.3.0 later")
        return await world.platform.takes_all(mail)

    world.platform.relay = relay
    case = timed_desk.mail_from(ANOUK).case
    assert timed_desk.mails_to(ANOUK) == []
    timed_desk.time_passes(minutes=1)
    assert len(case.mails_to(ANOUK, "confirmation")) == 1
    assert case.event("notice_sent").what["attempts"] == 4
    assert len({mail.message_id for mail in refused}) == 1


def test_an_address_that_does_not_exist_is_on_record(
    world: SimulatedDriver, timed_desk: Desk
) -> None:
    """C11: a mail that could not be delivered is a fact of the case."""

    async def relay(mail: OutgoingMail) -> EffectResult:
        return EffectResult("failed", "550 5.1.1 no such user")

    world.platform.relay = relay
    case = timed_desk.mail_from(ANOUK).case
    failed = case.event("notice_failed")
    assert failed.what["error"].startswith("550")
