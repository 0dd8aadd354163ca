"""How a rule of each place comes to be asked, in each service that asks it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from unittest.mock import patch

import msgspec
from case_definition.cel.rules import CompiledRule
from case_events.contracts.cases import (
    CommentAdded,
)
from case_events.contracts.commands import AddComment, ChangeStatus, Command, SetFields
from case_events.contracts.links import LinkCase
from case_events.contracts.phases import ChangePhase
from case_events.contracts.work import LogWork
from case_events.kernel import replay
from case_events.testing.keys import SECRET
from case_intake.domain.form_routing import route_form
from case_intake.domain.inbound import Creator, FormSubmission
from case_notify.application.mail_composition import MailSettings
from case_notify.application.react import reaction
from case_portal.core.principal import Account, Principal, principal_of
from case_portal.progress.service import waiting
from case_portal.projection import react as project
from case_portal.read_model.ports import Cases
from case_portal.read_model.reading import OpenCase, open_case
from case_portal.read_model.view import CaseView, FoundCase, HistoryEntry
from case_portal.work.service import account_of
from case_sla.application.react import Reaction
from case_workflow.application.react import WorkflowState, react
from case_workflow.domain.case import Case, fold
from msgspec.structs import replace

from tests.contract.rules.whole_case import (
    CREATED,
    DESK,
    HISTORY,
    NOW,
    OTHER,
    PHONE,
    RECORDS,
    REFERENCE,
    WORDS,
    probe,
)
from tests.unit.workflow.workflow_desk import (
    ANNA,
    BO,
    CASE,
    record,
)

Asked = dict[str, list[Mapping[str, Any]]]
"""The variables with which the rule of each place was asked, in order."""


@contextmanager
def listening() -> Iterator[Asked]:
    """Collect the variables with which each place's rule is asked."""
    asked: Asked = {}
    whole = CompiledRule.holds

    def holds(rule: CompiledRule, variables: Mapping[str, Any]) -> bool:
        _, found, route_mail = rule.source.rpartition('"at ')
        if found:
            asked.setdefault(route_mail.rstrip('"'), []).append(variables)
        return whole(rule, variables)

    with patch.object(CompiledRule, "holds", holds):
        yield asked


def _comes_in() -> None:
    """An agent brings in a case for Anna by phone."""
    contact = REFERENCE.contact("sample", "anna")
    creator = Creator(capacity="agent", id="bo", contact=contact)
    form = FormSubmission(tenant="sample", creator=creator, channel=PHONE, case_type="incident",
                    values={"title": "Smoke", "cause": "Fire"})  # fmt: skip
    route_form(form, DESK, REFERENCE, NOW)


def _asks(command: Command) -> Callable[[], object]:
    """Bo asks something of the case that has every value."""
    case = replay(fold, Case(channel=PHONE), HISTORY)
    state = WorkflowState(case, "sample/1", NOW)
    asked = replace(record(command, BO, channel="portal"), occurred_at=NOW)
    return lambda: react(state, asked, REFERENCE)


def _is_created() -> None:
    """Workflow takes a new case in, by the words of its contact."""
    created = replace(record(CREATED, ANNA, channel=PHONE), occurred_at=NOW)
    react(None, created, REFERENCE)


def _is_noticed() -> None:
    """Notify follows the case, to a comment of Bo's."""
    notify, memory = reaction(MailSettings(SECRET, "https://portal.example")), None
    event = replace(RECORDS[-1], data=CommentAdded("c", "agent", True), version=len(RECORDS) + 1)
    for one in (*RECORDS, event):
        memory = notify(memory, one, REFERENCE).state


def _is_timed() -> None:
    """sla follows the case, up to the fields that were filled in last."""
    sla, memory = Reaction(), None
    for one in RECORDS:
        memory = sla(memory, one, REFERENCE).state


class OneCase:
    """The read model of the one case."""

    def __init__(self) -> None:
        self.view, self.history_entries = CaseView(), list[HistoryEntry]()
        for one in RECORDS:
            outcome = project(self.view, one, REFERENCE)
            self.view = outcome.state
            rows = (row.content for row in outcome.documents if row.key.startswith("entry:"))
            self.history_entries += [msgspec.json.decode(row, type=HistoryEntry) for row in rows]

    async def found(self, *asked: object) -> FoundCase:
        return FoundCase(CASE, self.view)

    async def undecided(self, *asked: object) -> list[FoundCase]:
        return [FoundCase(CASE, self.view)]

    async def entries(self, *asked: object) -> list[HistoryEntry]:
        return self.history_entries


def _bo() -> Principal:
    account = Account(tenant="sample", kind="agent", person="bo", user="bo")
    found = principal_of(account, REFERENCE)
    assert found is not None
    return found


async def _opened(cases: Cases) -> OpenCase:
    case = await open_case(cases, REFERENCE, _bo(), "S-0001")
    assert isinstance(case, OpenCase)
    return case


async def _is_read() -> None:
    """The portal opens the case for Bo, who may take a step, and shows what work would count as."""
    cases = cast(Cases, OneCase())
    case = await _opened(cases)
    case.lets(
        probe("transitions"), type="status_changed", transition="ask",
        from_status="new", to_status="asked",
    )  # fmt: skip
    case.lets(probe("phases"), type="phase_changed", phase="making")
    account_of(await cases.entries(CASE, True), REFERENCE, case, NOW)
    await waiting(cases, REFERENCE, _bo(), "change")


PLACES: Mapping[str, Mapping[str, Callable[[], object]]] = {
    "channels": {"intake": _comes_in},
    "case_types": {"intake": _comes_in},
    "fields": {"intake": _comes_in, "workflow": _asks(SetFields(fields={"cause": "A worn belt"}))},
    "routing": {"workflow": _is_created},
    "transitions": {
        "workflow": _asks(ChangeStatus(transition="ask", personal=WORDS)),
        "portal": lambda: asyncio.run(_is_read()),
    },
    "phases": {
        "workflow": _asks(ChangePhase(phase="making", personal=WORDS)),
        "portal": lambda: asyncio.run(_is_read()),
    },
    "automations": {"workflow": _asks(AddComment(public=True, personal=WORDS))},
    "links": {"workflow": _asks(LinkCase(kind="duplicate", case=OTHER, reference="S-0009"))},
    "approvals": {"workflow": _asks(LogWork(minutes=25, kind="thinking", personal=WORDS))},
    "work.allowances": {"workflow": _asks(LogWork(minutes=25, kind="thinking", personal=WORDS))},
    "work.billing": {
        "workflow": _asks(LogWork(minutes=25, kind="thinking", personal=WORDS)),
        "portal": lambda: asyncio.run(_is_read()),
    },
    "notices": {"notify": _is_noticed},
    "targets": {"sla": _is_timed},
    "timers": {"sla": _is_timed},
    "agreements": {"sla": _is_timed},
    "rankings": {"portal": lambda: asyncio.run(_is_read())},
}
"""How a rule of each place comes to be asked, in each service that asks it."""
