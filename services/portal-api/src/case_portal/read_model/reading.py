"""One case as one principal may see it."""

from collections.abc import Collection, Iterable
from typing import Any

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.variables import Variables
from case_events.contracts.base import contract_named, label_of
from case_events.contracts.cases import FieldsSet
from msgspec import Struct
from msgspec.structs import replace

from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import UNKNOWN_CASE, Problem
from case_portal.read_model.history import NAMING, names_another
from case_portal.read_model.ports import Cases, Order, View
from case_portal.read_model.rule_variables import is_possible, variables_of
from case_portal.read_model.view import CaseFile, CaseView, FoundCase, HistoryEntry


class OpenCase(Struct, frozen=True, kw_only=True):
    """A case that was found for a principal, with its definition, and with the variables of its
    rules. The rules see the whole case, whatever the principal sees."""

    case: FoundCase
    definition: Definition
    variables: Variables

    @property
    def view(self) -> CaseView:
        """The case as this principal may see it."""
        return self.case.view

    def lets(self, rule: str | None, **event: str) -> bool:
        """Whether a rule of its definition allows the principal an action now."""
        return is_possible(rule, self.variables, self.definition, **event)


async def open_case(
    cases: Cases, reference: Reference, principal: Principal, case_reference: str
) -> OpenCase | Problem:
    """The case of this reference, without the parts that the principal may not see."""
    found = await cases.found(scope_of(principal), case_reference)
    if found is None:
        return UNKNOWN_CASE
    definition = reference.definition(found.view.definition)
    shown = FoundCase(found.id, shown_view(principal, found.view, definition))
    variables = variables_of(found.view, reference, principal)
    return OpenCase(case=shown, definition=definition, variables=variables)


def is_own(principal: Principal, view: CaseView, reference: Reference) -> bool:
    """Whether a case is the principal's own: a contact's, one that they watch, one that is assigned
    to them, or one that waits in their team for somebody to take it."""
    if f"{principal.kind}/{principal.id}" in view.people.watchers:
        return True
    if principal.kind == "contact":
        return view.contact == principal.id
    if principal.kind != "agent":
        return False
    agent = reference.agent(principal.tenant, principal.id)
    waits_in_team = not view.agent and agent is not None and view.team in agent.teams
    return view.agent == principal.id or waits_in_team


async def history(cases: Cases, principal: Principal, case: OpenCase) -> list[HistoryEntry]:
    """The entries of the case that the principal may see, in order."""
    entries = await cases.entries(case.case.id, principal.sees_internal)
    named = [names_another(entry.what) for entry in entries]
    return shown_entries(principal, case, entries, await existing(cases, principal, case, named))


async def existing(
    cases: Cases, principal: Principal, case: OpenCase, references: Iterable[str]
) -> Collection[str]:
    """Those of these references, or empty texts, whose cases exist for the principal. For agents
    and auditors all of them do, if no case is hidden from anybody."""
    named = frozenset(references) - {""}
    if not named or (principal.sees_internal and not case.definition.document.hidden_from):
        return named
    return await cases.existing(scope_of(principal), named)


def shown_entries(
    principal: Principal, case: OpenCase, entries: Iterable[HistoryEntry], exist: Collection[str]
) -> list[HistoryEntry]:
    """The entries that the principal may see, without the parts that they may not see: an entry
    names only cases that `exist` for them."""
    known = [
        _without_others(entry, exist)
        for entry in entries
        if principal.sees_internal or not entry.internal
    ]
    shown = [(entry, _shown_entry(principal, entry, case)) for entry in known]
    return [visible for entry, visible in shown if not _tells_nothing(entry, visible)]


def _without_others(entry: HistoryEntry, exist: Collection[str]) -> HistoryEntry:
    """An entry without the name of a case that does not exist for the principal."""
    named = names_another(entry.what)
    if not named or named in exist:
        return entry
    kept = {name: value for name, value in entry.what.items() if name not in NAMING}
    return replace(entry, what=kept)


def default_order(principal: Principal, view: View) -> Order:
    """The order of a list without a given one. For agents, active cases are sorted by what breaches
    first."""
    return "due" if principal.sees_internal and view == "active" else "attention"


def find_file(entries: list[HistoryEntry], sha256: str, name: str = "") -> CaseFile | None:
    """The file of this key in the entries that a principal may see. Of files with equal bytes, the
    one with this name, or else the first."""
    files = [file for entry in entries for file in entry.files if file.sha256 == sha256]
    return next((file for file in files if file.name == name), next(iter(files), None))


def shown_view(principal: Principal, view: CaseView, definition: Definition) -> CaseView:
    """A view without the parts that this principal may not see."""
    fields = visible_fields(principal, view.fields, definition, view.case_type)
    if principal.sees_internal:
        return replace(view, fields=fields)
    public = tuple(file for file in view.attachments if not file.internal)
    people = replace(view.people, consultations=())
    decided = {name: one for name, one in view.decisions.items() if one.shown}
    return replace(
        view,
        fields=fields,
        attachments=public,
        agreement="",
        tags=(),
        people=people,
        decisions=decided,
    )


def visible_fields(
    principal: Principal, fields: dict[str, str], definition: Definition, case_type: str
) -> dict[str, str]:
    """The fields that the definition shows to this kind of person, in the order of the form of a
    case type; fields that are not on the form come last."""
    kind = definition.case_types.get(case_type)
    form = kind.field_names if kind else ()
    ordered = {name: fields[name] for name in form if name in fields} | fields
    if principal.kind == "auditor":
        return ordered
    return {
        name: value
        for name, value in ordered.items()
        if name in definition.fields and principal.kind in definition.fields[name].visible_to
    }


def _tells_nothing(entry: HistoryEntry, shown: HistoryEntry) -> bool:
    """Whether only fields were filled in of which the principal sees none."""
    filled = entry.type == label_of(FieldsSet)
    return filled and bool(entry.what["fields"]) and not shown.what["fields"]


def _shown_entry(principal: Principal, entry: HistoryEntry, case: OpenCase) -> HistoryEntry:
    if contract_named(entry.ce_type).words == "desk" and not principal.sees_internal:
        entry = replace(entry, text="", author="")
    fields = entry.what.get("fields")
    if not isinstance(fields, dict):
        return entry
    visible = visible_fields(principal, fields, case.definition, case.view.case_type)
    what: dict[str, Any] = entry.what | {"fields": visible}
    return replace(entry, what=what)
