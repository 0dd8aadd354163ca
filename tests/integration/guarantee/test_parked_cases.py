"""What cannot be read parks its case and lets the others pass (issue 3, point 14)."""

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from case_events.contracts.base import type_name
from case_events.contracts.intake import ReplyReceived
from casefold.project import PROJECT
from msgspec.structs import replace

from tests.integration.guarantee.breaking import Breaking
from tests.integration.guarantee.by_hand import publish, reply
from tests.integration.guarantee.test_observed import measured
from tests.support.faults.history_counts import Event, count, read_histories
from tests.support.faults.mail_counts import Conversation, Senders, contacts, conversation
from tests.support.faults.service import POISON
from tests.support.real.platform import RunningPlatform, eventually
from tests.support.wire import codec

BYTES = b"\x00these are no record\xff"

pytestmark = pytest.mark.real


def test_what_cannot_be_read_parks_its_case_alone(platform: RunningPlatform) -> None:
    """Bytes that are no record, and a record of a type that nobody knows."""
    [stuck, free] = [conversation(sender, "one of two", 1) for sender in contacts()[:2]]
    case, first = opened(platform, stuck)
    opened(platform, free)

    unknown = codec.encode(reply(first)).replace(
        type_name(ReplyReceived(found_by="token", participant=True)).encode(), b"nl.unheard-of.v1"
    )
    publish(platform, str(case), first.record.tenant, BYTES, unknown)
    eventually(lambda: len(parked(platform, case)) == 2, 20, "both records wait")
    answered(platform, stuck, free)
    eventually(lambda: len(parked(platform, case)) == 3, 20, "the reply queues behind them")
    count(platform, free.mails)
    assert measured(platform, "workflow")["casefold_parked_cases"] == 1
    [alert] = alerts(platform, case)
    assert alert["level"] == "error"
    assert alert["tenant"] == first.record.tenant
    assert alert["error"].startswith("cannot be read")

    output = platform.command("parked", "list")
    assert f"workflow  case {case}" in output
    assert "3 records wait" in output
    assert "3 records are tried again" in platform.command("parked", "retry", str(case))
    eventually(lambda: not asked(platform, case), 20, "the retry is answered")
    errors = parked(platform, case)
    assert errors[0].startswith("cannot be read")
    assert errors[1:] == ["behind a parked record"] * 2

    for left in (2, 0):
        why = ("--reason", "nobody can read it")
        result = platform.command("parked", "discard", "workflow", str(case), *why)
        assert f"workflow: discarded case {case}" in result
        eventually(partial(_waits, platform, case, left), 20, "the rest goes on")
        eventually(lambda: not asked(platform, case), 20, "the retry is answered")
    assert platform.command("parked", "discarded").count("nobody can read it") == 2
    count(platform, stuck.mails)
    assert measured(platform, "workflow")["casefold_parked_cases"] == 0


def test_a_version_that_has_not_arrived_is_waited_for(
    platform: RunningPlatform, tmp_path: Path
) -> None:
    """A record under a definition that is published later: its case goes on by itself."""
    talk = conversation(contacts()[0], "ahead of its definition", 1)
    case, first = opened(platform, talk)
    tenant, _, version = first.record.definition.partition("/")
    coming = f"{tenant}/{int(version) + 1}"
    early = replace(reply(first), definition=coming)
    publish(platform, str(case), first.record.tenant, codec.encode(early))
    eventually(lambda: parked(platform, case) == [f"waits for {coming}"], 20, "it waits")
    answered(platform, talk)
    eventually(lambda: len(parked(platform, case)) == 2, 20, "the reply queues behind it")

    folder = tmp_path / tenant
    shutil.copytree(PROJECT / "deploy" / "tenants" / tenant, folder)
    text = (folder / "definition.yaml").read_text()
    newer = text.replace(f"\nversion: {version}\n", f"\nversion: {int(version) + 1}\n")
    (folder / "definition.yaml").write_text(newer)
    platform.command("definition", "publish", str(folder))
    eventually(lambda: not parked(platform, case), 20, "the case goes on by itself")
    counted = count(platform, talk.mails)
    assert counted.comments == 2


def test_a_case_whose_reaction_failed_is_retried_by_one_command(breaking: Breaking) -> None:
    """All that came meanwhile goes through after it, in order."""
    platform = breaking.platform
    breaking.plant({"workflow": ["fail_reaction"]})
    [stuck, free] = [
        conversation(sender, title, 3)
        for sender, title in zip(contacts(), (POISON, "good"), strict=False)
    ]
    with Senders(platform.ports["smtp"], [stuck, free]) as senders:
        senders.send_all()
    count(platform, free.mails)
    [(case,)] = platform.query("workflow", "SELECT DISTINCT case_id FROM parked WHERE NOT retry")
    eventually(lambda: len(parked(platform, case)) == 4, 20, "all four records wait")
    assert parked(platform, case)[0] == "ValueError: this one is poison"
    assert measured(platform, "workflow")["casefold_parked_cases"] == 1

    breaking.mark("healed")
    assert "4 records are tried again" in platform.command("parked", "retry", str(case))
    counted = count(platform, stuck.mails)
    assert (counted.cases, counted.comments) == (1, 3)
    assert measured(platform, "workflow")["casefold_parked_cases"] == 0


def opened(platform: RunningPlatform, talk: Conversation) -> tuple[UUID, Event]:
    """The case that the first mail of a conversation made, and its first event."""
    alone = Conversation(talk.opening, ())
    with Senders(platform.ports["smtp"], [alone]) as senders:
        senders.send_all()
    count(platform, alone.mails)
    [(case, history)] = read_histories(platform, alone.mails).items()
    return case, history[0]


def answered(platform: RunningPlatform, *talks: Conversation) -> None:
    """Send the replies of conversations; their first mails, sent once more, change nothing."""
    with Senders(platform.ports["smtp"], talks) as senders:
        senders.send_all()


def parked(platform: RunningPlatform, case: UUID) -> list[str]:
    """Why the records of a case wait, in their order."""
    rows = platform.query(
        "workflow", "SELECT error FROM parked WHERE case_id = %s ORDER BY place", case
    )
    return [error for (error,) in rows]


def _waits(platform: RunningPlatform, case: UUID, records: int) -> bool:
    return len(parked(platform, case)) == records


def asked(platform: RunningPlatform, case: UUID) -> bool:
    """Whether a retry was asked for and not yet answered."""
    return bool(platform.query("workflow", "SELECT FROM parked WHERE case_id = %s AND retry", case))


def alerts(platform: RunningPlatform, case: UUID) -> list[dict[str, Any]]:
    """The lines of workflow's log that say that a case is parked."""
    lines = platform.log("workflow").splitlines()
    return [json.loads(line) for line in lines if '"case parked"' in line and str(case) in line]
