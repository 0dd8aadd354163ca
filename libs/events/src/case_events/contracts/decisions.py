"""Decisions: somebody with a role is asked for yes or no, and says so. They are the desk's own:
contacts never see the reasons, and the outcome only where the definition shows it."""

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
    """The case waits for a yes or no of somebody with a `role`, and why it was asked."""

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
    """Somebody with the `role` said yes or no, and why. `shown`: contacts see the outcome."""

    decision: str
    outcome: Outcome
    role: str
    shown: bool = False
    personal: WrittenContent = WrittenContent()


@contract("command.ask-decision", COMMANDS, label="ask_decision", asked_by="agents")
class AskDecision(Command, frozen=True, kw_only=True):
    """Ask for a decision of the definition by its name, and say why."""

    decision: str
    personal: WrittenContent = WrittenContent()


@contract("command.decide-case", COMMANDS, label="decide_case", asked_by="agents")
class DecideCase(Command, frozen=True, kw_only=True):
    """Say yes or no, and why. With a yes, a release and a week may be planned."""

    decision: str
    outcome: Outcome
    release: str = ""
    week: str = ""
    personal: DecisionContent = DecisionContent()
