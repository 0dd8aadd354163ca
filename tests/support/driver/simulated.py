"""The scenario language on the simulated platform: time moves as the story says."""

from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_events.contracts.commands import ChangeStatus, Command
from case_events.envelope import Record
from case_events.runtime import BlobMissing
from case_events.testing.asgi_client import AsgiClient
from case_events.testing.virtual_time import VirtualLoop
from case_events.topics import CASES, REFUSALS
from case_intake.domain.inbound import id_key
from case_portal.app import make_app
from case_portal.commands.service import CommandService
from case_portal.core.files import Upload
from case_portal.core.principal import Account, Principal, principal_of
from case_portal.core.problem import Problem
from casefold.publishing import Published, reference_record
from fastapi import FastAPI

from tests.support.desk.values import Answer, Delivery, File, Person, Sent
from tests.support.driver.api import ApiDriver
from tests.support.driver.real_requests import WAYS
from tests.support.wire import codec
from tests.support.world.history import verify_case
from tests.support.world.intake import SimulatedIntake
from tests.support.world.platform import PAGES, SECRET, SimulatedPlatform
from tests.support.world.portal import SimulatedCases, SimulatedCommandGateway
from tests.support.world.portal_app import portal_of
from tests.support.world.recomputed_clocks import check_recomputed
from tests.support.world.topic_writers import check_topics

T = TypeVar("T")
SETTLED = timedelta(seconds=5)
"""More than the grace in which an answer may still be on its way."""


