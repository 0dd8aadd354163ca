"""Checks consequences: existing events, existing names."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from case_definition.check.flow import reachable
from case_definition.check.names import all_unknown, unknown
from case_definition.lookup.form import form_problems, typed_value
from case_definition.schema.consequences import Consequence
from case_definition.schema.definition import DefinitionDocument, Transition
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath
from case_definition.vocabulary import TRIGGERS


def consequence_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Triggers and consequences that name something that does not exist."""
    kinds = [kind.name for kind in document.case_types]
    for position, step in enumerate(document.transitions):
        path = ("transitions", position)
        if step.on is not None:
            yield from trigger_name_problems((*path, "on"), step.on, document)
        yield from _consequences((*path, "then"), step.then, document)
        yield from _too_late((*path, "then"), step, document)
    for position, automation in enumerate(document.automations):
        where = ("automations", position)
        yield from trigger_name_problems((*where, "on"), automation.on, document)
        yield from all_unknown((*where, "case_types"), "case type", automation.case_types, kinds)
        yield from _consequences((*where, "then"), automation.then, document)
    for position, phase in enumerate(document.phases):
        if phase.on is not None:
            yield from trigger_name_problems(("phases", position, "on"), phase.on, document)
    yield from _circles(document)


def _circles(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """Consequences that trigger themselves again, whatever their rules say: some case would never
    rest."""
    leads = list(_leads(document))
    steps = [lead.step for lead in leads]
    for part in dict.fromkeys(lead.part for lead in leads):
        following = [lead for lead in leads if lead.part == part]
        ends = reachable([lead.to for lead in following], steps)
        if any(lead.begin in ends for lead in following):
            sentence = (
                "this sets itself off again, directly or by others: it would run in a circle; "
                "take out one of them"
            )
            yield DefinitionProblem((*part, "then"), "circle", sentence)


class _Lead(NamedTuple):
    """The result of one part for a trigger in a status: another trigger, perhaps in another
    status."""

    part: tuple[str, int]
    begin: str
    to: str

    @property
    def step(self) -> tuple[str, str]:
        return self.begin, self.to


def _leads(document: DefinitionDocument) -> Iterator[_Lead]:
    """Each trigger in a status, as `trigger in status`, with its results."""
    for position, step in enumerate(document.transitions):
        for one in step.then if step.on else ():
            for source in step.from_statuses:
                if step.on and one.kind in SETS_OFF and source != step.to:
                    begin = f"{step.on.partition(':')[0]} in {source}"
                    to = f"{SETS_OFF[one.kind]} in {step.to}"
                    yield _Lead(("transitions", position), begin, to)
    for position, automation in enumerate(document.automations):
        trigger = automation.on.partition(":")[0]
        for one in automation.then:
            for status in document.statuses if one.kind in SETS_OFF else ():
                for stays in {status.name, *_steps_on(document, trigger, status.name)}:
                    to = f"{SETS_OFF[one.kind]} in {stays}"
                    yield _Lead(("automations", position), f"{trigger} in {status.name}", to)


def _steps_on(document: DefinitionDocument, trigger: str, status: str) -> Iterator[str]:
    """The statuses to which a trigger moves a case by itself, before automations run."""
    for step in document.transitions:
        if step.on and step.on.partition(":")[0] == trigger and status in step.from_statuses:
            yield step.to


def names_in(document: DefinitionDocument, section: str) -> Collection[str]:
    """The names that a section of the definition declares."""
    if section == "metrics":
        return document.metric_names
    return [item.name for item in getattr(document, section)]


SETS_OFF: Mapping[str, str] = {
    "assign": "assigned",
    "ask_approval": "approval_requested",
    "set_phase": "phase",
    "ask_decision": "decision_asked",
    "slip_release": "release_slipped",
    "released": "released",
}
"""The trigger that each kind of consequence fires."""


def trigger_name_problems(
    path: DocPath, trigger: str, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    kind, _, about = trigger.partition(":")
    if kind not in TRIGGERS:
        yield from unknown(path, "trigger", kind, list(TRIGGERS))
    elif about and not TRIGGERS[kind]:
        sentence = f"`{kind}` is about nothing else; write it without `:{about}`"
        yield DefinitionProblem(path, "trigger", sentence)
    elif about:
        yield from unknown(path, TRIGGERS[kind][:-1], about, names_in(document, TRIGGERS[kind]))


def _filled(
    path: DocPath, values: Mapping[str, str], document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """Fields that get an impossible value."""
    fields = {field.name: field for field in document.fields}
    for name, value in values.items():
        if name not in fields:
            yield from unknown((*path, name), "field", name, list(fields))
            continue
        if fields[name].type == "agent" and value:
            sentence = "only people name an agent; let the step require the field, or empty it here"
            yield DefinitionProblem((*path, name), "names-agent", sentence)
            continue
        typed = typed_value(fields[name], value)
        for problem in form_problems({name: typed}, [fields[name]], ()):
            sentence = f"{value!r} cannot be in `{name}`: {problem.rule} {problem.limit}"
            yield DefinitionProblem((*path, name), "value", sentence.rstrip())


def _consequences(
    path: DocPath, then: Sequence[Consequence], document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    for position, one in enumerate(then):
        where = (*path, position)
        if one.assign is not None:
            yield from unknown((*where, "assign"), "team", one.assign, names_in(document, "teams"))
        if one.set_phase is not None:
            known = names_in(document, "phases")
            yield from unknown((*where, "set_phase"), "phase", one.set_phase, known)
        if one.ask_decision is not None:
            known = names_in(document, "decisions")
            yield from unknown((*where, "ask_decision"), "decision", one.ask_decision, known)
        if one.slip_release and document.releases is None:
            sentence = "there are no `releases` to slip; declare their cycles"
            yield DefinitionProblem((*where, "slip_release"), "no-releases", sentence)
        if one.ask_rating and document.ratings is None:
            sentence = "there are no `ratings` to ask for; declare their scale and statuses"
            yield DefinitionProblem((*where, "ask_rating"), "no-ratings", sentence)
        if one.ask_approval is not None:
            yield from _approval((*where, "ask_approval"), one.ask_approval, document)
        yield from _filled((*where, "set_fields"), one.set_fields, document)


def _too_late(
    path: DocPath, step: Transition, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """A phase that a case would get after its end."""
    if any(one.name == step.to and one.kind == "final" for one in document.statuses):
        for position, one in enumerate(step.then):
            if one.set_phase is not None:
                sentence = f"`{step.to}` ends the case, and then it has no other phase; take it out"
                yield DefinitionProblem((*path, position, "set_phase"), "never", sentence)


def _approval(
    path: DocPath, name: str, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    yield from unknown(path, "approval", name, names_in(document, "approvals"))
    if any(one.name == name and one.asks is None for one in document.approvals):
        sentence = f"say how much is asked: give the approval `{name}` its `asks`"
        yield DefinitionProblem(path, "approval", sentence)
