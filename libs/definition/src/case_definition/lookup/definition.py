"""A compiled definition, for many lookups a second."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from case_definition.cel.rules import CompiledRule, Variables, cast_as, compile_rule, rule_defaults
from case_definition.lookup.form import FieldProblem, empty_value, form_problems, typed_value
from case_definition.schema import amounts, numbering
from case_definition.schema.agreements import Target, applying
from case_definition.schema.approvals import Approval
from case_definition.schema.channels import Channel
from case_definition.schema.consequences import Automation
from case_definition.schema.decisions import Decision, Ranking
from case_definition.schema.definition import (
    CaseField,
    CaseType,
    DefinitionDocument,
    Status,
    Transition,
)
from case_definition.schema.model import LengthText
from case_definition.schema.notices import Level, Notice, Team
from case_definition.schema.phases import Phase
from case_definition.schema.rule_paths import expressions_of, rules_of


@dataclass(frozen=True, slots=True)
class Definition:
    """A process definition. Mappings are by name, in the order of the definition."""

    document: DefinitionDocument
    statuses: Mapping[str, Status]
    transitions: Mapping[str, Transition]
    case_types: Mapping[str, CaseType]
    fields: Mapping[str, CaseField]
    channels: Mapping[str, Channel]
    teams: Mapping[str, Team]
    phases: Mapping[str, Phase]
    decisions: Mapping[str, Decision]
    rankings: Mapping[str, Ranking]
    approvals: Mapping[str, Approval]
    _empty_fields: dict[str, Any]
    _rules: Mapping[str, CompiledRule]
    _leaving: Mapping[str, tuple[Transition, ...]]
    _notices: Mapping[str, tuple[Notice, ...]]

    @property
    def tenant(self) -> str:
        """The tenant's id."""
        return self.document.tenant

    @property
    def version(self) -> int:
        """The version of the tenant's definition."""
        return self.document.version

    @property
    def key(self) -> str:
        """tenant/version, the key on the `definitions` topic."""
        return f"{self.document.tenant}/{self.document.version}"

    @property
    def escalation(self) -> tuple[Level, ...]:
        """The tenant's own escalation policy."""
        return self.document.escalation

    def holds(self, rule: str | None, variables: Variables) -> bool:
        """Whether a rule of this definition holds. No rule counts as true."""
        return rule is None or self._rules[rule].holds(variables)

    def number(self, expression: str, variables: Variables) -> float:
        """The number that an expression of this definition gives."""
        return self._rules[expression].number(variables)

    def own_targets(self, variables: Variables) -> list[Target]:
        """The tenant's own targets of a case, whatever its agreement, in order."""
        return list(applying(self.document.targets, None, variables, self._rules))

    def timers_of(self, variables: Variables) -> list[Target]:
        """The process timers of a case, each with its length and calendar, in order."""
        terms = [timer.terms for timer in self.document.timers]
        return list(applying(terms, None, variables, self._rules))

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Texts from forms and histories, converted to the types of their fields."""
        return {
            name: typed_value(self.fields[name], value) if name in self.fields else value
            for name, value in values.items()
        }

    def filled(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Every field by name, as rules read it, from the texts of histories: a number, true or
        false, a list of files or a text; empty without a value."""
        return self._empty_fields | {
            name: value if isinstance(empty := self._empty_fields.get(name, ""), str)
            else cast_as(empty, value)
            for name, value in values.items()
        }  # fmt: skip

    def transitions_from(self, status: str, case_type: str | None = None) -> tuple[Transition, ...]:
        """The steps out of a status; only those of one case type, if given."""
        leaving = self._leaving.get(status, ())
        if case_type is None:
            return leaving
        return tuple(step for step in leaving if step.is_for(case_type))

    def automatic(
        self, status: str, case_type: str, triggers: Collection[str], variables: Variables
    ) -> Transition | None:
        """The step that one of these triggers starts in this status, if any."""
        for step in self.transitions_from(status, case_type):
            if step.on in triggers and self.holds(step.when, variables):
                return step
        return None

    def phases_from(self, phase: str, case_type: str) -> list[Phase]:
        """The phases that a case of this type can enter from a phase; an empty name means no
        phase."""
        before = self.phases.get(phase)
        return [
            one
            for one in self.phases.values()
            if one.is_for(case_type) and (one.name in before.next if before else one.first)
        ]

    def automatic_phase(
        self, phase: str, case_type: str, triggers: Collection[str], variables: Variables
    ) -> Phase | None:
        """The phase to which one of these triggers leads from another phase, if any."""
        for one in self.phases_from(phase, case_type):
            if one.on in triggers and self.holds(one.when, variables):
                return one
        return None

    def automations(
        self, case_type: str, triggers: Collection[str], variables: Variables
    ) -> list[Automation]:
        """The automations of one of these triggers, in order."""
        return [
            one
            for one in self.document.automations
            if one.on in triggers and one.is_for(case_type) and self.holds(one.when, variables)
        ]

    def required_by(self, step: Transition | Phase, case_type: str) -> tuple[str, ...]:
        """The fields that a case of this type needs before the step."""
        own = self.case_types[case_type].field_names
        return tuple(name for name in step.requires.fields if name in own)

    def form_problems(
        self, case_type: str, values: Mapping[str, Any], agents: Collection[str] = ()
    ) -> list[FieldProblem]:
        """The problems of the fields of a new case; `agents` are those who may be named."""
        kind = self.case_types[case_type]
        required = [use.field for use in kind.fields if use.required]
        accept = [use.field for use in kind.fields if use.accept]
        fields = [self.fields[name] for name in kind.field_names]
        return form_problems(values, fields, required, accept, agents)

    def change_problems(
        self, case_type: str, values: Mapping[str, Any], agents: Collection[str] = ()
    ) -> list[FieldProblem]:
        """The same for changed fields of an existing case."""
        kind = self.case_types[case_type]
        required = [use.field for use in kind.fields if use.required and use.field in values]
        fields = [self.fields[name] for name in kind.field_names]
        return form_problems(self.typed(values), fields, required, agents=agents)

    def priority_for(self, axes: Mapping[str, str]) -> str | None:
        """The priority of the matrix for a choice on each of its axes; None if it has none."""
        matrix = self.document.priorities.matrix
        if matrix is None or axes.keys() != set(matrix.axes):
            return None
        first, second = (axes[name] for name in matrix.axes)
        return matrix.priority.get(first, {}).get(second)

    def chosen_axes(self, case_type: str, values: Mapping[str, Any]) -> dict[str, str]:
        """The values of a new case's fields on each axis of the matrix, if they count."""
        matrix = self.document.priorities.matrix
        if matrix is None or not self.case_types[case_type].start_priority.by_matrix:
            return {}
        return {name: str(values[name]) for name in matrix.axes if values.get(name)}

    def start_priority(self, case_type: str, values: Mapping[str, Any]) -> str:
        """The priority of a new case with these fields."""
        by_matrix = self.priority_for(self.chosen_axes(case_type, values))
        return by_matrix or self.case_types[case_type].start_priority.priority

    @property
    def working_day(self) -> int:
        """The minutes of work in a whole working day."""
        terms = self.document.work
        return amounts.minutes_of(terms.working_day, 0) if terms else amounts.WORKING_DAY

    def minutes_of(self, amount: LengthText) -> int:
        """A written amount of work, in minutes."""
        return amounts.minutes_of(amount, self.working_day)

    def route(self, variables: Variables) -> str:
        """The team of a case: that of the first rule that holds."""
        for rule in self.document.routing:
            if self.holds(rule.when, variables):
                return rule.team
        raise LookupError(f"{self.key}: no route for this case; a checked definition has one")

    def notices_for(
        self, event_type: str, variables: Variables | None = None
    ) -> tuple[Notice, ...]:
        """The notices of an event; with variables, only those whose rule holds."""
        notices = self._notices.get(event_type, ())
        if variables is None:
            return notices
        return tuple(notice for notice in notices if self.holds(notice.when, variables))

    def pauses(self, status: str) -> frozenset[str]:
        """The metrics that pause in a status."""
        return frozenset(self.statuses[status].pauses)

    def pause_in(self, metric: str) -> frozenset[str]:
        """The statuses in which a metric pauses."""
        return frozenset(s.name for s in self.statuses.values() if metric in s.pauses)

    def sees_colleagues(self, contact_role: str) -> bool:
        """Whether a contact with this role sees the cases of all of their customer."""
        return any(
            role == contact_role and whose == "customer"
            for role, whose in self.document.visibility.items()
        )

    def language(self, wanted: str | None) -> str:
        """The language for a person who wants this one."""
        return wanted if wanted in self.document.texts else self.document.default_language

    def text(self, key: str, language: str | None = None) -> str:
        """A text by its dotted key. Raises KeyError for a key that no checked definition has."""
        return self.document.texts[self.language(language)][key]

    def name_of(self, section: str, name: str, language: str | None = None) -> str:
        """The text for a name: `name_of("statuses", "open", "nl")`.

        The name itself, if it is from another version, as in the history of a migrated case.
        """
        texts = self.document.texts.get(self.language(language), {})
        return texts.get(f"{section}.{name}.name", name)

    def help_for(self, section: str, name: str, language: str | None = None) -> str:
        """The explanation of a name; empty without one."""
        texts = self.document.texts[self.language(language)]
        return texts.get(f"{section}.{name}.help", "")

    def field_help(self, case_type: str, field: str, language: str | None = None) -> str:
        """The explanation of a field on the form of a case type; empty without one."""
        own = self.help_for(f"case_types.{case_type}", field, language)
        return own or self.help_for("fields", field, language)

    def reference(self, year: int, number: int) -> str:
        """The reference of a new case."""
        return numbering.reference(self.document.references.format, year, number)

    def references_in(self, text: str) -> list[str]:
        """The references of this tenant in a text, each in its original form."""
        return numbering.references_in(self.document.references.format, text)


