"""The catalogue of topics: the services that write and read each topic, its key, its retention.

Signatures are checked against it and the published documents are made from it. Tests compare it
with the services and with `deploy/kafka/topics.yaml`.
"""

from datetime import timedelta
from typing import Final

from msgspec import Struct

from case_events import topics


class Kept(Struct, frozen=True):
    """How long a topic keeps its records: `age`, or for ever where there is none.

    `compacted`: only the newest record of a key stays.
    """

    age: timedelta | None = None
    compacted: bool = False


class Topic(Struct, frozen=True, kw_only=True):
    """A topic, as somebody sees it who wants to read it."""

    name: str
    key: str
    about: str
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    kept: Kept


WEEKS: Final = Kept(timedelta(days=28))
COMPACTED: Final = Kept(compacted=True)
SERVICES: Final = ("intake", "workflow", "sla", "notify", "portal")
INTEGRATION: Final = "integration"
"""Who writes a topic that services of others may write too, each as `integration.<name>`."""

TOPICS: Final = (
    Topic(
        name=topics.DEFINITIONS,
        key="tenant/version",
        about="Every version of every tenant's process definition.",
        written_by=("casefold definition publish",),
        read_by=SERVICES,
        kept=COMPACTED,
    ),
    Topic(
        name=topics.AGREEMENTS,
        key="tenant/id/version",
        about="Every version of what a tenant promised a customer.",
        written_by=("casefold definition publish",),
        read_by=SERVICES,
        kept=COMPACTED,
    ),
    Topic(
        name=topics.DIRECTORY,
        key="tenant/kind/id",
        about="Customers, contacts, agents, auditors, teams and articles, each as it now is.",
        written_by=("casefold directory import",),
        read_by=SERVICES,
        kept=COMPACTED,
    ),
    Topic(
        name=topics.SUBMISSIONS,
        key="case id",
        about="Forms of the portal: each begins a case, or is refused.",
        written_by=("portal",),
        read_by=("intake",),
        kept=WEEKS,
    ),
    Topic(
        name=topics.INTAKE,
        key="case id",
        about="What came in from outside: new cases, and replies to them.",
        written_by=("intake",),
        read_by=("workflow",),
        kept=WEEKS,
    ),
    Topic(
        name=topics.COMMANDS,
        key="case id",
        about="What people ask of a case, and what one case asks of another.",
        written_by=("portal", "workflow", INTEGRATION),
        read_by=("workflow",),
        kept=WEEKS,
    ),
    Topic(
        name=topics.CASES,
        key="case id",
        about="The history of every case: the one truth, in one order, chained by hashes.",
        written_by=("workflow",),
        read_by=("intake", "sla", "notify", "portal"),
        kept=Kept(),
    ),
    Topic(
        name=topics.SLA,
        key="case id",
        about="What the clocks of a case say.",
        written_by=("sla",),
        read_by=("workflow",),
        kept=WEEKS,
    ),
    Topic(
        name=topics.NOTICES,
        key="case id",
        about="What became of the messages about a case.",
        written_by=("notify",),
        read_by=("workflow",),
        kept=WEEKS,
    ),
    Topic(
        name=topics.MESSAGES,
        key="tenant",
        about="Mail to send that belongs to no case, and contacts who ask for access.",
        written_by=("intake", "workflow", "portal"),
        read_by=("notify", "portal"),
        kept=Kept(timedelta(days=7)),
    ),
    Topic(
        name=topics.REFUSALS,
        key="tenant",
        about="Input and commands that were refused or changed nothing, whole, and why.",
        written_by=("intake", "workflow"),
        read_by=("portal",),
        kept=Kept(timedelta(days=180)),
    ),
)


WRITERS: Final[dict[str, frozenset[str]]] = {
    topic.name: frozenset(who.split()[0] for who in topic.written_by) for topic in TOPICS
}
"""Who may write each topic: services, and `casefold` for what its commands publish. What anybody
else publishes there is quarantined."""


def signers(service: str) -> frozenset[str]:
    """Whose records a service has to tell from forged ones: those of all who write what it reads,
    and of itself."""
    return (_writers_for(service) | {service}) - {INTEGRATION}


def writer(signer: str) -> str:
    """As whom a signer writes topics: every integration as `INTEGRATION`, a service as itself."""
    return INTEGRATION if signer.startswith(f"{INTEGRATION}.") else signer


def may_read_signatures_of(signer: str, service: str) -> bool:
    """Whether a service has to tell a signer's records from forged ones."""
    return signer == service or writer(signer) in _writers_for(service)


def _writers_for(service: str) -> frozenset[str]:
    read = (WRITERS[topic.name] for topic in TOPICS if service in topic.read_by)
    return frozenset().union(*read)
