"""Notify under the one runtime, with its ports in memory and virtual time."""

import asyncio
from random import Random

import msgspec
from case_events.contracts.messages import MessageRequested
from case_events.contracts.notices import NoticeSent
from case_events.contracts.parts import Person
from case_events.envelope import Record
from case_events.runtime import EffectResult, Ids, PendingEffect
from case_events.runtime.engine.loop import Runtime, RuntimePorts
from case_events.testing import virtual_time
from case_events.testing.memory import Faults, MemoryBus, MemoryGroup, MemoryLog, MemoryPublisher
from case_events.topics import CASES, MESSAGES, NOTICES
from case_events.wire.signing import Destination
from case_notify.adapters.handlers import effect_handlers
from case_notify.adapters.memory import MemoryAddressBook
from case_notify.application.react import service
from case_notify.domain.mail import OutgoingMail

from tests.support.wire import codec
from tests.unit.notify.sample_desk import (
    ANNA,
    CASE,
    MAIL_SETTINGS,
    START,
    created,
    record,
    reference,
)


class Platform:
    """A bus of one partition with notify on it, and the mail that it sent."""

    def __init__(self, poll: float = 1.0) -> None:
        self.bus = MemoryBus(1)
        self.log = MemoryLog(START)
        self.sent: list[OutgoingMail] = []
        self.attempts: list[EffectResult] = []
        notify, faults = service(MAIL_SETTINGS), Faults()
        self.runtime = Runtime(
            notify,
            reference(),
            RuntimePorts(
                inbox=MemoryGroup(self.bus, notify.topics).inbox(faults),
                log=self.log.via(faults),
                publisher=MemoryPublisher(self.bus, faults),
                handlers=effect_handlers(
                    self.handle_effect, self.handle_effect, MemoryAddressBook()
                ),
                ids=Ids(Random(7)),
                codec=codec,
                owner="notify-0",
                partition_count=1,
                poll=poll,
            ),
        )

    async def handle_effect(self, pending: PendingEffect) -> EffectResult:
        """Do as the test planned; done where it planned nothing."""
        self.sent.append(msgspec.json.decode(pending.effect.payload, type=OutgoingMail))
        return self.attempts.pop(0) if self.attempts else EffectResult("done")

    def publish(self, topic: str, given: Record, sequence: int) -> None:
        """A record as another service would publish it."""
        key = str(given.case or given.tenant)
        value = codec.encode(given)
        headers = codec.headers(given, value, sequence, Destination(topic, 0, key))
        self.bus.append(topic, 0, key, value, headers)

    async def works(self, seconds: float) -> None:
        """Let it work for a while of virtual time."""
        task = asyncio.create_task(self.runtime.run())
        await asyncio.wait({task}, timeout=seconds)
        task.cancel()
        await asyncio.wait({task})

    def notices(self) -> list[NoticeSent]:
        """What it told the history."""
        entries = [one for one in self.log.entries() if one.topic == NOTICES]
        answer = [codec.decode(one.value).data for one in entries]
        return [one for one in answer if isinstance(one, NoticeSent)]


def test_a_case_is_confirmed_once_though_its_record_comes_twice() -> None:
    platform = Platform()
    platform.attempts.append(EffectResult("again", "452 later"))
    for _ in range(2):
        platform.publish(CASES, record(created(), ANNA), 1)
    virtual_time.run(platform.works(60))
    assert len({mail.message_id for mail in platform.sent}) == 1
    (notice,) = platform.notices()
    assert (notice.about, notice.recipient, notice.attempts) == (1, "contact/anna", 2)
    assert CASE in platform.log.snapshots()
    assert not platform.log.state.parked


def test_a_message_asked_for_twice_is_sent_once_and_tells_no_case() -> None:
    platform = Platform()
    asked = MessageRequested(
        key="arrival-1",
        template="unknown_sender",
        language="nl",
        values={"subject": "Hello"},
        personal=Person("who@elsewhere.example"),
    )
    for sequence in (1, 2):
        platform.publish(MESSAGES, record(asked, version=sequence, case=None), sequence)
    virtual_time.run(platform.works(60))
    assert [mail.to.address for mail in platform.sent] == ["who@elsewhere.example"]
    assert not platform.log.entries()
    assert not platform.log.state.parked
