"""The one runtime of all services: inbox, log, relay, timers and effects.

This package is what a service imports of the runtime: the values and errors that its adapters meet,
how its effects are performed, and its outbox. Public as well are `case_events.runtime.host` (a
process of a service), `case_events.runtime.postgres` and `case_events.runtime.kafka`. All other
modules are internal.
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
