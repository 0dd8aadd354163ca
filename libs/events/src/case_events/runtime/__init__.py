"""The runtime of all services: inbox, log, relay, timers and effects.

A service imports these names: the values and errors that its adapters handle, the parts of its
effect handlers, and its outbox. Three modules are public too: `case_events.runtime.host` (a process
of a service), `case_events.runtime.postgres` and `case_events.runtime.kafka`. All other modules are
internal.
"""

from case_events.runtime.clock import Ids
from case_events.runtime.effect_handlers import Attempt, EffectHandler, EffectResult, RetryPolicy
from case_events.runtime.outbox import Origin, Outbox, OutboxTransaction
from case_events.runtime.ports import (
    BlobMissing,
    Blobs,
    OutboxEntry,
    PendingEffect,
    Transaction,
    Unavailable,
    WriteRejected,
)

__all__ = [
    "Attempt",
    "BlobMissing",
    "Blobs",
    "EffectHandler",
    "EffectResult",
    "Ids",
    "Origin",
    "Outbox",
    "OutboxEntry",
    "OutboxTransaction",
    "PendingEffect",
    "RetryPolicy",
    "Transaction",
    "Unavailable",
    "WriteRejected",
]
