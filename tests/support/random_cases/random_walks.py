"""Random walks at a desk: anybody sends anything, time passes, services die."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from case_definition.lookup.definition import Definition
from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
    SetFields,
)
from case_events.contracts.parts import WrittenContent
from msgspec import to_builtins

from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Person

WORDS = ("", "   ", "Hello?", "Een café, één vraag. 🙂", "x" * 100, "<b>&amp;</b>\r\n> quoted")
SERVICES = ("intake", "workflow", "sla", "notify", "portal")


class Walk:
    """One walk. Its seed determines everything."""

    def __init__(
        self, desk: Desk, definition: Definition, people: Sequence[Person], seed: int
    ) -> None:
        self.desk, self._definition = desk, definition
        self._people, self._chance = list(people), Random(seed)
        self.cases: list[Case] = []
        self.steps: list[str] = []
        self._away = ""

    def goes(self, steps: int) -> None:
        """Take this number of steps. At the end all services run, and some time has passed."""
        self._mail("The screen stays black")
        for _ in range(steps):
            self._step()
        self._comes_back()
        self.desk.time_passes(seconds=10)

    def _step(self) -> None:
        case, chance = self._chance.choice(self.cases), self._chance.random()
        if chance < 0.73:
            who = self._chance.choice(self._people)
            command = self._allowed(case, who) or self.command()
            answer = self.desk.driver.ask(who, case.reference, command, ())
            asked = {name: value for name, value in to_builtins(command).items() if value}
            self.steps.append(
                f"{who.id}: {type(command).__name__} {asked} of {case.reference}: "
                f"{answer.status} {answer.code} {answer.rule}"
            )
        elif chance < 0.83:
            self._mail(f"Re: [{case.reference}] it still does")
        elif chance < 0.93:
            span = timedelta(minutes=self._chance.choice((1, 10, 59, 60, 240, 960, 2880)))
            self.steps.append(f"{span} go by")
            self.desk.time_passes(seconds=span.total_seconds())
        elif self._away:
            self._comes_back()
        else:
            self._away = self._chance.choice(SERVICES)
            self.steps.append(f"{self._away} dies")
            self.desk.stops(self._away)

    def _mail(self, subject: str) -> None:
        contacts = [person for person in self._people if person.kind == "contact"]
        who = self._chance.choice(contacts)
        case = self.desk.mail_from(who, subject).case
        self.steps.append(f"{who.id} mails {subject!r}, which belongs to {case}")
        if case.reference not in {known.reference for known in self.cases}:
            self.cases.append(case)

    def _comes_back(self) -> None:
        if self._away:
            self.steps.append(f"{self._away} comes back")
            self.desk.starts(self._away)
            self._away = ""

    def _allowed(self, case: Case, who: Person) -> Command | None:
        """Sometimes a step that the person is offered, with valid values."""
        shown = case.seen_by(who)
        if shown is None or not shown.steps or self._chance.random() < 0.3:
            return None
        step = self._chance.choice(shown.steps)
        fields = dict.fromkeys(step.requires_fields, "A cable")
        words = WrittenContent(text="As we said.") if step.requires_comment else WrittenContent()
        return ChangeStatus(transition=step.name, fields=fields, personal=words)

    def command(self) -> Command:
        """Any command of the API."""
        chance, words = self._chance, WrittenContent(text=self._chance.choice(WORDS))
        document = self._definition.document
        match chance.choice(("step", "step", "step", "comment", "assign", "assess", "type", "set")):
            case "step":
                fields = {"cause": chance.choice(("", "A cable"))} if chance.random() < 0.5 else {}
                step = chance.choice([*self._definition.transitions, "jump"])
                return ChangeStatus(transition=step, fields=fields, personal=words)
            case "comment":
                return AddComment(public=chance.random() < 0.7, personal=words)
            case "assign":
                agents = ["", "nobody", *(one.id for one in self._people if one.kind == "agent")]
                team = chance.choice([*self._definition.teams, "no_team"])
                return AssignCase(team=team, agent=chance.choice(agents))
            case "assess":
                return AssessPriority(priority=chance.choice([*document.priorities.scale, "P9"]))
            case "type":
                return ClassifyCase(case_type=chance.choice([*self._definition.case_types, "x"]))
            case _:
                name = chance.choice([*self._definition.fields, "colour"])
                return SetFields(fields={name: chance.choice(("", "high", "true", "y" * 300))})
