"""The scenario language on the simulated platform: the story moves the time."""

from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_events.contracts.commands import Command
from case_events.envelope import Record
from case_events.runtime import BlobMissing
from case_events.testing.asgi_client import AsgiClient
from case_events.testing.keys import SECRET
from case_events.testing.virtual_time import VirtualLoop
from case_events.topics import CASES, REFUSALS
from case_intake.domain.inbound import id_key
from case_portal.app import make_app
from case_portal.core.principal import Account
from casefold.publishing import Published, reference_record
from fastapi import FastAPI

from tests.support.desk.values import Answer, Delivery, Person, Sent
from tests.support.desk.visitors import Visitor
from tests.support.driver.api import ApiDriver
from tests.support.wire import codec
from tests.support.world.history import verify_case
from tests.support.world.intake import SimulatedIntake
from tests.support.world.platform import PAGES, SimulatedPlatform
from tests.support.world.portal import SimulatedCommandGateway
from tests.support.world.portal_app import portal_of
from tests.support.world.recomputed_clocks import check_recomputed
from tests.support.world.topic_writers import check_topics

T = TypeVar("T")
SETTLED = timedelta(seconds=5)
"""Longer than the grace period in which an answer may still be on its way."""


class SimulatedDriver(ApiDriver):
    """Implements `scenario.Driver`. Use it as a context: it stops the platform at the end."""

    def __init__(self, reference: Reference, start_at: datetime, seed: int = 7) -> None:
        self.reference = reference
        self.played = [f"seed {seed}, from {start_at}"]
        """The steps with which the same run can be repeated."""
        self._loop = VirtualLoop()
        self.platform = SimulatedPlatform(reference, start_at.astimezone(UTC), seed)
        self._desk = SimulatedCommandGateway(self.platform)
        self._browsers: dict[Person, Visitor] = {}
        process = self.platform.services["portal"]
        intake = SimulatedIntake(
            process.outbox, process.log.state, SECRET, self.now, self.platform.settle
        )
        pages_desk = SimulatedCommandGateway(self.platform, "portal")
        self.portal = portal_of(self.platform, (pages_desk, self._desk), intake, self.now)
        self._app = make_app(self.portal)
        super().__init__(
            self._client(self._app, "/api/v1"),
            self._client(self.platform.entry_points.api, "/api/v1"),
        )

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
        """At the end, recomputed deadlines and breaches must equal the recorded ones, and topics
        must have only their declared writers."""
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
        code = self._run(self.platform.entry_points.mail(raw, sender, to))
        if code != 250:
            return Delivery(code)
        self._settle()
        # The last mail with that Message-ID; the last of all, without one.
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
        """See `ApiDriver`. The session needs no password, also for people without an account."""
        token = f"{who.tenant}/{who.kind}/{who.id}"
        account = Account(tenant=who.tenant, kind=who.kind, person=who.id, user=who.address)
        self.platform.book.sessions[token] = account
        return {"Authorization": f"Bearer {token}"}

    def browser(self, who: Person) -> Visitor:
        """A browser in which a person has logged in; the same one each time."""
        if who not in self._browsers:
            user = f"{who.kind}-{who.id}@{who.tenant}"
            account = Account(tenant=who.tenant, kind=who.kind, person=who.id, user=user)
            self.platform.book.open_account(account, user)
            visitor = self.visitor()
            logged_in = visitor.logs_in(user, user)
            assert logged_in.status == "done", logged_in
            self._browsers[who] = visitor
        return self._browsers[who]

    def publish_command(self, who: Person, reference: str, command: Command) -> Answer:
        """A third-party service sends a command to a case, by the topic of commands."""
        last = self.records(reference)[-1]
        record = self._run(self.platform.integration.publish(who, last, command))
        self._settle()
        (answer,) = self._desk.answers(record.id)
        return msgspec.convert(msgspec.to_builtins(answer), Answer)

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
        """Every command that was accepted."""
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

    def _browser(self) -> AsgiClient:
        return self._client(self._app)

    def _client(self, app: FastAPI, path: str = "") -> AsgiClient:
        return AsgiClient(app, PAGES + path, self._loop)

    def _settle(self) -> None:
        self._run(self.platform.settle())

    def _run(self, step: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(step)
