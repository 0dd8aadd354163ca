"""A service of an older version beside newer ones, and its upgrade."""

import pytest

from tests.integration.guarantee.breaking import Breaking
from tests.support.faults.history_counts import count
from tests.support.faults.mail_counts import Senders, contacts, conversation
from tests.support.real.platform import eventually

pytestmark = pytest.mark.real


def test_what_an_older_workflow_does_not_know_waits_for_its_upgrade(breaking: Breaking) -> None:
    """It takes in new cases as ever; their replies go on by themselves once it is upgraded."""
    platform = breaking.platform
    breaking.plant({"workflow": ["know_no_replies"]})
    talks = [conversation(sender, "of two versions", 2) for sender in contacts()[:2]]
    with Senders(platform.ports["smtp"], talks) as senders:
        senders.send_all()

    def waiting() -> list[str]:
        rows = platform.query("workflow", "SELECT error FROM parked ORDER BY place")
        return [error for (error,) in rows]

    eventually(lambda: len(waiting()) == 4, 40, "all replies wait")
    unread = [error for error in waiting() if error != "behind a parked record"]
    assert len(unread) == 2
    assert {error.partition(":")[0] for error in unread} == {"cannot be read"}

    breaking.mend()
    eventually(lambda: not waiting(), 40, "they go on by themselves")
    counted = count(platform, senders.mails)
    assert (counted.cases, counted.comments) == (2, 4)
