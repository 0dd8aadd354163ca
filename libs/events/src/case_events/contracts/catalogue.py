"""The catalogue of topics: the services that write and read each topic, its key, its retention.

Signatures are checked against it and the published documents are made from it. Tests compare it
with the services and with `deploy/kafka/topics.yaml`.
"""

from datetime import timedelta
from typing import Final

from msgspec import Struct

from case_events import topics


class Retention(Struct, frozen=True):
    """The retention of a topic: `age`, or unlimited if it is None.

    `compacted`: only the newest record of a key is retained.
    """

    age: timedelta | None = None
    compacted: bool = False


class Topic(Struct, frozen=True, kw_only=True):
    """A topic, described for its readers."""

    name: str
    key: str
    about: str
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    retention: Retention


WEEKS: Final = Retention(timedelta(days=28))
COMPACTED: Final = Retention(compacted=True)
SERVICES: Final = ("intake", "workflow", "sla", "notify", "portal")
INTEGRATION: Final = "integration"
"""The writer of topics that integrations may write too, each under the name
`integration.<name>`."""

TOPICS: Final = (
    Topic(
        name=topics.DEFINITIONS,
        key="tenant/version",
        about="Every version of every tenant's process definition.",
        written_by=("casefold definition publish",),
        read_by=SERVICES,
        retention=COMPACTED,
    ),
    Topic(
        name=topics.AGREEMENTS,
        key="tenant/id/version",
        about="Every version of every agreement between a tenant and a customer.",
        written_by=("casefold definition publish",),
        read_by=SERVICES,
        retention=COMPACTED,
    ),
    Topic(
        name=topics.DIRECTORY,
        key="tenant/kind/id",
        about="Customers, contacts, agents, auditors, teams and articles, in their present state.",
        written_by=("casefold directory import",),
        read_by=SERVICES,
        retention=COMPACTED,
    ),
    Topic(
        name=topics.SUBMISSIONS,
        key="case id",
        about="Forms of the portal: each opens a case, or is refused.",
        written_by=("portal",),
        read_by=("intake",),
        retention=WEEKS,
    ),
    Topic(
        name=topics.INTAKE,
        key="case id",
        about="New cases, and replies to cases.",
        written_by=("intake",),
        read_by=("workflow",),
        retention=WEEKS,
    ),
    Topic(
        name=topics.COMMANDS,
        key="case id",
        about="Commands of people and integrations, and commands of one case to another.",
        written_by=("portal", "workflow", INTEGRATION),
        read_by=("workflow",),
        retention=WEEKS,
    ),
    Topic(
        name=topics.CASES,
        key="case id",
        about="The history of every case: all its events, in one order, chained by hashes.",
        written_by=("workflow",),
        read_by=("intake", "sla", "notify", "portal"),
        retention=Retention(),
    ),
    Topic(
        name=topics.SLA,
        key="case id",
        about="The events of the clocks of a case.",
        written_by=("sla",),
        read_by=("workflow",),
        retention=WEEKS,
    ),
    Topic(
        name=topics.NOTICES,
        key="case id",
        about="The results of messages about a case.",
        written_by=("notify",),
        read_by=("workflow",),
        retention=WEEKS,
    ),
    Topic(
        name=topics.MESSAGES,
        key="tenant",
        about="Mail to send that belongs to no case, and requests for access.",
        written_by=("intake", "workflow", "portal"),
        read_by=("notify", "portal"),
        retention=Retention(timedelta(days=7)),
    ),
    Topic(
        name=topics.REFUSALS,
        key="tenant",
        about="Input and commands that were refused or changed nothing, complete, with the reason.",
        written_by=("intake", "workflow"),
        read_by=("portal",),
        retention=Retention(timedelta(days=180)),
    ),
    Topic(
        name=topics.SECURITY,
        key="tenant",
        about="Log-ins, changes of access, and what people read that is not their own.",
        written_by=("portal",),
        read_by=("portal",),
        retention=Retention(timedelta(days=180)),
    ),
)


WRITERS: Final[dict[str, frozenset[str]]] = {
    topic.name: frozenset(who.split()[0] for who in topic.written_by) for topic in TOPICS
}
"""The writers of each topic: services, and `casefold` for records that its commands publish. A
record of any other writer is quarantined."""


def signers(service: str) -> frozenset[str]:
    """Return the writers whose signatures a service has to verify: those of all topics that it
    reads, and its own."""
    return (_writers_for(service) | {service}) - {INTEGRATION}


def writer(signer: str) -> str:
    """Return the name under which a signer writes topics: `INTEGRATION` for every integration, its
    own name for a service."""
    return INTEGRATION if signer.startswith(f"{INTEGRATION}.") else signer


def may_read_signatures_of(signer: str, service: str) -> bool:
    """Return whether a service has to verify the signatures of a signer."""
    return signer == service or writer(signer) in _writers_for(service)


def _writers_for(service: str) -> frozenset[str]:
    read = (WRITERS[topic.name] for topic in TOPICS if service in topic.read_by)
    return frozenset().union(*read)
