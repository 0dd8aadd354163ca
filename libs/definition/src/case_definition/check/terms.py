"""Checks targets: existing metrics, and calendars that are open."""

from collections.abc import Collection, Iterator

from case_definition.check.conditions import condition_problem
from case_definition.check.consequences import trigger_name_problems
from case_definition.check.names import all_unknown, twice, unknown
from case_definition.check.settings import escalation_problems, length_problems, own_address
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.notices import Level
from case_definition.schema.targets import TargetTerms
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath
from case_definition.vocabulary import METRICS, SIGNALS, TRIGGERS


def agreement_problems(
    agreement: AgreementDocument, document: DefinitionDocument, customers: Collection[str]
) -> Iterator[DefinitionProblem]:
    """The problems of an agreement under a definition."""
    if agreement.tenant != document.tenant:
        sentence = f"this folder is of `{document.tenant}`; write that, or move the agreement"
        yield DefinitionProblem(("tenant",), "wrong-tenant", sentence)
    yield from unknown(("customer",), "customer", agreement.customer, customers)
    if agreement.calendar:
        calendars = [*agreement.calendars, *document.calendars]
        yield from unknown(("calendar",), "calendar", agreement.calendar, calendars)
    if agreement.kind == "best_effort" and agreement.targets:
        sentence = "best effort promises no times; remove the targets or write `kind: sla`"
        yield DefinitionProblem(("targets",), "best-effort", sentence)
    if agreement.kind == "sla" and not agreement.targets:
        sentence = "an SLA promises something; write its `targets` or `kind: best_effort`"
        yield DefinitionProblem(("targets",), "no-targets", sentence)
    yield from twice(("targets",), [terms.id for terms in agreement.targets])
    calendars = [*agreement.calendars, *document.calendars]
    for position, terms in enumerate(agreement.targets):
        path = ("targets", position)
        yield from _target_problems(path, terms, calendars, agreement.calendar, document)
        if terms.when and (problem := condition_problem(terms.when, "agreements", document)):
            yield DefinitionProblem((*path, "when"), "rule", problem)
    yield from escalation_problems(("escalation",), agreement.escalation)
    yield from escalation_name_problems(("escalation",), agreement.escalation, document)
    for position, level in enumerate(agreement.escalation):
        path = ("escalation", position)
        yield from own_address((*path, "address"), level.address, document)
        yield from unknown((*path, "language"), "language", level.language, document.languages)


def own_term_problems(document: DefinitionDocument) -> Iterator[DefinitionProblem]:
    """The problems of the tenant's own metrics and targets, and of references to metrics."""
    yield from twice(("metrics",), [terms.name for terms in document.metrics])
    for position, metric in enumerate(document.metrics):
        path = ("metrics", position)
        yield from signal_problems((*path, "begins"), metric.begins, document)
        yield from signal_problems((*path, "ends"), metric.ends, document)
        if metric.name not in METRICS and not (metric.begins and metric.ends):
            yield DefinitionProblem(
                path, "metric", "say what it runs from (`begins`) and until (`ends`)"
            )
    yield from twice(("targets",), [terms.id for terms in document.targets])
    for position, terms in enumerate(document.targets):
        where = ("targets", position)
        yield from _target_problems(where, terms, list(document.calendars), None, document)
    for position, status in enumerate(document.statuses):
        pauses = ("statuses", position, "pauses")
        timers = [timer.name for timer in document.timers]
        known = [*document.metric_names, *timers]
        yield from all_unknown(pauses, "metric", status.pauses, known)
    yield from escalation_name_problems(("escalation",), document.escalation, document)


def escalation_name_problems(
    path: DocPath, levels: tuple[Level, ...], document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """Unknown metrics and priorities in an escalation policy."""
    for position, level in enumerate(levels):
        for at, on in enumerate(level.raised):
            where = (*path, position, "raised", at)
            metrics, scale = document.metric_names, document.priorities.scale
            yield from all_unknown((*where, "metrics"), "metric", on.metrics, metrics)
            yield from all_unknown((*where, "priorities"), "priority", on.priorities, scale)


def signal_problems(
    path: DocPath, signals: tuple[str, ...], document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """Signals that no event gives."""
    statuses = [status.name for status in document.statuses]
    known = [
        *SIGNALS,
        *(f"status:{status}" for status in statuses),
        *(f"left:{status}" for status in statuses),
        *(f"type:{kind.name}" for kind in document.case_types),
    ]
    for position, signal in enumerate(signals):
        kind, _, _ = signal.partition(":")
        if kind in TRIGGERS and signal not in known:
            yield from trigger_name_problems((*path, position), signal, document)
        else:
            yield from unknown((*path, position), "signal", signal, known)


def _target_problems(
    path: DocPath,
    terms: TargetTerms,
    calendars: list[str],
    calendar: str | None,
    document: DefinitionDocument,
) -> Iterator[DefinitionProblem]:
    kinds = [kind.name for kind in document.case_types]
    yield from unknown((*path, "metric"), "metric", terms.metric, document.metric_names)
    yield from all_unknown((*path, "case_types"), "case type", terms.case_types, kinds)
    yield from signal_problems((*path, "ends"), terms.ends, document)
    for priority in terms.priorities:
        yield from unknown(
            (*path, "priorities", priority), "priority", priority, document.priorities.scale
        )
    if terms.calendar:
        yield from unknown((*path, "calendar"), "calendar", terms.calendar, calendars)
    if not terms.elapsed and not (terms.calendar or calendar):
        sentence = "say on which `calendar` time counts, or write `elapsed: true`"
        yield DefinitionProblem(path, "no-calendar", sentence)
    rising = sorted(set(terms.warnings))
    if list(terms.warnings) != rising or any(not 0 < share < 1 for share in rising):
        sentence = "write rising shares between 0 and 1, as in [0.5, 0.75]"
        yield DefinitionProblem((*path, "warnings"), "warnings", sentence)
    yield from _lengths_of(path, terms)


def _lengths_of(path: DocPath, terms: TargetTerms) -> Iterator[DefinitionProblem]:
    lengths = {(*path, "priorities", name): text for name, text in terms.priorities.items()}
    if terms.length is not None:
        lengths[*path, "length"] = terms.length
    if not lengths:
        yield DefinitionProblem(
            path, "no-length", "say how long: `priorities` with a length each, or `length`"
        )
    for where, text in lengths.items():
        yield from length_problems(where, text, terms.elapsed)