def compile_definition(document: Mapping[str, Any] | DefinitionDocument) -> Definition:
    """Compile a definition. Raises ValueError for an invalid one.

    `document` is the record on Kafka. It counts as checked: `case_definition.check.folder` finds
    unresolved names before publishing.
    """
    checked = DefinitionDocument.model_validate(document)
    empty_fields = {field.name: empty_value(field) for field in checked.fields}
    known = rule_defaults(empty_fields)
    return Definition(
        document=checked,
        statuses={status.name: status for status in checked.statuses},
        transitions={step.name: step for step in checked.transitions},
        case_types={kind.name: kind for kind in checked.case_types},
        fields={field.name: field for field in checked.fields},
        channels={channel.name: channel for channel in checked.channels},
        teams={team.name: team for team in checked.teams},
        approvals={approval.name: approval for approval in checked.approvals},
        phases={phase.name: phase for phase in checked.phases},
        decisions={one.name: one for one in checked.decisions},
        rankings={ranking.name: ranking for ranking in checked.rankings},
        _empty_fields=empty_fields,
        _rules={
            rule: compile_rule(rule, known)
            for rule in (*(rule for _, rule in rules_of(checked)), *expressions_of(checked))
        },
        _leaving={
            status.name: tuple(s for s in checked.transitions if status.name in s.from_statuses)
            for status in checked.statuses
        },
        _notices={
            event: tuple(notice for notice in checked.notices if notice.on == event)
            for event in {notice.on for notice in checked.notices}
        },
    )
