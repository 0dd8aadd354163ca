"""An altered history is caught, and the event is named (issue 3, point 10)."""

from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from tests.integration.guarantee.by_hand import publish, reply
from tests.support.faults.history_counts import Event, count, read_histories
from tests.support.faults.mail_counts import Senders, contacts, conversation
from tests.support.real.platform import RunningPlatform, eventually
from tests.support.wire import codec

REPLIES = 3
RECORDED_AT = b'"recorded_at":"20'

pytestmark = pytest.mark.real


def test_an_altered_byte_is_caught_and_named(platform: RunningPlatform) -> None:
    """In the first event, in the middle, and at the head of the chain."""
    case, length = a_case(platform)
    for version in (1, 4, length):
        [(value,)] = platform.query(
            "workflow", "SELECT value FROM log WHERE case_id = %s AND version = %s", case, version
        )
        altered = bytearray(value)
        altered[altered.index(RECORDED_AT) + len(RECORDED_AT)] ^= 1
        change = "UPDATE log SET value = %s WHERE case_id = %s AND version = %s"
        alter(platform, change, bytes(altered), case, version)
        try:
            proven_false(platform, f"case {case}, event {version}: it is not what")
        finally:
            alter(platform, change, value, case, version)
    assert "0 cases do not fit" in platform.command("case", "verify", "--all")


def test_an_event_taken_out_is_caught_and_named(platform: RunningPlatform) -> None:
    case, _ = a_case(platform)
    hide = "UPDATE log SET version = %s WHERE case_id = %s AND version = %s"
    alter(platform, hide, 0, case, 3)
    try:
        proven_false(platform, f"case {case}, event 3: it is missing")
    finally:
        alter(platform, hide, 3, case, 0)


def test_every_case_is_read_beside_what_is_no_case(platform: RunningPlatform) -> None:
    """What was refused because its case does not exist leaves a memory, and no history."""
    case, _ = a_case(platform)
    [(value,)] = platform.query(
        "workflow", "SELECT value FROM log WHERE case_id = %s AND version = 1", case
    )
    nowhere = uuid4()
    stray = replace(reply(Event(codec.decode(value), value)), case=nowhere)
    publish(platform, str(nowhere), stray.tenant, codec.encode(stray))
    known = "SELECT FROM snapshots WHERE case_id = %s"
    eventually(lambda: platform.query("workflow", known, nowhere), 20, "it was refused")
    [(events,)] = platform.query("workflow", "SELECT count(*) FROM log WHERE version > 0")
    assert f"{events} events of" in platform.command("case", "verify", "--all")


def proven_false(platform: RunningPlatform, flaw: str) -> None:
    """The command fails, and says which event of which case does not fit; no other case."""
    with pytest.raises(AssertionError) as failed:
        platform.command("case", "verify", "--all")
    assert flaw in str(failed.value)
    assert "1 cases do not fit" in str(failed.value)


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
