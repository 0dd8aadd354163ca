"""Accepts a mail: stores its contents in the blob store, and everything else in one transaction.

The sender gets `250` after `accept` has returned. By then all of the mail is on disk.
"""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from case_definition.lookup.definition import Definition
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.unregistered import is_address, unregistered_id

from case_intake.application.ports import (
    InboundRecord,
    InboundRepository,
    IntakeDirectory,
    IntakePorts,
    IntakeTransaction,
    ReadToken,
)
from case_intake.application.record_inbound import apply_routing, definition_of
from case_intake.domain.inbound import (
    CaseAccess,
    InboundMail,
    MailSender,
    Thread,
    clean,
    id_key,
)
from case_intake.domain.mail_routing import CHANNEL, Known, route_mail
from case_intake.domain.returned_mail import ReturnedMail
from case_intake.domain.routing_result import RoutingResult


async def accept(inbound: InboundMail, ports: IntakePorts) -> InboundRecord:
    """Accept a mail. The same mail gets the same record, however often it is delivered.

    Raises `UnknownTenant`, and the errors of the ports; in that case nothing is acknowledged.
    """
    definition = definition_of(inbound.tenant, ports.directory)
    await ports.blobs.put(inbound.tenant, inbound.raw, *inbound.contents)
    async with ports.outbox.open(inbound.tenant) as transaction:
        repository = transaction.repository
        identity = (inbound.tenant, inbound.message_id, inbound.digest)
        await repository.lock("/".join(("mail", *identity)))
        before = await repository.mail(*identity)
        if before is not None:
            return before
        routing = route_mail(inbound, await _known(inbound, definition, transaction, ports))
        arrived = InboundRecord(
            id=transaction.new_id(),
            tenant=inbound.tenant,
            channel=CHANNEL,
            message_id=inbound.message_id,
            digest=inbound.digest,
            raw=inbound.raw_key,
            received_at=transaction.now,
        )
        kept = await apply_routing(routing, arrived, definition, transaction)
        if kept.case is not None and kept.message_id and kept.outcome != "bounce":
            public = _is_public(routing)
            await repository.save_thread(kept.tenant, kept.message_id, kept.case, public)
        return kept


async def _known(
    inbound: InboundMail, definition: Definition, transaction: IntakeTransaction, ports: IntakePorts
) -> Known:
    tenant, mail, repository = inbound.tenant, inbound.mail, transaction.repository
    nearest_first = mail.references[::-1]
    answered = await _signed(tenant, nearest_first, repository, ports.read_token)
    if answered is None:
        answered = await repository.thread(tenant, [id_key(one) for one in mail.references])
    addressed = await _signed(tenant, tuple(_addresses(inbound)), repository, ports.read_token)
    named = await repository.case_by_reference(
        tenant, definition.references_in(clean(mail.subject))
    )
    sender = _sender(tenant, mail.from_.address, ports.directory)
    goes_on = partial(_goes_on, sender=sender, definition=definition, transaction=transaction)
    return Known(
        definition=definition,
        at=transaction.now,
        people=ports.directory,
        sender=sender,
        from_us=_is_ours(inbound, definition, ports),
        returned=await _returned(inbound, repository, ports),
        addressed=await goes_on(addressed),
        answered=await goes_on(answered),
        named=await goes_on(Thread(named, public=False) if named else None),
    )


async def _goes_on(
    thread: Thread | None,
    *,
    sender: MailSender,
    definition: Definition,
    transaction: IntakeTransaction,
) -> Thread | None:
    """The thread in the case that continues after a merge. A person with access to one of these
    cases has the same access to the last one."""
    if thread is None:
        return None
    case, part, had = thread.case, CaseAccess.NONE, set[UUID]()
    while True:
        had.add(case.id)
        snapshot = await transaction.case_snapshot(case.id)
        part = max(part, sender.part_in(case, snapshot.watchers, definition))
        if snapshot.merged_into is None or snapshot.merged_into in had:
            break
        into = await transaction.repository.case(definition.tenant, snapshot.merged_into)
        if into is None:
            break
        case = into
    return Thread(case, thread.public, part)


async def _signed(
    tenant: str, texts: tuple[str, ...], repository: InboundRepository, read_token: ReadToken
) -> Thread | None:
    for text in texts:
        token = read_token(tenant, text)
        case = await repository.case(tenant, token.case) if token else None
        if token and case:
            return Thread(case, token.public)
    return None


async def _returned(
    inbound: InboundMail, repository: InboundRepository, ports: IntakePorts
) -> ReturnedMail | None:
    """The mail of ours that a report is about: by its Message-ID, the return address, or else the
    reply address in the returned mail. A mail to a return address is about the one that it
    marks."""
    tenant, bounce = inbound.tenant, inbound.mail.bounce
    for message_id in bounce.returned if bounce else ():
        token = ports.read_token(tenant, message_id)
        case = await repository.case(tenant, token.case) if token and not token.vouches else None
        if case is not None:
            return ReturnedMail(case, message_id=message_id)
    for address in (*_addresses(inbound), *(bounce.returned if bounce else ())):
        marked = ports.read_return(tenant, address)
        case = await repository.case(tenant, marked.case) if marked else None
        if marked is not None and case is not None:
            return ReturnedMail(case, mark=marked.mark)
    if bounce is None:
        return None
    thread = await _signed(tenant, bounce.returned, repository, ports.read_token)
    return ReturnedMail(thread.case) if thread else None


def _addresses(inbound: InboundMail) -> Iterator[str]:
    yield from inbound.recipients
    yield from (one.address for one in (*inbound.mail.to, *inbound.mail.cc))


def _sender(tenant: str, address: str, directory: IntakeDirectory) -> MailSender:
    contact = directory.contact_by_address(tenant, address)
    agent = directory.agent_by_address(tenant, address)
    return MailSender(
        contact=contact if contact and contact.active else None,
        agent=agent if agent and agent.active else None,
        unregistered=unregistered_id(address) if is_address(address) else "",
        listed=contact is not None or agent is not None,
    )


def _is_ours(inbound: InboundMail, definition: Definition, ports: IntakePorts) -> bool:
    """Whether this platform sent the mail: by its sender, or by a Message-ID that it signed."""
    sender = definition.document.mail.sender.address
    plain = without_plus(inbound.mail.from_.address)
    if plain.casefold() == sender.casefold() or ports.directory.tenant_receiving(plain) is not None:
        return True
    return ports.read_token(inbound.tenant, inbound.mail.message_id or "") is not None


def without_plus(address: str) -> str:
    """An address without its plus part."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _is_public(routing: RoutingResult) -> bool:
    replies = [draft.event for draft in routing.drafts]
    return all(event.public for event in replies if isinstance(event, ReplyReceived))
