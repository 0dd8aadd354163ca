"""`docs/walk.md`, made of the functions themselves: a name that changes changes on the page.

After a change: `python -m tests.contract.docs.walk`.
"""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from case_clocks.fold import advance
from case_events.runtime import Outbox, OutboxTransaction
from case_events.runtime.blobs import FolderBlobs
from case_events.runtime.engine.batch_collector import BatchCollector
from case_events.runtime.engine.effects import Effects
from case_events.runtime.engine.loop import Runtime
from case_events.runtime.engine.relay import Relay
from case_events.runtime.engine.unit_of_work import UnitOfWork
from case_events.runtime.engine.work import read_delivery
from case_events.runtime.kafka.inbox import KafkaInbox
from case_events.runtime.kafka.publisher import KafkaPublisher
from case_events.runtime.postgres.log import PostgresLog
from case_events.runtime.postgres.requests import RequestTransaction
from case_events.runtime.postgres.transaction import PostgresTransaction
from case_events.wire.codec import Codec
from case_intake.adapters.outbox import PostgresIntakeOutbox
from case_intake.application.accept import accept
from case_intake.application.record_inbound import apply_routing
from case_intake.domain.inbound import inbound_mail
from case_intake.domain.mail.reading import read
from case_intake.domain.mail_routing import route_mail
from case_intake.entrypoints.smtp import SmtpHandler, receiver
from case_notify.adapters.message import message_bytes
from case_notify.adapters.smtp import SmtpMail
from case_notify.application.react import reaction
from case_portal.cases.case_page import case_page
from case_portal.cases.pages import live, read_page
from case_portal.database.signals import Signals
from case_portal.projection import react as project
from case_portal.read_model.history import entry_of
from case_portal.read_model.queries import PostgresCases
from case_portal.read_model.reading import history, open_case
from case_sla.application.react import Reaction
from case_workflow.application.react import react
from case_workflow.application.requester import requester_of
from case_workflow.domain.automation.consequences import what_follows
from case_workflow.domain.case import fold

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "walk.md"
Function = Callable[..., Any]


class Part(NamedTuple):
    """A part of the way: its result, and its functions in the order of their calls."""

    title: str
    about: str
    hops: tuple[tuple[Function, str], ...]


HEAD: Final = """\
# The way of one mail

The way of one mail, from SMTP to the page that shows its case: each function, and what it does.
Each name links to its file. `python -m tests.contract.docs.walk` generates this page from the
functions themselves, and a test compares the two; do not edit it here.
[The architecture](architecture.md) explains the reasons.
"""

