"""An altered history is caught, and the event is named (issue 3, point 10)."""

from uuid import UUID

import psycopg
import pytest

from tests.integration.guarantee.breaking import Breaking
from tests.support.counting_histories import count, read_histories
from tests.support.counting_mails import Senders, contacts, conversation
from tests.support.running import RunningPlatform

REPLIES = 3

pytestmark = pytest.mark.real


@pytest.mark.parametrize("place", [1, 4, -1])
def test_an_altered_byte_is_caught_and_named(breaking: Breaking, place: int) -> None:
    """In the first event, in the middle, and at the head of the chain."""
    platform = breaking.platform
    case, length = a_case(platform)
    version = place if place > 0 else length
    [(value,)] = platform.query(
        "workflow", "SELECT value FROM log WHERE case_id = %s AND version = %s", case, version
    )
    altered = bytearray(value)
    altered[altered.index(b'"recorded_at":"20') + len(b'"recorded_at":"20')] ^= 1
    change = "UPDATE log SET value = %s WHERE case_id = %s AND version = %s"
    alter(platform, change, bytes(altered), case, version)
    try:
        with pytest.raises(AssertionError, match=f"case {case}, event {version}: .*1 cases do not"):
            platform.command("case", "verify", "--all")
    finally:
        alter(platform, change, value, case, version)
    assert "0 cases do not fit" in platform.command("case", "verify", "--all")


def test_an_event_taken_out_is_caught_and_named(breaking: Breaking) -> None:
    platform = breaking.platform
    case, _ = a_case(platform)
    hide = "UPDATE log SET version = %s WHERE case_id = %s AND version = %s"
    alter(platform, hide, 0, case, 3)
    try:
        with pytest.raises(AssertionError, match=f"case {case}, event 3: it is missing"):
            platform.command("case", "verify", "--all")
    finally:
        alter(platform, hide, 3, case, 0)
    assert "0 cases do not fit" in platform.command("case", "verify", "--all")


def a_case(platform: RunningPlatform) -> tuple[UUID, int]:
    """A case with a few events: its id and how many."""
    talk = conversation(contacts()[0], "to be altered", REPLIES)
    with Senders(platform.ports["smtp"], [talk]) as senders:
        senders.send_all()
    counted = count(platform, senders.mails)
    [case] = read_histories(platform, senders.mails)
    return case, counted.events


def alter(platform: RunningPlatform, statement: str, *values: object) -> None:
    """What somebody with the keys to the database may do."""
    with psycopg.connect(platform.database("workflow"), autocommit=True) as connection:
        done = connection.execute(statement.encode(), values)
        assert done.rowcount == 1
