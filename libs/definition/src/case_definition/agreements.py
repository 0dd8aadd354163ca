"""What a tenant promised a customer: targets per priority, and who is told when they are missed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from case_definition.calendar.lengths import Length, parse_length
from case_definition.rules import CompiledRule, Facts, compile_rule, known_facts
from case_definition.schema import LengthText, Level, Name, Part, Rule, TenantId
from case_definition.vocabulary import Metric


class TargetTerms(Part):
    """One promise."""

    metric: Metric
    name: Name | None = None
    """What the promise is called; its metric when left out."""
    case_types: tuple[Name, ...] = ()
    """Only for these; for all when left out."""
    priorities: dict[Name, LengthText] = {}
    """How long, by priority. A priority that is left out has no such target."""
    length: LengthText | None = None
    """How long, whatever the priority."""
    when: Rule | None = None
    calendar: Name | None = None
    """Which hours count; the agreement's calendar when left out."""
    elapsed: bool = False
    """Count every hour, open or closed."""
    warnings: tuple[float, ...] = ()
    """When to warn, as shares of the length, rising: 0.5 is half-way."""
    promised: float = Field(default=1.0, gt=0, le=1)
    """The share of cases for which it will be kept."""

    @property
    def id(self) -> str:
        """What identifies it within its agreement."""
        return self.name or self.metric


class AgreementDocument(Part):
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
    ladder: tuple[Level, ...] = ()
    """Instead of the definition's, when given."""


@dataclass(frozen=True, slots=True)
class Target:
    """A promise as it applies to one case."""

    id: str
    metric: str
    length: Length
    calendar: str | None
    """A name among the agreement's calendars; None where every hour counts."""
    elapsed: bool
    warnings: tuple[float, ...]
    promised: float


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
    def ladder(self) -> tuple[Level, ...]:
        """Its own ladder; empty where the definition's serves."""
        return self.document.ladder

    def targets_for(
        self, case_type: str, priority: str, facts: Facts | None = None
    ) -> list[Target]:
        """The targets of a case, in the order written.

        Of several for one metric the first that applies counts. `facts` is what the rules of
        targets ask about; its type and priority are filled in.
        """
        chosen: dict[str, Target] = {}
        for terms in self.document.targets:
            length = terms.priorities.get(priority, terms.length)
            if length is None or terms.metric in chosen:
                continue
            if terms.case_types and case_type not in terms.case_types:
                continue
            if terms.when and not self._holds(terms.when, case_type, priority, facts or {}):
                continue
            chosen[terms.metric] = Target(
                id=terms.id,
                metric=terms.metric,
                length=parse_length(length, elapsed=terms.elapsed),
                calendar=None if terms.elapsed else terms.calendar or self.document.calendar,
                elapsed=terms.elapsed,
                warnings=terms.warnings,
                promised=terms.promised,
            )
        return list(chosen.values())

    def _holds(self, rule: str, case_type: str, priority: str, facts: Facts) -> bool:
        case = {**facts.get("case", {}), "type": case_type, "priority": priority}
        return self._rules[rule].holds({**facts, "case": case})


def compile_agreement(document: Mapping[str, Any] | AgreementDocument) -> Agreement:
    """Make an agreement ready to be asked. Raises ValueError when it is none."""
    checked = AgreementDocument.model_validate(document)
    rules = {t.when: compile_rule(t.when, known_facts({})) for t in checked.targets if t.when}
    return Agreement(checked, rules)