class SimulatedDriver(ApiDriver):
    """Implements `scenario.Driver`. Use it as a context: it stops the platform at the end."""

    def __init__(self, reference: Reference, start_at: datetime, seed: int = 7) -> None:
        self.reference = reference
        self.played = [f"seed {seed}, from {start_at}"]
        """What it takes to play the same again."""
        self._loop = VirtualLoop()
        self.platform = SimulatedPlatform(reference, start_at.astimezone(UTC), seed)
        self._cases = SimulatedCases(self.platform.services["portal"].log.state)
        self._desk = SimulatedCommandGateway(self.platform)
        self._commands = CommandService(self._cases, self.platform.blobs, reference, self._desk)
        process = self.platform.services["portal"]
        self.forms = SimulatedIntake(
            process.outbox, process.log.state, SECRET, self.now, self.platform.settle
        )
        pages_desk = SimulatedCommandGateway(self.platform, "portal")
        self.portal = portal_of(self.platform, (pages_desk, self._desk), self.forms, self.now)
        self._app = make_app(self.portal)
        intake = self.platform.doors.api
        super().__init__(self._client(self._app, "/api/v1"), self._client(intake, "/api/v1"))

    def __enter__(self) -> Self:
        self._run(self.platform.start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._check_run()
        finally:
            self._run(self.platform.stop())
            self._loop.close()

    def _check_run(self) -> None:
        """In the end deadlines and breaches are those recorded, and topics as announced."""
        for name, process in self.platform.services.items():
            if process.runtime is None:
                self.start(name)
        self.pass_until(self.now() + SETTLED)
        of_case: dict[UUID | None, list[Record]] = {}
        for entry in self.platform.services["workflow"].log.entries():
            if entry.topic == CASES:
                of_case.setdefault(entry.case, []).append(codec.decode(entry.value))
        for records in of_case.values():
            check_recomputed(records, self.reference, self.now(), self.played)
        check_topics(self.platform.services)

    def now(self) -> datetime:
        return self.platform.start_at + timedelta(seconds=self._loop.time())

    def pass_until(self, at: datetime) -> None:
        self._run(self.platform.pass_until(at))

    def publish(self, published: Published) -> None:
        """One more document of reference data arrives at every service."""
        record = reference_record(published, self.platform.ids, self.now())

        async def arrives() -> None:
            for process in self.platform.services.values():
                if process.runtime is not None:
                    process.runtime.apply_reference(record)

        self._run(arrives())
        self._settle()

    def stop(self, service: str) -> None:
        self._run(self.platform.services[service].kill())

    def start(self, service: str) -> None:
        async def begin() -> None:
            self.platform.services[service].start()
            await self.platform.settle()

        self._run(begin())

    def deliver(self, raw: bytes, sender: str, to: Sequence[str]) -> Delivery:
        code = self._run(self.platform.doors.mail(raw, sender, to))
        if code != 250:
            return Delivery(code)
        self._settle()
        # The last of that Message-ID; of all, where it has none.
        message_id = id_key(
            str(BytesHeaderParser().parsebytes(raw)["Message-ID"] or "").strip(" <>\r\n")
        )
        found = [
            one.reference
            for one in self.platform.arrivals.arrived()
            if message_id in ("", one.message_id)
        ]
        return Delivery(250, found[-1])

    def session_of(self, who: Person) -> dict[str, str]:
        """See `ApiDriver`. The session begins without a password, also for people who have no
        account."""
        token = f"{who.tenant}/{who.kind}/{who.id}"
        account = Account(tenant=who.tenant, kind=who.kind, person=who.id, user=who.address)
        self.platform.book.sessions[token] = account
        return {"Authorization": f"Bearer {token}"}

    def ask(self, who: Person, reference: str, command: Command, files: Sequence[File]) -> Answer:
        """See `ApiDriver`; a command for which the API has no request of one case, such as
        `MigrateCase`, is published as the API would, and a step with files as the page does."""
        if type(command) in WAYS and not (files and isinstance(command, ChangeStatus)):
            return super().ask(who, reference, command, files)
        uploads = [Upload(name=file.name, type=file.type, data=file.data) for file in files]
        principal = self._principal(who)
        asked = self._run(self._commands.submit(principal, reference, command, uploads))
        assert not isinstance(asked, Problem), asked
        assert asked.answer is not None, f"{command} has no outcome"
        return msgspec.convert(msgspec.to_builtins(asked.answer), Answer)

    def sent(self) -> list[Sent]:
        self._settle()
        return list(self.platform.sent)

    def refusals(self) -> list[Record]:
        self._settle()
        records = [codec.decode(one.value) for one in self.platform.bus.records(REFUSALS)]
        return sorted(records, key=lambda record: record.recorded_at)

    def arrived(self, tenant: str, sha256: str) -> bytes | None:
        try:
            return self._run(self.platform.blobs.get(tenant, sha256))
        except BlobMissing:
            return None

    def asked(self) -> list[UUID]:
        """Every command that was taken in."""
        return list(self._desk.commands)

    def records(self, reference: str) -> list[Record]:
        """The history of a case as workflow wrote it."""
        return [codec.decode(value) for value in self._values(reference)]

    def flaws(self, tenant: str, reference: str) -> list[str]:
        self._settle()
        case = codec.decode(self._values(reference, tenant)[0]).originator_id
        verified = verify_case(self.platform.services["workflow"].log.state, case)
        return [f"event {flaw.version}: {flaw.why}" for flaw in verified.flaws]

    def _values(self, reference: str, tenant: str = "") -> list[bytes]:
        log = self.platform.services["workflow"].log.entries()
        entries = [e for e in log if e.topic == CASES and tenant in ("", e.headers["ce_tenant"])]
        case = next(
            entry.case
            for entry in entries
            if getattr(codec.decode(entry.value).data, "reference", "") == reference
        )
        return [entry.value for entry in entries if entry.case == case]

    def _principal(self, who: Person) -> Principal:
        account = Account(tenant=who.tenant, kind=who.kind, person=who.id, user=who.address)
        principal = principal_of(account, self.reference)
        assert principal is not None, f"{who} is nobody"
        return principal

    def _browser(self) -> AsgiClient:
        return self._client(self._app)

    def _client(self, app: FastAPI, path: str = "") -> AsgiClient:
        return AsgiClient(app, PAGES + path, self._loop)

    def _settle(self) -> None:
        self._run(self.platform.settle())

    def _run(self, step: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(step)
