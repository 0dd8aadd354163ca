"""The links of a case to other cases."""

from collections.abc import Iterator
from uuid import UUID

from case_events.contracts.base import Event
from case_events.contracts.links import (
    CaseLinked,
    CaseMerged,
    CaseUnlinked,
    Direction,
    MergeUndone,
    ProblemSolved,
)
from case_events.contracts.parts import LinkKind
from msgspec import Struct
from msgspec.structs import replace

LINK_EVENTS = (CaseLinked, CaseUnlinked, CaseMerged, MergeUndone, ProblemSolved)
MAX_SOLUTIONS = 20
"""How many received solutions the state of a case has, to recognise repeats."""


class CaseLink(Struct, frozen=True, omit_defaults=True):
    """A link to another case. `contact` and `customer` are those of the case that points here."""

    kind: LinkKind
    direction: Direction
    case: UUID
    reference: str
    contact: str = ""
    customer: str = ""


class MergedInto(Struct, frozen=True):
    """The case that this one was merged into, and the status that this one had before."""

    case: UUID
    reference: str
    status: str


class CaseLinks(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All links by `kind/direction/id`, in the order in which they were made.

    `solutions` are the ids of the solutions that this case has received.
    """

    others: dict[str, CaseLink] = {}
    merged: MergedInto | None = None
    solutions: tuple[str, ...] = ()

    def find(self, kind: str, direction: str, case: UUID | None) -> CaseLink | None:
        """The link to one case."""
        return self.others.get(_key(kind, direction, case))

    def of(self, kind: str, direction: str) -> Iterator[CaseLink]:
        """The links of one kind in one direction."""
        return (
            link
            for link in self.others.values()
            if link.kind == kind and link.direction == direction
        )


def flipped(direction: str) -> Direction:
    """The same link, seen from the other side."""
    return "to" if direction == "from" else "from"


def fold_links(links: CaseLinks, event: Event, version: int) -> CaseLinks:
    """The links after one more event."""
    match event:
        case CaseLinked():
            link = CaseLink(
                event.kind, event.direction, event.case, event.reference,
                event.contact, event.customer,
            )  # fmt: skip
            others = links.others | {_key(event.kind, event.direction, event.case): link}
            return replace(links, others=others)
        case CaseUnlinked(kind=kind, direction=direction, case=case):
            gone = _key(kind, direction, case)
            others = {key: link for key, link in links.others.items() if key != gone}
            return replace(links, others=others)
        case CaseMerged(case=case, reference=reference, status=status):
            return replace(links, merged=MergedInto(case, reference, status))
        case MergeUndone():
            return replace(links, merged=None)
        case ProblemSolved(solution=solution):
            solutions = (*links.solutions, solution)[-MAX_SOLUTIONS:]
            return replace(links, solutions=solutions)
        case _:
            return links


def _key(kind: str, direction: str, case: UUID | None) -> str:
    return f"{kind}/{direction}/{case}"
