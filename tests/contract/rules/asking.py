"""A case of which every member has a value, and every place in which a rule is asked about it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast
from unittest.mock import patch
from uuid import UUID

import msgspec
from case_definition.reference import Reference
from case_definition.rules import CompiledRule
from case_events.contracts.approvals import ApprovalGranted
from case_events.contracts.base import Event
from case_events.contracts.cases import (
    AgreementApplied,
    CaseAssigned,
    CommentAdded,
    FieldsSet,
    PriorityAssessed,
    StatusChanged,
)
from case_events.contracts.commands import AddComment, ChangeStatus, Command, SetFields
from case_events.contracts.decisions import DecisionRequested
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import CaseLinked, LinkCase
from case_events.contracts.parts import Brought, Words, WorkPart
from case_events.contracts.phases import ChangePhase, PhaseChanged
from case_events.contracts.reference import AgreementPublished, DefinitionPublished
from case_events.contracts.releases import ReleasePlanned
from case_events.contracts.work import LogWork, WorkLogged
from case_events.kernel import replay
from case_intake.domain.arrival import Creator, Posted
from case_intake.domain.posting import place_posted
from case_notify.application.letters import Letterhead
from case_notify.application.react import reaction
from case_portal.core.principal import Account, Principal, principal_of
from case_portal.progress.service import waiting
from case_portal.projection import react as project
from case_portal.read_model.ports import Cases
from case_portal.read_model.reading import OpenCase, open_case
from case_portal.read_model.view import CaseView, Entry, FoundCase
from case_portal.work.service import account_of
from case_sla.application.react import Reaction
from case_workflow.application.react import Remembered, react
from case_workflow.domain.case import Case, fold
from msgspec.structs import replace

from tests.unit.workflow.linked_cases import PROBLEM
from tests.unit.workflow.test_progress import PARTS
from tests.unit.workflow.workflow_desk import (
    AGREEMENT,
    ANNA,
    BO,
    CASE,
    DEFINITION,
    START,
    record,
    reference,
)

Asked = dict[str, list[Mapping[str, Any]]]
"""The variables with which the rule of each place was asked, in order."""

OTHER = UUID("01930000-0000-7000-8000-00000000beef")
WORDS = Words(text="It is the fan.")
PHONE = "phone"


def probe(place: str, holds: bool = True) -> str:
    """A rule that says where it stands, and always or never holds."""
    return f'case.channel {"!=" if holds else "=="} "at {place}"'


def _with_rule(parts: Sequence[dict[str, Any]], name: str, rule: dict[str, str]) -> list[Any]:
    return [part | rule if part["name"] == name else part for part in parts]


DOCUMENT: dict[str, Any] = DEFINITION | PARTS | {
    "channels": [
        {"name": PHONE, "by": ["agent"], "menu": [{"name": "b"}], "when": probe("channels")}
    ],
    "fields": [
        *_with_rule(DEFINITION["fields"], "cause", {"editable_when": probe("fields")}),
        {"name": "users", "type": "number"},
        {"name": "urgent", "type": "boolean"},
    ],
    "case_types": [
        *_with_rule(DEFINITION["case_types"], "incident", {"when": probe("case_types")}),
        PROBLEM,
    ],
    "transitions": _with_rule(DEFINITION["transitions"], "ask", {"when": probe("transitions")}),
    "phases": _with_rule(PARTS["phases"], "making", {"when": probe("phases")}),
    "automations": [
        {"name": "again", "on": "agent_replied", "when": probe("automations"),
         "then": [{"assess_again": True}]},
    ],
    "routing": [{"team": "desk", "when": probe("routing")}, {"team": "desk"}],
    "notices": [
        {"name": "said", "on": "comment_added", "to": ["agent"], "when": probe("notices", False)}
    ],
    "targets": [
        {"metric": "resolution", "length": "PT4H", "elapsed": True, "when": probe("targets")}
    ],
    "timers": [
        {"name": "remind", "after": "PT1H", "elapsed": True, "since": ["status:asked"],
         "when": probe("timers")},
    ],
    "links": {"duplicates": {"when": probe("links")}},
    "decisions": [PARTS["decisions"][0] | {"ranking": "worth"}],
    "rankings": [
        {"name": "worth", "criteria": [{"name": "w", "when": probe("rankings"), "points": 1}]}
    ],
    "approvals": [{"name": "more", "case_types": ["incident"], "when": probe("approvals")}],
    "work": {
        "case_types": ["incident"],
        "kinds": [{"name": "thinking"}],
        "allowances": [{"name": "free", "amount": "PT10M", "when": probe("work.allowances")}],
        "billing": [
            {"name": "standard", "billable": True, "when": probe("work.billing")},
            {"name": "else", "billable": True},
        ],
    },
}  # fmt: skip
PROMISED = AGREEMENT | {
    "targets": [
        {"metric": "first_response", "length": "PT4H", "elapsed": True, "when": probe("agreements")}
    ]
}

CREATED = CaseCreated(
    reference="S-0001",
    case_type="incident",
    customer="acme",
    contact="anna",
    language="en",
    fields={"urgency": "high"},
    menu="b",
    personal=Brought(title="Noise at night"),
)
HISTORY: Sequence[Event] = (
    CREATED,
    AgreementApplied("sample/gold/1"),
    PriorityAssessed("P2"),
    StatusChanged("new", reason="created"),
    CaseAssigned("desk", "bo"),
    PhaseChanged("asking"),
    ReleasePlanned("2027-01", "2027-W03"),
    CaseLinked(kind="problem", direction="from", case=OTHER, reference="S-0009", weight=3),
    ApprovalGranted("more", 120),
    WorkLogged(
        entry=1, minutes=30, began=START, kind="thinking", parts=(WorkPart(30),), approval="more"
    ),
    DecisionRequested("change", "owner"),
    FieldsSet({"users": "250", "urgent": "true"}),
)
NOW = START.replace(hour=9)


def known() -> Reference:
    """The reference data of the sample, with a rule in every place."""
    found = reference()
    for version in (1, 2):
        document = DOCUMENT | {"version": version}
        found.apply(record(DefinitionPublished(f"sample/{version}", document)))
    found.apply(record(AgreementPublished("sample/gold/1", PROMISED)))
    return found


REFERENCE = known()
DESK = REFERENCE.definition("sample/1")
RECORDS = tuple(
    replace(record(event, BO, channel=PHONE), version=place, occurred_at=NOW, id=UUID(int=place))
    for place, event in enumerate(HISTORY, 1)
)


@contextmanager
def listening() -> Iterator[Asked]:
    """Collect the variables with which each place's rule is asked."""
    asked: Asked = {}
    whole = CompiledRule.holds

    def holds(rule: CompiledRule, variables: Mapping[str, Any]) -> bool:
        _, found, place = rule.source.rpartition('"at ')
        if found:
            asked.setdefault(place.rstrip('"'), []).append(variables)
        return whole(rule, variables)

    with patch.object(CompiledRule, "holds", holds):
        yield asked


