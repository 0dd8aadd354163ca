"""The ports of intake, in addition to those of the runtime."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_definition.schema.agreements import Agreement
from case_definition.schema.directory import Agent, Contact, Customer
from case_events.envelope import Actor, Record
from case_events.kernel import Draft
from case_events.tokens.thread import ReturnToken, ThreadToken
from msgspec import Struct

from case_intake.application.react import CaseSnapshot
from case_intake.domain.inbound import NumberedCase, Thread


class InboundRecord(Struct, frozen=True, kw_only=True):
    """The record of one inbound mail or form. `raw` is its key in the blob store.

    `digest` is the SHA-256 (hex) of the body; `outcome` and `why` are those of its routing.
    """

    id: UUID
    tenant: str
    channel: str
    digest: str
    raw: str
    received_at: datetime
    message_id: str = ""
    outcome: str = ""
    why: str = ""
    case: UUID | None = None
    reference: str = ""


class StoredAnswer(Struct, frozen=True, kw_only=True):
    """The answer stored under an Idempotency-Key, and the digest of the form that was answered."""

    digest: str
    case: UUID
    reference: str


class InboundRepository(Protocol):
    """Inbound records, references, threads and Idempotency-Keys, in one open transaction."""

    async def lock(self, key: str) -> None:
        """Take the lock of this key, and hold it until the transaction ends."""

    async def mail(self, tenant: str, message_id: str, digest: str) -> InboundRecord | None:
        """The record of the mail with this Message-ID and body; None if there is none."""

    async def exists(self, tenant: str, arrived: UUID) -> bool:
        """Whether there is an inbound record with this id."""

    async def answer(self, tenant: str, principal: str, key: str) -> StoredAnswer | None:
        """The answer that this principal got under this Idempotency-Key; None if there is none."""

    async def case(self, tenant: str, case: UUID) -> NumberedCase | None:
        """The case of the tenant with this id; None if there is none."""

    async def case_by_reference(
        self, tenant: str, references: Sequence[str]
    ) -> NumberedCase | None:
        """The first of these references, in any capitalisation, that is a case of the tenant."""

    async def thread(self, tenant: str, message_ids: Sequence[str]) -> Thread | None:
        """The thread of the last of these Message-IDs that has one; None if none of them has."""

    async def next_number(self, tenant: str, year: int) -> int:
        """The next number in the tenant's year, from 1. Holds the counter until the transaction
        ends."""

    async def save(self, arrived: InboundRecord) -> None:
        """Store an inbound record."""

    async def save_case(self, tenant: str, case: NumberedCase) -> None:
        """Store a case, so that its id and its reference find it."""

    async def save_thread(self, tenant: str, message_id: str, case: UUID, public: bool) -> None:
        """Assign a Message-ID to a case. A Message-ID that has a case stays with it."""

    async def save_answer(
        self, tenant: str, principal: str, key: str, answered: StoredAnswer
    ) -> None:
        """Store the answer that is repeated under this Idempotency-Key."""


class IntakeTransaction(Protocol):
    """One open transaction. It commits everything that is stored and published in it, or
    nothing."""

    @property
    def now(self) -> datetime: ...
    @property
    def repository(self) -> InboundRepository: ...
    def new_id(self) -> UUID:
        """A new id, with the time of this transaction."""

    async def case_snapshot(self, case: UUID) -> CaseSnapshot:
        """The state of a case, from the part of its history that intake has processed."""

    def publish(self, draft: Draft, cause: Record | None = None) -> None:
        """Publish a record when the transaction commits; `cause` is the record that caused it."""


class IntakeOutbox(Protocol):
    """Begins a transaction for the input of one tenant.

    `actor` is the actor of every record that the transaction publishes; None for a mail, whose
    sender is found in the transaction.
    """

    def open(
        self, tenant: str, actor: Actor | None = None
    ) -> AbstractAsyncContextManager[IntakeTransaction]: ...


class BlobWriter(Protocol):
    """The store of raw mails and files, by tenant and SHA-256."""

    async def put(self, tenant: str, *contents: bytes) -> tuple[str, ...]:
        """Store contents durably. Returns their SHA-256 (hex), in the same order.

        Raises `Unavailable` if it is not certain that all of them are stored.
        """


class IntakeDirectory(Protocol):
    """The reference data that intake reads."""

    def newest(self, tenant: str) -> Definition | None: ...
    def customer(self, tenant: str, customer: str) -> Customer | None: ...
    def agreement(self, key: str) -> Agreement: ...
    def agreement_of(self, tenant: str, customer: str) -> Agreement | None: ...
    def definition(self, key: str) -> Definition: ...
    def contact(self, tenant: str, contact: str) -> Contact | None: ...
    def contacts_of(self, tenant: str, customer: str) -> Sequence[Contact]: ...
    def agent(self, tenant: str, agent: str) -> Agent | None: ...
    def contact_by_address(self, tenant: str, address: str) -> Contact | None: ...
    def agent_by_address(self, tenant: str, address: str) -> Agent | None: ...
    def tenant_receiving(self, address: str) -> str | None: ...


class ReadToken(Protocol):
    """Reads the case from an address or a Message-ID that this platform signed."""

    def __call__(self, tenant: str, text: str) -> ThreadToken | None: ...


class ReadReturn(Protocol):
    """Reads the case and the mark of a mail from a return address that this platform signed."""

    def __call__(self, tenant: str, address: str) -> ReturnToken | None: ...


class IntakePorts(Struct, frozen=True, kw_only=True):
    """The ports of intake."""

    outbox: IntakeOutbox
    blobs: BlobWriter
    directory: IntakeDirectory
    read_token: ReadToken
    read_return: ReadReturn
