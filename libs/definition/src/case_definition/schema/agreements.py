"""Agreements with customers: targets by priority, and the escalation policy."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field

from case_definition.calendar.lengths import Length, parse_length
from case_definition.cel.rules import CompiledRule, Variables, compile_rule, rule_defaults
from case_definition.schema.model import DefinitionModel, Name, TenantId
from case_definition.schema.notices import Level
from case_definition.schema.targets import TargetTerms


class AgreementDocument(DefinitionModel):
    """An agreement, as in YAML and on Kafka."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    tenant: TenantId
    customer: str
    version: int = Field(gt=0)
    kind: Literal["sla", "best_effort"]
    calendar: Name | None = None
    """A calendar of `calendars`, or of the definition."""
    calendars: dict[Name, dict[str, Any]] = {}
    """Calendars of the agreement. Publishing adds the calendars of the definition that it uses."""
    targets: tuple[TargetTerms, ...] = ()
    escalation: tuple[Level, ...] = ()
    """The escalation policy of the agreement; default: that of the definition."""
    fair_use: dict[Name, Annotated[int, Field(ge=0)]] = {}
    """The number that is allowed of each `fair_use` of the definition, in its period."""


@dataclass(frozen=True, slots=True)
class Target:
    """A target as it applies to one case."""

    terms: TargetTerms
    length: Length
    calendar: str | None
    """The name of a calendar of the agreement; None if every hour counts and no time zone
    matters."""

    @property
    def metric(self) -> str:
        """The metric that the target measures."""
        return self.terms.metric


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement, compiled."""

    document: AgreementDocument
    _rules: Mapping[str, CompiledRule]

    @property
    def key(self) -> str:
        """tenant/id/version, the key on the `agreements` topic."""
        return f"{self.document.tenant}/{self.document.id}/{self.document.version}"

    @property
    def calendars(self) -> Mapping[str, Mapping[str, Any]]:
        """The data of each calendar that the targets name."""
        return self.document.calendars

    @property
    def escalation(self) -> tuple[Level, ...]:
        """The escalation policy of the agreement; empty if that of the definition holds."""
        return self.document.escalation

    def metric_of(self, target: str) -> str | None:
        """The metric of the target with this name; None if there is no such target."""
        return next((one.metric for one in self.document.targets if one.id == target), None)

    def targets_for(
        self, case_type: str, priority: str, variables: Variables | None = None
    ) -> list[Target]:
        """The targets of a case, in the order of the agreement.

        Of several targets for one metric the first that applies counts. `variables` are those of
        the rules of targets; type and priority of the case are filled in.
        """
        terms = self.document
        case = {**(variables or {}).get("case", {}), "type": case_type, "priority": priority}
        asked = {**(variables or {}), "case": case}
        return list(applying(terms.targets, terms.calendar, asked, self._rules))


def applying(
    targets: Iterable[TargetTerms],
    calendar: Name | None,
    variables: Variables,
    rules: Mapping[str, CompiledRule],
) -> Iterator[Target]:
    """The targets that apply to a case: of several for one metric the first."""
    chosen: set[str] = set()
    case_type, priority = variables["case"]["type"], variables["case"]["priority"]
    for terms in targets:
        length = terms.priorities.get(priority, terms.length)
        if length is None or terms.metric in chosen:
            continue
        if terms.case_types and case_type not in terms.case_types:
            continue
        if terms.when and not rules[terms.when].holds(variables):
            continue
        chosen.add(terms.metric)
        yield Target(
            terms,
            _length(length, elapsed=terms.elapsed),
            terms.calendar or calendar,
        )


_length = lru_cache(maxsize=1000, typed=True)(parse_length)
"""Lengths as written are parsed once: the targets of every case name the same few."""


def compile_agreement(document: Mapping[str, Any] | AgreementDocument) -> Agreement:
    """Compile an agreement. Raises ValueError for an invalid one."""
    checked = AgreementDocument.model_validate(document)
    rules = {t.when: compile_rule(t.when, rule_defaults({})) for t in checked.targets if t.when}
    return Agreement(checked, rules)