def _comes_in() -> None:
    """An agent brings in a case for Anna by phone."""
    contact = REFERENCE.contact("sample", "anna")
    creator = Creator(capacity="agent", id="bo", contact=contact)
    posted = Posted(tenant="sample", creator=creator, channel=PHONE, case_type="incident",
                    values={"title": "Smoke", "cause": "Fire"})  # fmt: skip
    place_posted(posted, DESK, REFERENCE, NOW)


def _asks(command: Command) -> Callable[[], object]:
    """Bo asks something of the case that has every value."""
    case = replay(fold, Case(channel=PHONE), HISTORY)
    remembered = Remembered(case, "sample/1", NOW)
    asked = replace(record(command, BO, channel="portal"), occurred_at=NOW)
    return lambda: react(remembered, asked, REFERENCE, NOW)


def _is_created() -> None:
    """Workflow takes a new case in, by the words of its contact."""
    created = replace(record(CREATED, ANNA, channel=PHONE), occurred_at=NOW)
    react(None, created, REFERENCE, NOW)


def _is_noticed() -> None:
    """Notify follows the case, to a comment of Bo's."""
    notify, memory = reaction(Letterhead(b"secret", "https://portal.example")), None
    said = replace(RECORDS[-1], data=CommentAdded("c", "agent", True), version=len(RECORDS) + 1)
    for one in (*RECORDS, said):
        memory = notify(memory, one, REFERENCE, NOW).memory


def _is_timed() -> None:
    """sla follows the case, up to the fields that were filled in last."""
    sla, memory = Reaction(), None
    for one in RECORDS:
        memory = sla(memory, one, REFERENCE, NOW).memory


class OneCase:
    """The read model of the one case."""

    def __init__(self) -> None:
        self.view, self.told = CaseView(), list[Entry]()
        for one in RECORDS:
            outcome = project(self.view, one, REFERENCE, NOW)
            self.view = outcome.memory
            rows = (row.document for row in outcome.rows if row.key.startswith("entry:"))
            self.told += [msgspec.json.decode(row, type=Entry) for row in rows]

    async def found(self, *asked: object) -> FoundCase:
        return FoundCase(CASE, self.view)

    async def undecided(self, *asked: object) -> list[FoundCase]:
        return [FoundCase(CASE, self.view)]

    async def entries(self, *asked: object) -> list[Entry]:
        return self.told


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
    await account_of(cases, REFERENCE, case, NOW)
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