WALK: Final = (
    Part(
        "intake: from SMTP to `250`",
        "The sender gets `250` when the mail and its case are on disk, not before.",
        (
            (SmtpHandler.handle_RCPT, "Refuses an address at which no tenant receives mail."),
            (receiver, "Finds the tenant of an address, with or without a plus part."),
            (SmtpHandler.handle_DATA, "Stores the mail within a deadline; answers `250` or `451`."),
            (read, "Parses the raw message: headers, text, files, whether a machine wrote it."),
            (
                inbound_mail,
                "Makes one inbound mail of it, a value with the hashes of its contents.",
            ),
            (accept, "Does the rest in one transaction. The same mail gets the same answer."),
            (
                FolderBlobs.put,
                "Writes and syncs the raw mail and its files, before the transaction.",
            ),
            (
                PostgresIntakeOutbox.open,
                "Begins the transaction, with access to the tables of intake.",
            ),
            (Outbox.open, "The runtime's half: its records commit together with those tables."),
            (route_mail, "Decides, pure: a new case, a reply to a case, or a refusal."),
            (apply_routing, "Assigns the reference of the case, and stores the decision."),
            (OutboxTransaction.publish, "Adds `CaseCreated` to the records of the transaction."),
            (Codec.encode, "Converts the record to bytes, and seals its personal part."),
            (
                RequestTransaction.next_sequences,
                "Takes the next sequences of the log, under a lock.",
            ),
            (
                PostgresTransaction.append,
                "Writes the record to the log, if it is of this tenant. The commit follows, then"
                " `250`.",
            ),
        ),
    ),
    Part(
        "From the log to the topic",
        "Every service publishes in this way. A crash may publish a record twice, but loses none.",
        (
            (Relay.run, "Wakes up at the commit, or at `NOTIFY` from another process."),
            (PostgresLog.unpublished, "Reads the unpublished records, in the order of the log."),
            (Relay.publish, "Sends in that order, and waits for the broker."),
            (
                KafkaPublisher.send,
                "Passes the records to Kafka, with their signature in the headers.",
            ),
            (PostgresLog.mark_published, "Stores how far the log is published."),
        ),
    ),
    Part(
        "workflow: one record, one transaction",
        "The loop below is the same in all five services; only the reaction differs.",
        (
            (KafkaInbox.take, "Takes the records that the FastStream subscriber received."),
            (Runtime.work, "One turn: take, process, commit; after a failure, read again."),
            (BatchCollector.next_batch, "Adds timers that may fire and results of effects."),
            (
                Runtime.process,
                "Read this function first: it reacts to a batch and stores all in one commit.",
            ),
            (
                PostgresLog.transaction,
                "Begins the transaction; fails if another replica owns the partition now.",
            ),
            (read_delivery, "Checks the signature and decodes the record, of any version."),
            (UnitOfWork.load, "Loads the states of all cases of the batch, with one query."),
            (
                UnitOfWork.take,
                "Skips duplicates, parks unprocessable records, and calls the reaction.",
            ),
            (react, "The reaction of workflow: from a record to events, or to a refusal."),
            (requester_of, "The requester, and their capacity."),
            (fold, "The state of the case after an event."),
            (
                what_follows,
                "The consequences that the definition adds: routing, a status, an answer.",
            ),
            (
                UnitOfWork.write,
                "Writes events, states, timers, effects and the position. The commit follows.",
            ),
            (
                Runtime.on_committed,
                "After the commit: updates the cache, and passes events to the relay.",
            ),
        ),
    ),
    Part(
        "sla and notify: side by side",
        "Both services read the topic `cases`. Workflow reads what they publish, and adds to the"
        " history what still holds.",
        (
            (
                Reaction.__call__,
                "The reaction of sla: from events to deadlines, and the next timer.",
            ),
            (
                advance,
                "Moves the clocks of a case by an event, on the calendar of the agreement.",
            ),
            (
                reaction,
                "Makes the reaction of notify, which asks for the confirmation as an effect.",
            ),
            (Effects.run, "Performs stored effects, and tries them again by their retry policy."),
            (
                message_bytes,
                "Builds the mail, with the same Message-ID at each attempt.",
            ),
            (
                SmtpMail.__call__,
                "Passes the mail to the mail server. The answer comes back as a record.",
            ),
        ),
    ),
    Part(
        "portal: to the page",
        "The portal reacts to the same events, and stores the documents that pages show.",
        (
            (
                project,
                "The reaction of the portal: from an event to the row of the case and an entry.",
            ),
            (entry_of, "The entry of the history, as it is stored and shown."),
            (Signals.run, "Receives the `NOTIFY` of that commit, on every replica."),
            (live, "Tells the pages that show the case to load it again."),
            (read_page, "Answers `GET` for the page of a case."),
            (open_case, "Finds the case, as far as its reader may see it; otherwise 404."),
            (PostgresCases.found, "The query, behind row-level security."),
            (history, "The entries that this reader may see."),
            (case_page, "Assembles the page: fields, history, clocks, and possible commands."),
        ),
    ),
)


def walk() -> str:
    """The page, as Markdown."""
    return HEAD + "".join(
        f"\n## {part.title}\n\n{part.about}\n\n{''.join(map(_line, part.hops))}" for part in WALK
    )


def _line(hop: tuple[Function, str]) -> str:
    function, about = hop
    inner = inspect.unwrap(function)
    file = Path(inspect.getfile(inner)).relative_to(ROOT)
    return f"1. [`{inner.__qualname__}`](../{file.as_posix()}): {about}\n"


if __name__ == "__main__":
    PAGE.write_text(walk(), encoding="utf-8")
