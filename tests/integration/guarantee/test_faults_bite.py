"""The test of the test: with a piece of the guarantee taken out, the same count fails.

Each round sends mails while one service is stopped at a chosen point; the first round shows
that a healthy platform survives all of these points.
"""

import pytest

from tests.integration.guarantee.breaking import Breaking
from tests.support.faults.history_counts import count, each_mail_is_in_once, read_histories
from tests.support.faults.mail_counts import Mail, Senders, conversations

TALKS, REPLIES = 40, 3
TIMEOUT = 8.0

pytestmark = pytest.mark.real


def round_of_mails(breaking: Breaking, *points: str) -> list[Mail]:
    """Send mails, half of them once every point was passed."""
    talks = conversations(TALKS, REPLIES, " and ".join(points))
    with (
        breaking.started_again(),
        Senders(breaking.platform.ports["smtp"], talks) as senders,
    ):
        senders.allow(len(senders.mails) // 2)
        for point in points:
            breaking.wait_for_mark(point)
        senders.send_all()
    return senders.mails


def test_a_healthy_platform_survives_every_point(breaking: Breaking) -> None:
    """Killed before a commit, before and after publishing; answers, commits and seeks lost."""
    commits = ("crash_before_commit", "fail_commit", "lose_answer")
    sends = ("crash_before_send", "crash_after_send")
    breaking.plant({"intake": sends, "workflow": commits})
    mails = round_of_mails(breaking, *commits, *sends)
    counted = count(breaking.platform, mails)
    print(counted)
    assert (counted.cases, counted.comments) == (TALKS, TALKS * REPLIES)


def test_the_position_outside_the_transaction_is_caught(breaking: Breaking) -> None:
    """A batch that is lost after its position was kept is never read again."""
    breaking.plant({"workflow": ["position_outside", "crash_before_commit"]})
    mails = round_of_mails(breaking, "crash_before_commit")
    with pytest.raises(AssertionError, match="mails are not in once"):
        count(breaking.platform, mails)


def test_a_relay_without_catch_up_is_caught(breaking: Breaking) -> None:
    """What was kept and not published before the crash is never heard of."""
    breaking.plant({"intake": ["no_catch_up", "crash_before_send"]})
    mails = round_of_mails(breaking, "crash_before_send")
    with pytest.raises(AssertionError, match="mails are not in once"):
        count(breaking.platform, mails)


def test_no_deduplication_is_caught(breaking: Breaking) -> None:
    """What intake published twice is two comments."""
    breaking.plant({"intake": ["crash_after_send"], "workflow": ["no_deduplication"]})
    mails = round_of_mails(breaking, "crash_after_send")
    with pytest.raises(AssertionError, match="mails are not in once"):
        count(breaking.platform, mails)


def test_a_lost_answer_taken_for_a_failure_is_caught(breaking: Breaking) -> None:
    """Where the positions are not read again, compare-and-set refuses all that follows."""
    breaking.plant({"workflow": ["believe_failure", "lose_answer"]})
    mails = round_of_mails(breaking, "lose_answer")
    with pytest.raises(AssertionError, match="it is not quiet"):
        count(breaking.platform, mails, timeout=3)
    assert breaking.platform.log("workflow").count("were moved by another owner") > 10
    breaking.mend()
    assert count(breaking.platform, mails).cases == TALKS


def test_believing_the_fetch_position_is_caught(breaking: Breaking) -> None:
    """What was rolled back is passed over, and the mails in it are lost."""
    breaking.plant({"workflow": ["believe_fetch_position", "fail_commit"]})
    # What is fetched while partitions are taken over is read once more, whoever believes what.
    breaking.platform.wait_until_ready("workflow")
    mails = round_of_mails(breaking, "fail_commit")
    with pytest.raises(AssertionError, match=r"mails are not in once|it is not quiet"):
        count(breaking.platform, mails, timeout=TIMEOUT)
    with pytest.raises(AssertionError, match="mails are not in once"):
        each_mail_is_in_once(read_histories(breaking.platform, mails), mails)
