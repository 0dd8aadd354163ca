"""The reactions of one transaction, staged in memory and written together."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from time import perf_counter
from typing import Generic
from uuid import UUID

import msgspec
import structlog

from case_events.envelope import Delivery, Record, digest
from case_events.kernel import Document, Effect, M, R, Service, Timer, TimerDue
from case_events.runtime.clock import Ids
from case_events.runtime.engine import tracing
from case_events.runtime.engine.cache import CachedState, StateCache
from case_events.runtime.engine.owned_partitions import OwnedPartitions
from case_events.runtime.engine.pending_entries import PendingEntry, assign_sequences, record_of
from case_events.runtime.engine.work import Work, as_delivery, cause_of
from case_events.runtime.parked import ToPark, Unprocessable, why
from case_events.runtime.ports import DueTimer, OutboxEntry, PositionUpdate, Transaction
from case_events.topics import CASES
from case_events.wire.codec import Codec

logger = structlog.get_logger()


class UnitOfWork(Generic[M, R]):
    """Collects the results of a batch. Nothing is stored before `write` and the commit."""

    def __init__(
        self,
        service: Service[M, R],
        reference: R,
        partitions: OwnedPartitions,
        partition_count: int,
        ids: Ids,
        codec: Codec,
    ) -> None:
        self.service, self.reference, self.partitions = service, reference, partitions
        self.partition_count, self.ids, self.codec = partition_count, ids, codec
        self.known: dict[UUID, CachedState[M]] = {}
        self.unreadable: dict[UUID, str] = {}
        self.changed: dict[UUID, CachedState[M]] = {}
        self.partition_by_case: dict[UUID, int] = {}
        self.pending: list[PendingEntry] = []
        self.entries: list[OutboxEntry] = []
        self.timers: dict[tuple[UUID, str], tuple[Timer, bytes]] = {}
        self.effects: list[tuple[UUID, Effect, bytes]] = []
        self.documents: dict[UUID, list[Document]] = defaultdict(list)
        self.position_updates: dict[tuple[str, int, str], PositionUpdate] = {}
        self.parked: list[ToPark] = []
        self.quarantined: list[tuple[Delivery, str]] = []
        self.duplicates = self.passed = 0
        self.began = self.written = perf_counter()
        self.failure: Unprocessable | None = None

    async def load(self, tx: Transaction, work: Sequence[Work], cache: StateCache[M]) -> None:
        """Load the states of all cases of a batch, with at most one query."""
        missing: list[UUID] = []
        for case in {item.case for item in work}:
            known = cache.get(case)
            if known is None:
                missing.append(case)
            else:
                self.known[case] = known
        if not missing:
            return
        decoder: msgspec.json.Decoder[M] = msgspec.json.Decoder(self.service.state_type)
        for case, kept in (await tx.load(missing)).items():
            try:
                state = decoder.decode(kept.state)
            except ValueError as error:
                self.unreadable[case] = f"what is remembered cannot be read: {error}"
            else:
                self.known[case] = CachedState(state, kept.version, kept.digest)

    def take(self, item: Work, now: datetime) -> None:
        """React to one item, unless it is a duplicate. Park its record if the case cannot go on."""
        self.partition_by_case[item.case] = item.partition
        if item.delivery is not None and self._is_duplicate(item.delivery):
            self.duplicates += 1
            return
        if item.forged:
            self._quarantine(item)
            return
        if (self.parked or self.partitions.parked) and self._is_parked(item):
            self.park(item, "behind a parked record")
            return
        if item.delivery is None and self._is_superseded(item):
            return
        try:
            self._react(item, now)
        except Exception as error:  # noqa: BLE001 - no error of one case may stop a partition
            self.park(item, *why(error))

    def retry(self, work: Sequence[Work], now: datetime) -> int:
        """React to the parked records of one case, in order. Return how many were processed."""
        for done, item in enumerate(work):
            self.partition_by_case[item.case] = item.partition
            try:
                self._react(item, now)
            except Exception as error:  # noqa: BLE001 - see `take`
                self.failure = Unprocessable(*why(error))
                return done
        return len(work)

    def admit(self, item: Work, now: datetime) -> None:
        """React to a record that was released from quarantine. Its position was moved earlier."""
        self.partition_by_case[item.case] = item.partition
        try:
            self._react(item, now)
        except Exception as error:  # noqa: BLE001 - see `take`
            self.park(item, *why(error))

    def park(self, item: Work, error: str, awaits: str = "") -> None:
        """Park a record. All later records of its case park behind it."""
        if not self._is_parked(item):
            logger.error(
                "case parked",
                tenant=item.tenant,
                case=str(item.case),
                version=item.record.version if item.record else 0,
                topic=item.topic,
                error=error,
            )
        delivery = as_delivery(item, self.codec)
        self.parked.append(ToPark(item.partition, item.case, delivery, error, awaits))

    def park_unprocessed(self, item: Work, error: str) -> None:
        """Park a record without a reaction."""
        self.partition_by_case[item.case] = item.partition
        if item.delivery is None or not self._is_duplicate(item.delivery):
            self.park(item, error)

    def _quarantine(self, item: Work) -> None:
        """Quarantine a record with an invalid signature. Its case does not wait for it."""
        delivery = as_delivery(item, self.codec)
        logger.error(
            "record quarantined",
            topic=delivery.topic,
            partition=delivery.partition,
            offset=delivery.offset,
            why=item.forged,
        )
        self.quarantined.append((delivery, item.forged))

    def _is_duplicate(self, delivery: Delivery) -> bool:
        """Move the position past a delivery. Return whether its sequence was processed before."""
        place = (delivery.topic, delivery.partition, delivery.source)
        earlier = self.position_updates.get(place)
        was = earlier.was if earlier else self.partitions.seen(delivery)
        had = earlier.sequence if earlier else was
        # The source of a forged record does not count; its offset is its position.
        sequence = delivery.sequence if delivery.source else delivery.offset + 1
        self.position_updates[place] = PositionUpdate(
            delivery.partition,
            delivery.topic,
            delivery.source,
            was,
            max(had, sequence),
            delivery.offset + 1,
        )
        return sequence <= had

    def _is_parked(self, item: Work) -> bool:
        if (item.partition, item.case) in self.partitions.parked:
            return True
        return bool(self.parked) and any(one.case == item.case for one in self.parked)

    def _is_superseded(self, item: Work) -> bool:
        """Return whether the item is a timer that a record of the same batch has set again or
        cleared."""
        if not self.timers or item.record is None:
            return False
        data = item.record.data
        return isinstance(data, TimerDue) and (item.case, data.name) in self.timers

    def _react(self, item: Work, now: datetime) -> None:
        if item.passes or item.ignored:
            self._pass_over(item)
            return
        record = item.record
        if record is None:
            raise Unprocessable(item.error, item.awaits)
        if self.unreadable and item.case in self.unreadable:
            raise Unprocessable(self.unreadable[item.case])
        if not self.reference.knows(record):
            raise Unprocessable(f"waits for {record.definition}", awaits=record.definition)
        known = self.known.get(item.case)
        version = known.version if known else 0
        if item.topic == CASES:
            if record.version != version + 1 and not self._is_next(record.version, version):
                return
            version = record.version
        if not tracing.exporting:
            self._stage(item, record, version, now, item.traceparent)
            return
        with tracing.span(self.service.name, item) as traceparent:
            self._stage(item, record, version, now, traceparent)

    def _is_next(self, version: int, after: int) -> bool:
        """Return whether this version is the next one of its case. Return False for a duplicate."""
        if version <= after:
            self.duplicates += 1
            return False
        if version > after + 1:
            raise Unprocessable(f"version {version} came after {after}")
        return True

    def _pass_over(self, item: Work) -> None:
        """Skip a record: only the version of its case advances."""
        self.passed += item.passes
        if item.topic != CASES or item.delivery is None:
            return
        version = int(item.delivery.headers.get("ce_version", "0"))
        known = self.known.get(item.case)
        if known is None:
            unreadable = self.unreadable.get(item.case, "its case is not known here")
            raise Unprocessable(item.error or unreadable, item.awaits)
        if version == known.version + 1 or self._is_next(version, known.version):
            passed = CachedState(known.state, version, known.digest)
            self.known[item.case] = self.changed[item.case] = passed

    def _stage(
        self, item: Work, record: Record, version: int, now: datetime, traceparent: str
    ) -> None:
        """React to one record. Return its outcome, and the log entries of its events."""
        known = self.known.get(item.case)
        outcome = self.service.react(known.state if known else None, record, self.reference)
        chain = known.digest if known else ""
        source = f"{self.service.name}/{item.partition}"
        pending: list[PendingEntry] = []
        for draft in outcome.events:
            history = self.service.writes_history and draft.topic == CASES
            new = draft.id or self.ids.new(now)
            if history:
                version += 1
                stamped = record_of(draft, new, source, record, now, (version, chain))
            else:
                stamped = record_of(draft, new, source, record, now)
            value = self.codec.encode(stamped)
            if history:
                chain = digest(value)
            pending.append(PendingEntry(item.partition, draft.topic, stamped, value, traceparent))
        cause = cause_of(record) if outcome.timers or outcome.effects else b""
        self.pending += pending  # all of them, or none if one cannot be encoded
        for timer in outcome.timers:
            self.timers[item.case, timer.name] = (timer, cause)
        self.effects += [(item.case, effect, cause) for effect in outcome.effects]
        if outcome.documents:
            self.documents[item.case] += outcome.documents
        if (
            known is None
            or (known.version, known.digest) != (version, chain)
            or (known.state != outcome.state)
        ):
            self.known[item.case] = self.changed[item.case] = CachedState(
                outcome.state, version, chain
            )

    async def write(self, tx: Transaction) -> None:
        """Write everything, with one statement for each kind of change."""
        if self.pending:
            self.entries = await assign_sequences(
                tx, self.pending, self.partition_count, self.codec
            )
            await tx.append(self.entries)
        snapshots = {case: known.snapshot() for case, known in self.changed.items()}
        await tx.save(self.partition_by_case, snapshots)
        if self.documents:
            await tx.save_documents(self.documents)
        if self.timers:
            timers = [(case, timer, cause) for (case, _), (timer, cause) in self.timers.items()]
            await tx.set_timers(self.partition_by_case, timers)
        if self.effects:
            await tx.add_effects(self.partition_by_case, self.effects)
        for parked in self.parked:
            await tx.park(*parked)
        for held in self.quarantined:
            await tx.quarantine(*held)
        await tx.advance(list(self.position_updates.values()))
        self.written = perf_counter()

    def set_timers(self) -> list[DueTimer]:
        """Return the timers that were set, as they are now."""
        return [
            DueTimer(self.partition_by_case[case], case, timer.name, timer.due)
            for (case, _), (timer, _) in self.timers.items()
            if timer.due is not None
        ]

    def cleared_timers(self) -> list[tuple[UUID, str]]:
        """Return the timers that were cleared."""
        return [key for key, (timer, _) in self.timers.items() if timer.due is None]

    def parked_cases(self) -> set[tuple[int, UUID]]:
        """Return the parked cases, as pairs of partition and case."""
        return {(one.partition, one.case) for one in self.parked}
