"""The scenario language on the simulated platform: time moves as the story says."""

from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import msgspec
from case_definition.lookup.reference import Reference
from case_events import tokens
from case_events.contracts.commands import Command
from case_events.envelope import Record
from case_events.runtime.blobs import BlobMissing
from case_events.topics import CASES, REFUSALS
from case_intake.domain.inbound import id_key
from case_portal.cases import serializers as answers
from case_portal.commands.service import CommandService
from case_portal.core.files import Upload
from case_portal.core.principal import Account, Principal, principal_of, scope_of
from case_portal.core.problem import Problem
from case_portal.links.service import complete, visible_links
from case_portal.progress.serializers import waiting_model
from case_portal.progress.service import waiting
from case_portal.read_model.ports import Listing
from case_portal.read_model.reading import find_file, history, open_case
from casefold.publishing import Published, reference_record

from tests.support.desk.values import (
    AccountTold,
    Answer,
    CaseTold,
    Delivery,
    Entry,
    File,
    Form,
    Person,
    Sent,
    WaitingTold,
)
from tests.support.desk.visitors import SimulatedVisitor
from tests.support.driver.form_requests import made_of
from tests.support.wire import codec
from tests.support.world.clock_accounts import account_told
from tests.support.world.history import verify_case
from tests.support.world.knowledge import SimulatedKnowledge
from tests.support.world.platform import SECRET, SimulatedPlatform
from tests.support.world.portal import SimulatedCases, SimulatedCommandGateway
from tests.support.world.recomputed_clocks import check_recomputed
from tests.support.world.topic_writers import check_topics
from tests.support.world.virtual_time import VirtualLoop

T = TypeVar("T")
SETTLED = timedelta(seconds=5)
"""More than the grace in which an answer may still be on its way."""


