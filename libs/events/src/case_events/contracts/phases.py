"""Phases: the progress of the work on a case, more detailed than its status."""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import Trigger, has_reason, notice
from case_events.contracts.parts import WrittenContent
from case_events.topics import CASES, COMMANDS


@contract(
    "case.phase-changed",
    CASES,
    label="phase_changed",
    triggers=(Trigger(name="phase", about="phase", section="phases"),),
    notice=notice("phase", "previous_phase", "comment"),
    rule_members=("reason", "phase"),
    by_rule=has_reason,
)
class PhaseChanged(Event, frozen=True):
    """The case went from one phase to another. `phase` is empty if the case left its last phase.

    The status change of a phase follows directly, as a `StatusChanged`. `reason` names the rule, if
    no person asked.
    """

    phase: str
    previous: str = ""
    reason: str = ""


@contract("command.change-phase", COMMANDS, label="change_phase", asked_by="anybody")
class ChangePhase(Command, frozen=True, kw_only=True):
    """Enter a phase of the definition by its name, with the fields that it requires."""

    phase: str
    fields: dict[str, str] = {}
    personal: WrittenContent = WrittenContent()
