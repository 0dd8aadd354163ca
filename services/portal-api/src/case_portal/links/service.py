"""Links between cases: the links that a principal may see, and the cases that their commands
name."""

from collections.abc import Collection, Iterable, Sequence

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_events.contracts.commands import Command
from case_events.contracts.links import (
    LinkCase,
    MergeCase,
    NewPart,
    RelatedCaseCommand,
    RequestFollowUp,
    SplitCase,
)
from case_events.contracts.parts import Attachment, CopiedComment, Person, WrittenContent
from msgspec.structs import replace

from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import Problem
from case_portal.read_model.ports import Cases
from case_portal.read_model.reading import OpenCase, existing, history
from case_portal.read_model.view import ActorView, CaseView, HistoryEntry, LinkView


def _wrong(rule: str, reason: str) -> Problem:
    return Problem(kind="refused", code="not_allowed", field="reference", rule=rule, reason=reason)


UNKNOWN_OTHER = _wrong("known", "There is no such case to name.")
NO_PROBLEM = _wrong("problem", "Name a case that is a problem.")
OTHER_CUSTOMER = _wrong("same_customer", "Name a case of the same customer.")
ENDED = _wrong("open", "Name a case that has not ended.")


async def visible_links(cases: Cases, principal: Principal, case: OpenCase) -> list[LinkView]:
    """The current links to cases that the principal may see by themselves."""
    links = await cases.links(case.case.id)
    named = [link.reference for link in links]
    return shown_links(principal, links, await existing(cases, principal, case, named))


def shown_links(
    principal: Principal, links: Iterable[LinkView], exist: Collection[str]
) -> list[LinkView]:
    """The current links to cases that `exist` for the principal. A problem does not exist for
    contacts."""
    return [
        link
        for link in links
        if link.stands
        and link.reference in exist
        and (principal.sees_internal or link.kind != "problem")
    ]


def may_follow_up(principal: Principal, view: CaseView, definition: Definition) -> bool:
    """Whether this principal may ask for a case that continues this one."""
    terms = definition.document.links.follow_up
    return (
        principal.writes
        and terms is not None
        and view.status in terms.of
        and principal.kind in terms.by
        and terms.is_for(view.case_type)
    )


def may_ask_of_others(principal: Principal, view: CaseView, definition: Definition) -> list[str]:
    """Which of `problem`, `duplicate`, `split` and `merge` an agent may use here."""
    if principal.kind != "agent" or not view.status:
        return []
    links, final = definition.document.links, view.status_kind == "final"
    asked = {
        "problem": links.problems.reports if links.problems else None,
        "duplicate": links.duplicates,
        "split": None if final else links.split,
        "merge": None if final else links.merge,
    }
    if links.is_problem(view.case_type):
        return ["duplicate"] if links.duplicates else []
    return [name for name, part in asked.items() if part and part.is_for(view.case_type)]


async def complete(
    cases: Cases, reference: Reference, principal: Principal, case: OpenCase, command: Command
) -> Command | Problem:
    """A command with the case that its reference names, and with the copied comments filled in."""
    match command:
        case RelatedCaseCommand():
            return await _named(cases, principal, case, command)
        case RequestFollowUp() if not command.personal.title:
            words = replace(command.personal, title=case.view.title)
            return replace(command, personal=words)
        case SplitCase():
            entries = await history(cases, principal, case)
            comments = {
                str(entry.what.get("comment")): _copied(entry, principal.tenant, reference)
                for entry in entries
                if entry.type == "comment_added" and not entry.internal
            }
            return replace(command, parts=tuple(_filled(p, comments) for p in command.parts))
        case _:
            return command


async def _named(
    cases: Cases, principal: Principal, case: OpenCase, command: RelatedCaseCommand
) -> RelatedCaseCommand | Problem:
    found = await cases.found(scope_of(principal), command.reference)
    if found is None:
        return UNKNOWN_OTHER
    problem = _unfit(case, found.view, command)
    return problem or replace(command, reference=found.view.reference, case=found.id)


def _unfit(case: OpenCase, other: CaseView, command: RelatedCaseCommand) -> Problem | None:
    """The known problem with the other case. The other case may still refuse by itself."""
    links = case.definition.document.links
    final = other.status_kind == "final"
    if isinstance(command, MergeCase):
        if other.whose != case.view.whose or links.is_problem(other.case_type):
            return OTHER_CUSTOMER
        return ENDED if final else None
    if isinstance(command, LinkCase) and command.kind == "problem":
        if not links.is_problem(other.case_type):
            return NO_PROBLEM
        solved = links.problems is not None and other.status in links.problems.solved_in
        return ENDED if final or solved else None
    return None


def _filled(part: NewPart, comments: dict[str, CopiedComment]) -> NewPart:
    found: Sequence[CopiedComment] = [comments[one] for one in part.comments if one in comments]
    return replace(part, copied=tuple(found))


def _copied(entry: HistoryEntry, tenant: str, reference: Reference) -> CopiedComment:
    return CopiedComment(
        comment=str(entry.what["comment"]),
        author=str(entry.what["author"]),
        attachments=tuple(Attachment(file.sha256, file.size, file.type) for file in entry.files),
        personal=WrittenContent(
            text=entry.text,
            file_names=tuple(file.name for file in entry.files),
            author=Person(name=entry.author or _name(entry.who, tenant, reference)),
        ),
    )


def _name(who: ActorView, tenant: str, reference: Reference) -> str:
    if who.kind == "contact":
        contact = reference.contact(tenant, who.id)
        return contact.name if contact else ""
    agent = reference.agent(tenant, who.id)
    return agent.name if agent else ""
