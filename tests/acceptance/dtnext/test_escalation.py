"""C8, C9, D17: warned before, breached at the due, four levels told, each once."""

from collections import Counter
from datetime import datetime

import pytest

from tests.acceptance.dtnext.people import ANOUK, LEVELS, SANNE
from tests.support.desk.scenario import Case, Desk

pytestmark = pytest.mark.acceptance

at = datetime.fromisoformat
DESK = LEVELS[0]


def moments(case: Case, kind: str, target: str = "first_response") -> list[str]:
    """When events of a type happened to a target, by the clock in Amsterdam."""
    zone = at("2026-03-02T09:00+01:00").tzinfo
    events = [entry for entry in case.events(kind) if entry.what["target"] == target]
    return [f"{entry.at.astimezone(zone):%a %H:%M:%S}" for entry in events]


def test_left_lying_it_is_warned_breached_and_escalated_through_four_levels(
    timed_desk: Desk,
) -> None:
    """C9, D17: half and three quarters of four hours, the due, and one, four and eight hours on."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-04T09:00+01:00")
    assert moments(case, "deadline_warned") == ["Mon 11:00:00", "Mon 12:00:00"]
    breach = case.events("target_breached")[0]
    assert at(breach.what["due_at"]) == at("2026-03-02T13:00+01:00")
    assert moments(case, "target_breached") == ["Mon 13:00:02"]
    raised = [entry for entry in case.events("escalation_raised")
              if entry.what["target"] == "first_response"]  # fmt: skip
    assert [(entry.what["level"], entry.what["role"]) for entry in raised] == [
        (1, "service_desk"),
        (2, "service_coordinator"),
        (3, "director_of_operations"),
        (4, "managing_director"),
    ]
    assert moments(case, "escalation_raised") == [
        "Mon 13:00:02", "Mon 14:00:00", "Mon 17:00:00", "Tue 13:00:00"
    ]  # fmt: skip
    assert case.clocks["first_response"].level == 4


def test_each_level_is_notified_once(timed_desk: Desk) -> None:
    """C9: by mail, with the role, the reason and the due; in the level's language."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-03T16:00+01:00")
    for number, address in enumerate(LEVELS, 1):
        [letter] = case.mails_to(address, "escalated")
        assert f"niveau {number}" in letter.subject
        assert "Eerste reactie" in letter.text
    assert len(case.mails_to(DESK, "warned")) == 4
    assert len(case.mails_to(DESK, "breached")) == 1
    assert {letter.notice for letter in case.mails_to(ANOUK)} == {"confirmation"}


def test_the_agent_who_has_the_case_is_warned(timed_desk: Desk) -> None:
    """C9."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).assigns("first_line", to=SANNE)
    timed_desk.it_is("2026-03-02T13:30+01:00")
    notices = Counter(letter.notice for letter in case.mails_to(SANNE))
    assert notices == {"warned": 2, "breached": 1}


def test_an_answer_stops_the_escalation(timed_desk: Desk) -> None:
    """C9: what was missed stays missed, but nobody further up is called."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T13:30+01:00")
    case.agent(SANNE).comments("We are sorry.")
    timed_desk.it_is("2026-03-03T16:00+01:00")
    assert [level for target, level in case.escalations if target == "first_response"] == [1]
    assert case.mails_to(LEVELS[1], "escalated") == []
    assert moments(case, "target_breached") == ["Mon 13:00:02"]
    assert moments(case, "target_met") == []


def test_an_answer_in_time_is_no_breach(timed_desk: Desk) -> None:
    """C8: met at the due, to the microsecond."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T13:00+01:00")
    case.agent(SANNE).comments("Just in time.")
    assert case.events("comment_added")[0].at == at("2026-03-02T13:00+01:00")
    timed_desk.it_is("2026-03-03T09:00+01:00")
    [met] = [one for one in case.events("target_met") if one.what["target"] == "first_response"]
    assert met.what["left"] == 0
    assert moments(case, "target_breached") == []


def test_an_answer_a_moment_too_late_is_a_breach(timed_desk: Desk) -> None:
    """C8: from the next microsecond on, though it comes within the grace."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T13:00:00.000001+01:00")
    case.agent(SANNE).comments("A moment too late.")
    timed_desk.it_is("2026-03-03T09:00+01:00")
    assert len(moments(case, "target_breached")) == 1
    assert moments(case, "target_met") == []


def test_an_assessment_that_leaves_no_time_is_a_breach_at_once(timed_desk: Desk) -> None:
    """C8, D3: P1 had one hour, and two have gone by."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.it_is("2026-03-02T11:30+01:00")
    case.agent(SANNE).sets_priority("P1")
    timed_desk.time_passes(seconds=5)
    [breach] = case.events("target_breached")
    assert (breach.what["target"], at(breach.what["due_at"])) == (
        "first_response", at("2026-03-02T10:00+01:00")
    )  # fmt: skip


def test_a_pause_after_the_breach_undoes_nothing(timed_desk: Desk) -> None:
    """C9: nor does another priority; and it is never breached twice."""
    case = timed_desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    timed_desk.it_is("2026-03-02T13:30+01:00")
    case.agent(SANNE).holds()
    case.agent(SANNE).sets_priority("P4")
    timed_desk.it_is("2026-03-10T13:30+01:00")
    case.agent(SANNE).ends_hold()
    case.agent(SANNE).sets_priority("P1")
    timed_desk.it_is("2026-03-11T16:00+01:00")
    assert len(moments(case, "target_breached")) == 1
    assert len(moments(case, "target_breached", "resolution")) == 1
    levels = Counter(case.escalations)
    assert set(levels.values()) == {1}


def test_the_ladder_of_each_target_is_climbed_once(timed_desk: Desk) -> None:
    """C9, D17: two weeks of silence, and not one mail twice."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.time_passes(days=14)
    assert sorted(case.escalations) == [
        (target, level) for target in ("first_response", "resolution") for level in (1, 2, 3, 4)
    ]
    for address in LEVELS:
        subjects = [letter.message_id for letter in case.mails_to(address, "escalated")]
        assert len(subjects) == len(set(subjects)) == 2
