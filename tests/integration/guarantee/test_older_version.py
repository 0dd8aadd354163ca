"""A service of an older version beside newer ones, and its upgrade."""

from functools import partial
from uuid import UUID

import httpx
import pytest
from case_events.contracts.base import type_name
from case_events.contracts.cases import CommentAdded
from case_events.contracts.intake import CaseCreated, ReplyReceived
from case_events.contracts.sla import DeadlineSet, TargetMet
from casefold.samples import read_sample

from tests.integration.guarantee.breaking import Breaking
from tests.integration.guarantee.test_observed import measured
from tests.integration.guarantee.test_parked_cases import answered
from tests.support.faults.history_counts import Event, count, read_histories
from tests.support.faults.mail_counts import Conversation, Senders, contacts, conversation
from tests.support.real.platform import RunningPlatform, eventually

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]
PARKED_OF_TYPE = """
SELECT error FROM parked WHERE delivery -> 'headers' ->> 'ce_type' = %s ORDER BY place
"""
OLDER = ("intake", "notify", "portal")
"""Those that read `cases`, but for sla, which says itself that a target is met."""


def test_what_an_older_workflow_does_not_know_waits_for_its_upgrade(breaking: Breaking) -> None:
    """It takes in new cases as ever; their replies go on by themselves once it is upgraded."""
    platform = breaking.platform
    breaking.plant({"workflow": ["know_no_replies"]})
    talks = [conversation(sender, "of two versions", 2) for sender in contacts()[:2]]
    with Senders(platform.ports["smtp"], talks) as senders:
        senders.send_all()

    def waiting() -> list[str]:  # Of sla and notify more may wait behind them.
        rows = platform.query("workflow", PARKED_OF_TYPE, type_name(ReplyReceived))
        return [error for (error,) in rows]

    eventually(lambda: len(waiting()) == 4, 40, "all replies wait")
    unread = [error for error in waiting() if error != "behind a parked record"]
    assert len(unread) == 2
    assert {error.partition(":")[0] for error in unread} == {"cannot be read"}

    breaking.mend()
    eventually(lambda: not waiting(), 40, "they go on by themselves")
    counted = count(platform, senders.mails)
    assert (counted.cases, counted.comments) == (2, 4)


def test_what_only_informs_passes_by_services_that_do_not_know_it(breaking: Breaking) -> None:
    """Three services know of no targets that are met: the case goes on in each of them."""
    platform = breaking.platform
    breaking.plant({name: ["know_no_met"] for name in OLDER})
    for name in OLDER:
        platform.wait_until_ready(name)
    talk, case, reference = with_first_response(platform)
    answer_as_agent(platform, reference)
    eventually(lambda: events(platform, talk, TargetMet), 40, "the first response is in time")
    (met,) = events(platform, talk, TargetMet)
    for name in OLDER:
        eventually(partial(is_level, platform, name, case), 40, f"{name} took in all")
        assert measured(platform, name)["casefold_passed_total"] == 1
    assert not portal_shows(platform, case, met.record.version)

    answered(platform, talk)
    eventually(lambda: len(events(platform, talk, CommentAdded)) == 2, 40, "it is answered")
    for name in (*OLDER, "sla"):
        eventually(partial(is_level, platform, name, case), 40, f"{name} took in all")
        assert not platform.query(name, "SELECT FROM parked WHERE case_id = %s", case)
    assert portal_shows(platform, case, history(platform, talk)[-1].record.version)
    breaking.mend()


def with_first_response(platform: RunningPlatform) -> tuple[Conversation, UUID, str]:
    """A conversation whose case waits for a first response; its case, and its reference."""
    talks = [conversation(sender, "what only informs", 1) for sender in contacts()]
    opened = [Conversation(talk.opening, ()) for talk in talks]
    with Senders(platform.ports["smtp"], opened) as senders:
        senders.send_all()

    def waits(talk: Conversation) -> bool:
        published = [one.record.data for one in events(platform, talk, DeadlineSet)]
        return any(
            isinstance(one, DeadlineSet) and one.target == "first_response" for one in published
        )

    eventually(lambda: any(map(waits, talks)), 40, "a case waits for a first response")
    talk = next(talk for talk in talks if waits(talk))
    created = history(platform, talk)[0].record
    assert created.case is not None
    assert isinstance(created.data, CaseCreated)
    return talk, created.case, created.data.reference


def history(platform: RunningPlatform, talk: Conversation) -> list[Event]:
    """The history of the case of a conversation; empty where there is none yet."""
    return next(iter(read_histories(platform, [talk.opening]).values()), [])


def events(platform: RunningPlatform, talk: Conversation, kind: type) -> list[Event]:
    """Its events of a kind."""
    return [one for one in history(platform, talk) if isinstance(one.record.data, kind)]


def answer_as_agent(platform: RunningPlatform, reference: str) -> None:
    """Write to the contact, by the API."""
    login = next(one for one in read_sample().logins if one.account.kind == "agent")
    with httpx.Client(base_url=platform.url("portal", "/api/v1"), timeout=30) as client:
        who = {"user": login.account.user, "password": login.password}
        token = client.post("/session", json=who).raise_for_status().json()["token"]
        answer = client.post(
            f"/cases/{reference}/comments",
            data={"text": "We look into it."},
            headers={"Authorization": f"Bearer {token}"},
        )
    answer.raise_for_status()


def is_level(platform: RunningPlatform, name: str, case: UUID) -> bool:
    """Whether a service has taken in all of the history of a case."""
    last = "SELECT max(version) FROM log WHERE case_id = %s"
    had = "SELECT version FROM snapshots WHERE case_id = %s"
    return platform.query(name, had, case) == platform.query("workflow", last, case)


def portal_shows(platform: RunningPlatform, case: UUID, version: int) -> bool:
    """Whether the portal shows this event of a case."""
    entry = (
        "SELECT FROM documents WHERE case_id = %s AND key LIKE 'entry:%%'"
        " AND document ->> 'version' = %s"
    )
    return bool(platform.query("portal", entry, case, str(version)))
