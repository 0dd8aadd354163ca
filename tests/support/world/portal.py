"""The portal's ports over the log of its simulated process, for pages and the API."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from case_events.contracts.commands import Command
from case_events.envelope import Actor
from case_events.runtime import Origin
from case_events.testing.memory.state import State
from case_events.topics import COMMANDS
from case_portal.commands.ports import CommandReceipt
from case_portal.core.principal import PerPrincipal, Principal, Scope
from case_portal.read_model.history import read_entry
from case_portal.read_model.ports import Listing, Page
from case_portal.read_model.view import (
    CaseView,
    CommandOutcome,
    FoundCase,
    HistoryEntry,
    LinkView,
    RefusalView,
)
from case_portal.refusals.ports import KeptRefusal, RefusalPage

from tests.support.world.case_views import view_of
from tests.support.world.platform import SimulatedPlatform

CHANNEL = "api"
T = TypeVar("T")


def whoever(port: T) -> PerPrincipal[T]:
    """A port in memory, the same for all principals: it depends only on the scope."""
    return lambda principal: port


class SimulatedCases:
    """`case_portal.read_model.ports.Cases`, over the documents of the reaction."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def listed(self, scope: Scope, listing: Listing) -> Page:
        """The cases of a view: those that wait for the contact first, then the last changed ones;
        or by due, then in order of arrival."""
        wanted = {"active": (False,), "closed": (True,), "all": (False, True)}[listing.view]
        found = [one for one in self._visible(scope) if (one.view.status_kind == "final") in wanted]
        found.sort(key=lambda one: (one.view.updated_at, str(one.id)), reverse=True)
        found.sort(key=lambda one: not one.view.stands_out)
        if listing.order == "due":
            found.sort(key=_due_then_arrival)
        return Page(found)

    async def found(self, scope: Scope, reference: str) -> FoundCase | None:
        """The case of a reference, within a scope."""
        named = (
            one for one in self._visible(scope) if one.view.reference.upper() == reference.upper()
        )
        return next(named, None)

    async def existing(self, scope: Scope, references: Collection[str]) -> frozenset[str]:
        """Those of these references that are cases within a scope."""
        return frozenset(one.view.reference for one in self._visible(scope)) & frozenset(references)

    async def entries(self, case: UUID, internal: bool) -> list[HistoryEntry]:
        """The history of a case, in order."""
        rows = sorted(
            (key, document)
            for (of, key), document in self._state.documents.items()
            if of == case and key.startswith("entry:")
        )
        entries = [read_entry(msgspec.json.decode(document)) for _, document in rows]
        return [entry for entry in entries if internal or not entry.internal]

    async def undecided(self, scope: Scope, decision: str, most: int) -> list[FoundCase]:
        """The cases with this decision requested and not made, the longest requested first."""
        found = [
            (one.view.decisions[decision].asked_at, one)
            for one in self._visible(scope)
            if decision in one.view.decisions
            and one.view.decisions[decision].state == "asked"
            and one.view.status_kind != "final"
        ]
        found.sort(key=lambda asked: (asked[0], str(asked[1].id)))
        return [one for _, one in found][:most]

    async def links(self, case: UUID) -> list[LinkView]:
        """The other cases that are, or were, linked to a case."""
        links = [
            msgspec.json.decode(document, type=LinkView)
            for (of, key), document in self._state.documents.items()
            if of == case and key.startswith("link:")
        ]
        return sorted(links, key=lambda link: (link.at, str(link.case)))

    def _visible(self, scope: Scope) -> Iterator[FoundCase]:
        for case, kept in self._state.snapshots.items():
            view = view_of(kept.state)
            if view.reference and _in_scope(scope, view):
                yield FoundCase(case, view)


def _due_then_arrival(one: FoundCase) -> tuple[bool, datetime, str]:
    pressing = one.view.pressing
    at = pressing.due if pressing else one.view.created_at
    assert at is not None
    return pressing is None, at, str(one.id)


class SimulatedRefusals:
    """`case_portal.refusals.ports.Refusals`, over the documents of the reaction."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def refused(self, scope: Scope, page: int, size: int) -> RefusalPage:
        """The refusals, latest first."""
        found = sorted(self._of(scope), key=lambda one: (one.at, str(one.id)), reverse=True)
        first = (page - 1) * size
        return RefusalPage(
            [
                KeptRefusal(one, self._concerned(scope, one).reference)
                for one in found[first : first + size]
            ],
            len(found) > first + size,
        )

    async def refusal(self, scope: Scope, refusal: UUID) -> RefusalView | None:
        """One refusal."""
        return next((one for one in self._of(scope) if one.id == refusal), None)

    def _of(self, scope: Scope) -> Iterator[RefusalView]:
        for (_, key), document in self._state.documents.items():
            if key.startswith("refused:"):
                refusal = msgspec.json.decode(document, type=RefusalView)
                hidden = self._concerned(scope, refusal).hidden_from
                if refusal.tenant == scope.tenant and scope.viewing_agent not in hidden:
                    yield refusal

    def _concerned(self, scope: Scope, refusal: RefusalView) -> CaseView:
        kept = self._state.snapshots.get(refusal.case) if refusal.case else None
        view = view_of(kept.state) if kept else CaseView()
        return view if view.tenant == scope.tenant else CaseView()


class SimulatedCommandGateway:
    """`case_portal.commands.ports.CommandGateway`: commands go through the outbox, outcomes come at
    once.

    `channel` is the channel of its commands.
    """

    def __init__(self, platform: SimulatedPlatform, channel: str = CHANNEL) -> None:
        self._channel = channel
        self._platform, self._portal = platform, platform.services["portal"]
        self.commands: list[UUID] = []
        self._requesters: dict[UUID, tuple[Principal, str]] = {}

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        """Publish a command. Returns its outcome if the needed services run."""
        origin = Origin(
            tenant=principal.tenant,
            actor=Actor(kind=principal.kind, id=principal.id, capacity=principal.kind),
            channel=self._channel,
            definition=case.view.definition,
        )
        async with self._portal.outbox.open() as transaction:
            record = transaction.publish(COMMANDS, command, origin, case.id)
        self.commands.append(record.id)
        self._requesters[record.id] = (principal, case.view.reference)
        await self._platform.settle()
        answers = self.answers(record.id)
        assert len(answers) <= 1, f"{command} has several outcomes: {answers}"
        return CommandReceipt(
            command=record.id,
            reference=case.view.reference,
            answer=answers[0] if answers else None,
        )

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        """The outcome of a command, for its sender."""
        requester, reference = self._requesters.get(command, (None, ""))
        if requester != principal:
            return None
        answers = self.answers(command)
        return CommandReceipt(
            command=command, reference=reference, answer=answers[0] if answers else None
        )

    def answers(self, command: UUID) -> list[CommandOutcome]:
        """The outcomes of a command: never more than one."""
        rows = self._portal.log.state.documents.items()
        return [
            msgspec.json.decode(document, type=CommandOutcome)
            for (_, key), document in rows
            if key == f"outcome:{command}"
        ]


def _in_scope(scope: Scope, view: CaseView) -> bool:
    asked = (
        (scope.tenant, view.tenant),
        (scope.customer, view.customer),
        (scope.agent, view.agent),
    )
    own = scope.contact in (None, view.contact)
    watched = f"contact/{scope.contact}" in view.people.watchers
    fits = all(wanted in (None, is_) for wanted, is_ in asked)
    seen = scope.viewing_agent not in view.hidden_from
    return not scope.nothing and fits and (own or watched) and seen
