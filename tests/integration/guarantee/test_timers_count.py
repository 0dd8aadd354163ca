"""Timers on real servers, counted: never early, never twice, never lost (C8).

The last tests take a piece of the guarantee out: the same count fails. With PostgreSQL the row of
a timer that fired is gone, so that a zombie can fire none twice; what only the fence keeps from it
is to fire one from what it remembers, over what another has heard since.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from casefold import process
from casefold.project import TOPICS_FILE
from casefold.topics import apply_topics, read_topics

from tests.integration.guarantee.ringing import Ringing
from tests.support.real.platform import PARTITIONS, RunningPlatform, eventually

pytestmark = pytest.mark.real
MANY, SOME = 20_000, 200
UNREAD = 6_000
"""Records of other cases that lie before the answers."""


@pytest.fixture(scope="module")
def bare_servers() -> Iterator[RunningPlatform]:
    """Kafka and PostgreSQL, and no service."""
    with TemporaryDirectory(prefix="casefold-timers-", ignore_cleanup_errors=True) as folder:
        platform = RunningPlatform(Path(folder))
        try:
            platform.kafka.start()
            platform.postgres.start()
            topics = read_topics(TOPICS_FILE, PARTITIONS, replication=1)
            asyncio.run(apply_topics(platform.kafka.bootstrap, topics))
            yield platform
        finally:
            platform.stop()


@pytest.fixture
def ringing(bare_servers: RunningPlatform) -> Iterator[Ringing]:
    """An empty database, an empty topic, and no replica yet."""
    made = Ringing(bare_servers)
    try:
        yield made
    finally:
        made.stop()


def test_many_timers_fire_once_whatever_breaks(ringing: Ringing) -> None:
    """C8: killed in mid-fire, handed over while thousands are due, the database killed, a
    replica's clock an hour ahead, rows set anew and cleared while they fire."""
    cases = ringing.fill(MANY, 2, 45)
    killed = ringing.start("wrong_clock", "crash_in_mid_fire")
    ringing.wait_for_mark("crash_in_mid_fire")
    second = ringing.start("wrong_clock")
    moved, cleared = ringing.move(cases[:500], 3), ringing.clear(cases[500:1000])
    eventually(lambda: ringing.left() < MANY * 0.8, 40, "timers fire")
    third = ringing.start()
    eventually(lambda: {second.pid, third.pid} <= ringing.owners(), 20, "two share the partitions")
    assert ringing.left() > MANY * 0.1, "partitions were handed over while timers fire"
    moved += ringing.move(cases[1000:1500], 3)
    cleared += ringing.clear(cases[1500:2000])
    ringing.platform.postgres.kill()
    time.sleep(1)
    ringing.platform.postgres.start()
    process.kill(second)
    counted = ringing.count(timeout=60)
    print(f"{counted} fired; {moved} set anew and {cleared} cleared meanwhile")
    assert counted == MANY - cleared
    assert killed.poll() is not None


def away_with_answers_unread(ringing: Ringing, *faults: str) -> int:
    """Nobody runs when timers fall due; answers that came in time lie behind many records."""
    cases = ringing.fill(SOME, 3, 4)
    others = ringing.fill(UNREAD, 3600, 7200)
    ringing.answer([*others, *cases[: SOME // 2]])
    eventually(lambda: ringing.now() > max(ringing.expected.values()), 20, "all are due")
    ringing.start(*faults)
    return ringing.count(timeout=40)


def moved_while_they_fire(ringing: Ringing, *faults: str) -> int:
    """Half of what a replica has in hand is set to later."""
    cases = ringing.fill(SOME, -1, 0)
    ringing.start("hold_timers", *faults)
    ringing.wait_for_mark("holds_timers")
    overdue = (ringing.now() - min(ringing.expected.values())).total_seconds()
    assert ringing.move(cases[: SOME // 2], overdue + 6) == SOME // 2
    (ringing.marks / "go_on").touch()
    return ringing.count(timeout=40)


def fenced_with_timers_in_hand(ringing: Ringing, *faults: str) -> int:
    """The owner stands still with timers in hand and what it remembers of their cases. Another
    takes over and hears more of them; before it fires, the first one wakes."""
    cases = ringing.fill(SOME, 6, 6.5)
    ringing.tell(cases)
    zombie = ringing.start("stop_with_timers", *faults)
    ringing.wait_for_mark("stopped_with_timers")
    ringing.tell(cases)
    second = ringing.start("hold_timers")
    eventually(lambda: ringing.owners() == {second.pid}, 40, "another has the partitions")
    eventually(lambda: ringing.have_heard() == SOME, 20, "it heard what came since")
    assert ringing.left() == SOME
    ringing.wake(zombie)
    ringing.wait_until_it_tried(zombie)
    (ringing.marks / "go_on").touch()
    return ringing.count(timeout=40)


def test_what_was_answered_in_time_does_not_fire_after_an_outage(ringing: Ringing) -> None:
    """C8: no timer fires before its partition was read to an end that was taken after its due."""
    assert away_with_answers_unread(ringing) == SOME // 2


def test_what_is_set_anew_in_mid_fire_fires_at_its_new_due(ringing: Ringing) -> None:
    """C8: a look at the wheel binds nobody."""
    assert moved_while_they_fire(ringing) == SOME


def test_firing_whatever_lies_unread_is_caught(ringing: Ringing) -> None:
    """The wait for the end of the partition, taken out."""
    with pytest.raises(AssertionError, match="counted wrong"):
        away_with_answers_unread(ringing, "no_barrier")


def test_firing_whatever_stands_is_caught(ringing: Ringing) -> None:
    """The comparison of the due with that of the row, taken out."""
    with pytest.raises(AssertionError, match="counted wrong"):
        moved_while_they_fire(ringing, "no_generation")


def test_who_was_overtaken_fires_nothing(ringing: Ringing) -> None:
    """C8: a replica that was taken for dead wakes with timers in hand."""
    assert fenced_with_timers_in_hand(ringing) == SOME


def test_firing_without_the_partition_is_caught(ringing: Ringing) -> None:
    """The fence, taken out."""
    with pytest.raises(AssertionError, match="counted wrong"):
        fenced_with_timers_in_hand(ringing, "no_fence")
