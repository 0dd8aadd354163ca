"""Two desks at work side by side, with a secret in every text that anybody writes."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
from case_definition.schema.directory import Agent, Auditor, Contact
from case_events.contracts.commands import AddComment, Command, SetFields
from case_events.contracts.parts import WrittenContent
from case_events.contracts.unregistered import is_unregistered
from case_events.envelope import Record
from case_events.topics import CASES
from case_portal.commands.ports import CommandReceipt
from case_portal.core.principal import Account, Principal, principal_of
from case_portal.read_model.view import FoundCase
from casefold.publishing import entries_of, terms_of

from tests.support.desk.mails import compose
from tests.support.desk.values import File, Person
from tests.support.driver.simulated import SimulatedDriver
from tests.support.isolation.secrets import Secret, new_word
from tests.support.isolation.twin_tenants import ABOUT, Twin, twins
from tests.support.wire import codec
from tests.support.world.case_views import view_of
from tests.support.world.reference_data import Shelved, publish

UNREGISTERED = Contact(
    tenant="", id="", name="", customer="", email="who@nowhere.example", language="en"
)
CONTACTS = 4
"""The number of contacts of each tenant, in addition to the contact of its own customer."""


class IsolationDriver(SimulatedDriver):
    """The simulated platform, which the portal's app uses as well."""

    def ask_as(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        """Send a command to a case, on the platform's own loop."""
        return self._run(self._desk.ask(principal, case, command))

    async def asked_as(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        """The outcome of a command."""
        return await self._desk.asked(principal, command)


class World:
    """The data of a played world, its people, and the owner of each secret."""

    def __init__(self, driver: IsolationDriver, pair: tuple[Twin, Twin], chance: Random) -> None:
        self.driver, self.pair, self._chance = driver, pair, chance
        self.reference = driver.reference
        self.secrets = [secret for twin in pair for secret in twin.secrets]
        self.places: dict[str, list[Secret]] = defaultdict(list)
        """Possible values in a path: a reference, a file's key, an id; each with the people for
        whom it exists."""
        self.kinds: dict[str, set[str]] = defaultdict(set)
        """The same values, by the name of the parameter that they fit."""
        self.accounts: dict[str, Account] = {}
        """Accounts by their tokens."""
        for twin in pair:
            self._open_accounts(twin)

    def principal(self, token: str) -> Principal | None:
        """The owner of a token."""
        account = self.accounts.get(token)
        return principal_of(account, self.reference) if account else None

    def play(self) -> None:
        """Every contact writes, the desk answers, time passes and targets are missed."""
        for rounds, twin in enumerate(self.pair, 1):
            hidden_from = twin.of_kind(Agent)[1].id
            for place, contact in enumerate(_chosen(twin)):
                for _ in range(rounds):
                    self._case_of(twin, contact, hidden_from if place == 1 else "")
            for _ in range(rounds):
                self._case_of(twin, UNREGISTERED, "")
        self.driver.pass_until(self.driver.now() + timedelta(days=20))
        self._note_what_was_kept()

    def has_case_of(self, address: str) -> bool:
        """Whether a mail from this address has made a case."""
        owners = [owner for place in self.kinds["reference"] for owner in self.places[place]]
        return any(owner.address == address for owner in owners)

    def was_made_since(self, tenant: str, reference: str) -> bool:
        """Whether an attack has made a case with this reference in the tenant, which is allowed."""
        if any(owner.tenant == tenant for owner in self.places.get(reference, ())):
            return False
        kept = self.driver.platform.services["portal"].log.state.snapshots.values()
        views = (view_of(one.state) for one in kept)
        return any((view.tenant, view.reference) == (tenant, reference) for view in views)

    def unregistered_events(self) -> list[Record]:
        """Events of a case in the name of another tenant than its first."""
        log = self.driver.platform.services["workflow"].log.entries()
        records = [codec.decode(entry.value) for entry in log if entry.topic == CASES]
        tenants = {record.case: record.tenant for record in records if record.version == 1}
        return [record for record in records if record.tenant != tenants[record.case]]

    def _open_accounts(self, twin: Twin) -> None:
        """Give everybody a session, and a password equal to its token."""
        book = self.driver.platform.book
        kinds = {Agent: ("agent", "operator"), Auditor: ("auditor",), Contact: ("contact",)}
        for kind, role in kinds.items():
            people = _chosen(twin) if kind is Contact else twin.of_kind(kind)[:2]
            for person in people:
                for name in role:
                    token = new_word(self._chance)
                    account = Account(
                        tenant=twin.tenant,
                        kind=name,  # type: ignore[arg-type]
                        person=person.id,
                        user=person.email,
                    )
                    self.accounts[token] = book.sessions[token] = account
                    book.open_account(account, token)

    def _case_of(self, twin: Twin, contact: Contact, hidden: str) -> None:
        """Make a case of a contact, which may be about an agent from whom it is hidden; none of an
        unregistered contact if they are refused."""
        reference = self._mail(twin, contact, hidden)
        if not reference:
            return
        agent = twin.of_kind(Agent)[0]
        desk = Person(twin.tenant, "agent", agent.id, agent.email)
        if hidden:
            self.driver.ask(desk, reference, SetFields(fields={ABOUT: hidden}), ())
        for public in (True, False):
            secret = Secret(new_word(self._chance), twin.tenant, contact.customer, contact.id,
                          internal=not public or contact is UNREGISTERED, hidden=hidden,
                          address=contact.email if public else "")  # fmt: skip
            named = msgspec.structs.replace(secret, word=new_word(self._chance), walled=public)
            file = File(f"{named.word}.txt", secret.word.encode())
            self.secrets += [secret, named]
            self._place("sha256", sha256(file.data).hexdigest(), secret)
            command = AddComment(
                public=public, personal=WrittenContent(text=f"We say {secret.word}.")
            )
            self.driver.ask(desk, reference, command, [file])
            requester = msgspec.structs.replace(secret, word="", requester=("agent", agent.id))
            self._place("command", str(self.driver.asked()[-1]), requester)

    def _mail(self, twin: Twin, sender: Contact, hidden: str) -> str:
        """Send a mail with secrets. Returns the reference of its case, if it made one."""
        words = [new_word(self._chance) for _ in range(4)]
        file = File(f"{words[2]}.txt", words[3].encode())
        raw = compose(
            sender.email, twin.mailbox, f"Help {words[0]}", f"We need {words[1]}.",
            at=self.driver.now(), message_id=f"<{words[0]}@mail.example>", files=[file],
        )  # fmt: skip
        reference = self.driver.deliver(raw, sender.email, [twin.mailbox]).reference
        internal = not reference or sender is UNREGISTERED
        secret = Secret("", twin.tenant, sender.customer, sender.id, internal=internal,
                        address=sender.email, hidden=hidden)  # fmt: skip
        self.secrets += [msgspec.structs.replace(secret, word=word) for word in words]
        self._place("sha256", sha256(file.data).hexdigest(), secret)
        if reference:
            self._place("reference", reference, secret)
        return reference

    def _place(self, kind: str, place: str, owner: Secret) -> None:
        self.kinds[kind].add(place)
        self.places[place].append(owner)

    def _note_what_was_kept(self) -> None:
        """Note the ids that the platform assigned."""
        state = self.driver.platform.services["portal"].log.state
        for case, kept in state.snapshots.items():
            view = view_of(kept.state)
            if view.reference:
                owner = Secret(str(case), view.tenant, view.customer, view.contact,
                               internal=is_unregistered(view.contact),
                               hidden="".join(view.hidden_from))  # fmt: skip
                self.secrets.append(owner)
                self._place("case", str(case), owner)
        for (_, key), document in state.documents.items():
            kind, _, name = key.partition(":")
            if kind == "refused":
                tenant = msgspec.json.decode(document)["tenant"]
                self.secrets.append(Secret(name, tenant, internal=True))
                self._place("refusal", name, self.secrets[-1])


def _chosen(twin: Twin) -> list[Contact]:
    """Contacts of several customers, of each role that exists."""
    contacts: list[Contact] = twin.of_kind(Contact)
    by_role: dict[tuple[str, str], Contact] = {}
    for contact in contacts:
        by_role.setdefault((contact.customer, contact.role), contact)
    return [*list(by_role.values())[:CONTACTS], contacts[-1]]


@contextmanager
def world(folder: Path, start_at: datetime, seed: int = 1) -> Iterator[World]:
    """A world in which everything has happened."""
    chance, reference = Random(seed), Shelved()
    pair = twins(folder, chance)
    for twin in pair:
        for published in (*terms_of(twin.documents), *entries_of(twin.documents)):
            publish(reference, published)
    with IsolationDriver(reference, start_at, seed) as driver:
        made = World(driver, pair, chance)
        made.play()
        yield made
