"""Reference data: verified, read, and passed on."""

from collections.abc import Callable

import structlog

from case_events.envelope import Delivery, Record
from case_events.runtime.engine.metrics import Metrics
from case_events.runtime.quarantine import Quarantine
from case_events.wire.codec import Codec, UnreadableRecord
from case_events.wire.signing import Forged
from case_events.wire.versions import only_informs

logger = structlog.get_logger()


class ReferenceReader:
    """Takes records of the reference topics in order, and applies the genuine ones.

    The topics are read completely at every start. A quarantined record is read again then, and
    applied if an operator has released it.
    """

    def __init__(
        self,
        codec: Codec,
        quarantine: Quarantine,
        metrics: Metrics,
        apply: Callable[[Record], None],
    ) -> None:
        self._codec, self._quarantine = codec, quarantine
        self._metrics, self._apply = metrics, apply

    async def take(self, delivery: Delivery) -> None:
        """Apply one record, or quarantine it. Raises `Unavailable` if it cannot be stored."""
        place = {"topic": delivery.topic, "offset": delivery.offset}
        try:
            self._codec.check(delivery)
        except Forged as forged:
            state = await self._quarantine.quarantine(delivery, str(forged))
            if state == "waiting":
                self._metrics.held(delivery.topic)
                logger.error("record quarantined", why=str(forged), **place)  # noqa: TRY400 - it is no failure of ours
            if state != "released":
                return
        try:
            self._apply(self._codec.decode(delivery.value))
        except (UnreadableRecord, ValueError):
            if only_informs(delivery.headers):
                return
            # A newer version wrote it. That version reads it at its start, like every record of
            # these topics.
            logger.exception("reference record cannot be used", **place)
