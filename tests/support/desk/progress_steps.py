"""The actions of people with the phases, decisions, releases and ratings of a case."""

from typing import Literal, Protocol

from case_events.contracts.commands import Command
from case_events.contracts.decisions import AskDecision, DecideCase
from case_events.contracts.parts import DecisionContent, WrittenContent
from case_events.contracts.phases import ChangePhase
from case_events.contracts.ratings import RateCase
from case_events.contracts.releases import PlanRelease, SlipRelease

from tests.support.desk.values import Answer


class _Asks(Protocol):
    def asks_for(self, command: Command) -> Answer: ...


class Progresses:
    """A person who moves a case through its phases, decides, plans and rates, or tries to."""

    def enters(self: _Asks, phase: str, text: str = "", **fields: str) -> Answer:
        """Move the case to another phase."""
        command = ChangePhase(phase=phase, fields=fields, personal=WrittenContent(text=text))
        return self.asks_for(command)

    def asks_decision(self: _Asks, decision: str, why: str = "") -> Answer:
        """Ask for a decision."""
        return self.asks_for(AskDecision(decision=decision, personal=WrittenContent(text=why)))

    def decides(
        self: _Asks,
        decision: str,
        outcome: Literal["yes", "no"],
        why: str = "It fits.",
        *,
        answer: str = "",
        release: str = "",
        week: str = "",
    ) -> Answer:
        """Decide yes or no; `why` is for colleagues, `answer` for the contact."""
        ruling = DecisionContent(text=why, answer=answer)
        return self.asks_for(
            DecideCase(
                decision=decision, outcome=outcome, release=release, week=week, personal=ruling
            )
        )

    def plans(self: _Asks, release: str = "", week: str = "") -> Answer:
        """Plan the case for a release."""
        return self.asks_for(PlanRelease(release=release, week=week))

    def slips(self: _Asks, why: str, release: str = "", week: str = "") -> Answer:
        """Move the case to a later release."""
        words = WrittenContent(text=why)
        return self.asks_for(SlipRelease(release=release, week=week, personal=words))

    def rates(self: _Asks, stars: int, text: str = "") -> Answer:
        """Rate how the case was handled."""
        return self.asks_for(RateCase(stars=stars, personal=WrittenContent(text=text)))
