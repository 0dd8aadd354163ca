"""What a tenant promised a customer: targets per priority, and who is told when they are missed."""

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
    """An agreement as it stands in YAML and on Kafka."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    tenant: TenantId
    customer: str
    version: int = Field(gt=0)
    kind: Literal["sla", "best_effort"]
    calendar: Name | None = None
    """One of `calendars`, or of the definition."""
    calendars: dict[Name, dict[str, Any]] = {}
    """Calendars of its own. Publishing adds those of the definition that it uses."""
    targets: tuple[TargetTerms, ...] = ()
    escalation: tuple[Level, ...] = ()
    """Instead of the definition's, when given."""
    fair_use: dict[Name, Annotated[int, Field(ge=0)]] = {}
    """How many of each `fair_use` of the definition are allowed in its period."""


@dataclass(frozen=True, slots=True)
class Target:
    """A promise as it applies to one case."""

    terms: TargetTerms
    length: Length
    calendar: str | None
    """A name among the calendars beside it; None where every hour counts and no zone matters."""

    @property
    def metric(self) -> str:
        """What it measures."""
        return self.terms.metric


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement, ready to be asked."""

    document: AgreementDocument
    _rules: Mapping[str, CompiledRule]

    @property
    def key(self) -> str:
        """tenant/id/version, its key on the `agreements` topic."""
        return f"{self.document.tenant}/{self.document.id}/{self.document.version}"

    @property
    def calendars(self) -> Mapping[str, Mapping[str, Any]]:
        """The data of each calendar that its targets name."""
        return self.document.calendars

    @property
    def escalation(self) -> tuple[Level, ...]:
        """Its own escalation policy; empty where that of the definition holds."""
        return self.document.escalation

    def metric_of(self, target: str) -> str | None:
        """What its target of this name measures; None where it has none of that name."""
        return next((one.metric for one in self.document.targets if one.id == target), None)

    def targets_for(
        self, case_type: str, priority: str, variables: Variables | None = None
    ) -> list[Target]:
        """The targets of a case, in the order written.

        Of several for one metric the first that applies counts. `facts` is what the rules of
        targets ask about; its type and priority are filled in.
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
    """Those targets that apply to a case: of several for one metric the first."""
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
    """Make an agreement ready to be asked. Raises ValueError when it is none."""
    checked = AgreementDocument.model_validate(document)
    rules = {t.when: compile_rule(t.when, rule_defaults({})) for t in checked.targets if t.when}
    return Agreement(checked, rules)
