"""A zombie writes nothing (issue 3, point 13): stopped past its session, then woken."""

import signal

import pytest

from tests.integration.guarantee.breaking import Breaking
from tests.support.faults.history_counts import count
from tests.support.faults.mail_counts import Senders, conversations
from tests.support.real.platform import PARTITIONS, RunningPlatform, eventually

TALKS, REPLIES = 20, 2
EVERYTHING = "SELECT count(*), max(sequence) FROM log UNION ALL SELECT count(*), 0 FROM snapshots"


@pytest.mark.real
def test_a_zombie_writes_nothing_and_becomes_a_good_member_again(
    breaking: Breaking, platform: RunningPlatform
) -> None:
    zombie = breaking.second("workflow", "hold_batch")
    eventually(lambda: len(owners(platform)) == 2, 30, "two replicas share the partitions")
    assert any(owner.endswith(f"/{zombie.pid}") for owner in owners(platform))

    breaking.mark("hold")
    talks = conversations(TALKS, REPLIES, "while a zombie sleeps")
    with Senders(platform.ports["smtp"], talks) as senders:
        senders.allow(len(senders.mails) // 2)
        breaking.wait_for_mark("held")
        senders.send_all()
    counted = count(platform, senders.mails)
    assert (counted.cases, counted.comments) == (TALKS, TALKS * REPLIES)
    assert [*owners(platform)] == [owner_of(platform, "workflow")]

    written = platform.query("workflow", EVERYTHING)
    zombie.send_signal(signal.SIGCONT)
    eventually(lambda: "have another owner" in platform.log("workflow-2"), 20, "it was fenced")
    eventually(lambda: len(owners(platform)) == 2, 30, "it is a member again")
    assert platform.query("workflow", EVERYTHING) == written

    talks = conversations(TALKS, REPLIES, "after a zombie woke")
    with Senders(platform.ports["smtp"], talks) as senders:
        senders.send_all()
    after = count(platform, senders.mails)
    partitions = owners(platform)
    print(
        f"{counted}; fenced, {written[0][0]} records before and after it woke; {after};"
        f" {partitions}"
    )
    assert (after.cases, after.comments) == (TALKS, TALKS * REPLIES)
    assert sum(map(len, partitions.values())) == PARTITIONS


def owners(platform: RunningPlatform) -> dict[str, list[int]]:
    """Who owns which partitions of workflow."""
    return dict(
        platform.query(
            "workflow", "SELECT owner, array_agg(partition) FROM partitions GROUP BY owner"
        )
    )


def owner_of(platform: RunningPlatform, name: str) -> str:
    """The owner as which a process enters itself."""
    [owner] = [o for o in owners(platform) if o.endswith(f"/{platform.processes[name].pid}")]
    return owner