class SimulatedDriver(SimulatedKnowledge):
    """Implements `scenario.Driver`. Use it as a context: it stops the platform at the end."""

    def __init__(self, reference: Reference, start_at: datetime, seed: int = 7) -> None:
        self.reference = reference
        self.played = [f"seed {seed}, from {start_at}"]
        """What it takes to play the same again."""
        self._loop = VirtualLoop()
        self.platform = SimulatedPlatform(reference, start_at.astimezone(UTC), seed)
        self._cases = SimulatedCases(self.platform.processes["portal"])
        self._desk = SimulatedCommandGateway(self.platform)
        self._commands = CommandService(self._cases, self.platform.blobs, reference, self._desk)

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
        for name, process in self.platform.processes.items():
            if process.runtime is None:
                self.start(name)
        self.pass_until(self.now() + SETTLED)
        of_case: dict[UUID | None, list[Record]] = {}
        for entry in self.platform.processes["workflow"].log.entries():
            if entry.topic == CASES:
                of_case.setdefault(entry.case, []).append(codec.decode(entry.value))
        for records in of_case.values():
            check_recomputed(records, self.reference, self.now(), self.played)
        check_topics(self.platform.processes)

    def now(self) -> datetime:
        return self.platform.start_at + timedelta(seconds=self._loop.time())

    def pass_until(self, at: datetime) -> None:
        self._run(self.platform.pass_until(at))

    def publish(self, published: Published) -> None:
        """One more document of reference data arrives at every service."""
        record = reference_record(published, self.platform.ids, self.now())

        async def arrives() -> None:
            for process in self.platform.processes.values():
                if process.runtime is not None:
                    process.runtime.apply_reference(record)

        self._run(arrives())
        self._settle()

    def stop(self, service: str) -> None:
        self._run(self.platform.processes[service].kill())

    def start(self, service: str) -> None:
        async def begin() -> None:
            self.platform.processes[service].start()
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

    def create(self, who: Person, form: Form) -> str | list[Answer]:
        claims = {"tenant": who.tenant, "kind": who.kind, "id": who.id}
        token = tokens.issue(SECRET, claims, datetime.now(UTC) + timedelta(minutes=2))
        return self._posted(token, form)

    def _posted(self, token: str, form: Form) -> str | list[Answer]:
        response = self._run(self.platform.doors.post(token, form))
        self._settle()
        return made_of(response)

    def ask(self, who: Person, reference: str, command: Command, files: Sequence[File]) -> Answer:
        uploads = [Upload(name=file.name, type=file.type, data=file.data) for file in files]
        asked = self._run(
            self._commands.submit(self._principal(who), reference, command, uploads, complete)
        )
        if isinstance(asked, Problem):
            return Answer(
                status="refused", code=asked.code, field=asked.field, rule=asked.rule,
                reason=asked.reason,
            )  # fmt: skip
        if asked.answer is None:
            return Answer(status="pending")
        return msgspec.convert(msgspec.to_builtins(asked.answer), Answer)

    def case(self, who: Person, reference: str) -> CaseTold | None:
        principal = self._principal(who)
        found = self._run(open_case(self._cases, self.reference, principal, reference))
        if isinstance(found, Problem):
            return None
        links = self._run(visible_links(self._cases, principal, found))
        told = answers.details(found, principal, self.reference, links)
        return msgspec.convert(told.model_dump(mode="json", by_alias=True), CaseTold)

    def history(self, who: Person, reference: str) -> list[Entry] | None:
        principal = self._principal(who)
        found = self._run(open_case(self._cases, self.reference, principal, reference))
        if isinstance(found, Problem):
            return None
        entries = self._run(history(self._cases, principal, found))
        told = [
            answers.entry_model(entry, found.view.reference, who.tenant, self.reference)
            for entry in entries
        ]
        return [msgspec.convert(one.model_dump(mode="json", by_alias=True), Entry) for one in told]

    def account(self, who: Person, reference: str, at: datetime | None) -> AccountTold | None:
        asked = account_told(self._cases, self.reference, self._principal(who), reference)
        return self._run(asked(at or self.now()))

    def file(self, who: Person, reference: str, sha256: str) -> bytes | None:
        principal = self._principal(who)
        found = self._run(open_case(self._cases, self.reference, principal, reference))
        if isinstance(found, Problem):
            return None
        file = find_file(self._run(history(self._cases, principal, found)), sha256)
        return self.arrived(who.tenant, file.sha256) if file else None

    def references(self, who: Person, view: str) -> list[str]:
        return self._listed(who, msgspec.convert({"view": view}, Listing))

    def queue(self, who: Person) -> list[str]:
        """The open cases as an agent takes them up: what is due first, then as they came."""
        return self._listed(who, Listing(order="due"))

    def _listed(self, who: Person, listing: Listing) -> list[str]:
        page = self._run(self._cases.listed(scope_of(self._principal(who)), listing))
        return [case.view.reference for case in page.cases]

    def invite(self, who: Person, contact: str) -> Answer:
        invited = self._run(self.platform.access.invite(self._principal(who), contact))
        if isinstance(invited, Problem):
            return Answer(
                status="refused", code=invited.code, field=invited.field, rule=invited.rule,
                reason=invited.reason,
            )  # fmt: skip
        return Answer(status="done")

    def visitor(self) -> SimulatedVisitor:
        return SimulatedVisitor(self.platform.access, self._run, self)

    def waiting(self, who: Person, decision: str) -> list[WaitingTold] | None:
        principal = self._principal(who)
        found = self._run(waiting(self._cases, self.reference, principal, decision))
        if isinstance(found, Problem):
            return None
        told = [waiting_model(one, principal.language).model_dump(mode="json") for one in found]
        return msgspec.convert(told, list[WaitingTold])

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
        verified = verify_case(self.platform.processes["workflow"].log.state, case)
        return [f"event {flaw.version}: {flaw.why}" for flaw in verified.flaws]

    def _values(self, reference: str, tenant: str = "") -> list[bytes]:
        log = self.platform.processes["workflow"].log.entries()
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

    def _settle(self) -> None:
        self._run(self.platform.settle())

    def _run(self, step: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(step)
