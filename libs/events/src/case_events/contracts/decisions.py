"""Decisions: a person with a role answers yes or no. They belong to the desk: contacts never see
the reasons, and see the outcome only if the definition shows it."""

from typing import Literal

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import Audience, Trigger, notice
from case_events.contracts.parts import DecisionContent, WrittenContent
from case_events.topics import CASES, COMMANDS

Outcome = Literal["yes", "no"]


def _is_yes(event: "DecisionMade") -> bool:
    return event.outcome == "yes"


def _is_no(event: "DecisionMade") -> bool:
    return event.outcome == "no"


def _who_sees(event: "DecisionMade") -> Audience:
    return "everyone" if event.shown else "desk"


@contract(
    "case.decision-requested",
    CASES,
    label="decision_requested",
    triggers=(Trigger(name="decision_asked", about="decision", section="decisions"),),
    notice=notice("decision", "role", "reason", "author", recipients=("role",), audience="desk"),
    rule_members=("decision",),
    audience="desk",
)
class DecisionRequested(Event, frozen=True):
    """The case waits for the decision of a person with the `role`. The words say why."""

    decision: str
    role: str
    personal: WrittenContent = WrittenContent()


@contract(
    "case.decision-made",
    CASES,
    label="decision_made",
    triggers=(
        Trigger(name="decision_yes", about="decision", section="decisions", when=_is_yes),
        Trigger(name="decision_no", about="decision", section="decisions", when=_is_no),
    ),
    notice=notice(
        "decision", "role", "outcome", "reason", "author", recipients=("role",), audience="desk"
    ),
    rule_members=("decision", "outcome"),
    audience=_who_sees,
    words="desk",
)
class DecisionMade(Event, frozen=True):
    """A person with the `role` decided yes or no, with a reason. `shown`: contacts see the
    outcome."""

    decision: str
    outcome: Outcome
    role: str
    shown: bool = False
    personal: WrittenContent = WrittenContent()


@contract("command.ask-decision", COMMANDS, label="ask_decision", asked_by="agents")
class AskDecision(Command, frozen=True, kw_only=True):
    """Ask for a decision of the definition by its name, with a reason."""

    decision: str
    personal: WrittenContent = WrittenContent()


@contract("command.decide-case", COMMANDS, label="decide_case", asked_by="agents")
class DecideCase(Command, frozen=True, kw_only=True):
    """Decide yes or no, with a reason. A yes may plan a release and a week."""

    decision: str
    outcome: Outcome
    release: str = ""
    week: str = ""
    personal: DecisionContent = DecisionContent()
