"""Records that an inbox has fetched and lost, and nothing after them that would show the gap."""

import pytest

from tests.integration.guarantee.breaking import Breaking
from tests.integration.guarantee.test_observed import measured
from tests.support.faults.history_counts import count
from tests.support.faults.mail_counts import Senders, conversations
from tests.support.real.platform import eventually

TALKS = 20
SEEKING = "records lie unread: seeking again"
UNPUBLISHED = """
SELECT count(*) FROM log LEFT JOIN published USING (partition)
WHERE log.sequence > coalesce(published.sequence, 0)
"""


@pytest.mark.real
def test_what_an_inbox_lost_is_read_again_though_nothing_follows(breaking: Breaking) -> None:
    platform = breaking.platform
    platform.kill("workflow")
    with Senders(platform.ports["smtp"], conversations(TALKS, 0, "lost on the way")) as senders:
        senders.send_all()
    eventually(lambda: platform.query("intake", UNPUBLISHED) == [(0,)], 30, "all is in the topic")
    logged_before = platform.log("workflow").count(SEEKING)
    breaking.plant({"workflow": ["lose_the_rest"]})
    breaking.wait_for_mark("lose_the_rest")
    counted = count(platform, senders.mails)
    assert (counted.cases, counted.comments) == (TALKS, 0)
    again = measured(platform, "workflow")['casefold_seeks_again_total{topic="intake"}']
    assert again >= 1
    assert platform.log("workflow").count(SEEKING) - logged_before == again
