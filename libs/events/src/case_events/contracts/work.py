"""Time spent on a case, and how it counts. An entry is named by its number within the case."""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import OF_WORK, Trigger, notice
from case_events.contracts.parts import Instant, WorkPart, WrittenContent
from case_events.topics import CASES, COMMANDS


class WorkEntry(Event, frozen=True, kw_only=True):
    """What an entry says: from when, how long, as which kind of work of the definition.

    `parts` add up to `minutes`, in the order worked. `why` names the rule of the definition by
    which it is `billable` or not. `approval` is what covers it (empty: needs none), beside the
    free minutes. `allowance` is where those come from, and `allowance_left` what it has left.
    """

    entry: int
    minutes: int
    began: Instant
    kind: str
    parts: tuple[WorkPart, ...] = ()
    billable: bool = False
    why: str = ""
    approval: str = ""
    allowance: str = ""
    allowance_left: int = 0
    personal: WrittenContent = WrittenContent()


def _allowance_is_used(event: "WorkLogged") -> bool:
    """Whether it took the last free minutes of the case, where it took any."""
    return bool(event.allowance) and event.allowance_left == 0


@contract(
    "case.work-logged",
    CASES,
    label="work_logged",
    triggers=(
        Trigger(name="work_logged"),
        Trigger(name="allowance_used", when=_allowance_is_used),
    ),
    notice=notice(*OF_WORK),
    rule_members=("kind", "approval", "minutes", "billable", "why"),
)
class WorkLogged(WorkEntry, frozen=True, kw_only=True):
    """Work was booked."""


@contract(
    "case.work-corrected",
    CASES,
    label="work_corrected",
    notice=notice(*OF_WORK),
    rule_members=("kind", "approval", "minutes", "billable", "why"),
)
class WorkCorrected(WorkEntry, frozen=True, kw_only=True):
    """What the entry says from now on, whole; 0 minutes: it does not count. The words say why."""


@contract("command.log-work", COMMANDS, label="log_work", asked_by="agents")
class LogWork(Command, frozen=True, kw_only=True):
    """Book work. `began`: None for work that ends now. What covers it and whether it is billed
    follows from the definition."""

    minutes: int
    kind: str
    began: Instant | None = None
    personal: WrittenContent = WrittenContent()


@contract("command.correct-work", COMMANDS, label="correct_work", asked_by="agents")
class CorrectWork(Command, frozen=True, kw_only=True):
    """Say anew what an entry says, with the reason. What is not said stays: `minutes` None,
    `kind` empty, `began` None. How it counts follows from the rules as they hold now."""

    entry: int
    minutes: int | None = None
    kind: str = ""
    began: Instant | None = None
    personal: WrittenContent = WrittenContent()
