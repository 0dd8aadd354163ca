"""Work: the time spent on a case, and how it counts. An entry is identified by its number within
the case."""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import OF_WORK, Trigger, notice
from case_events.contracts.parts import Instant, WorkPart, WrittenContent
from case_events.topics import CASES, COMMANDS


class WorkEntry(Event, frozen=True, kw_only=True):
    """The content of an entry: begin, duration, and the kind of work of the definition.

    `parts` add up to `minutes`, in the order in which they were worked. `why` names the rule of the
    definition that makes the entry `billable` or not. `approval` covers the minutes that are not
    free (empty: no approval needed). `allowance` is the source of the free minutes, and
    `allowance_left` its remainder.
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
    """Whether the entry took the last free minutes of the case, if it took any."""
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
    """Work was logged."""


@contract(
    "case.work-corrected",
    CASES,
    label="work_corrected",
    notice=notice(*OF_WORK),
    rule_members=("kind", "approval", "minutes", "billable", "why"),
)
class WorkCorrected(WorkEntry, frozen=True, kw_only=True):
    """The entry has this content from now on; 0 minutes: it does not count. The words give the
    reason."""


@contract("command.log-work", COMMANDS, label="log_work", asked_by="agents")
class LogWork(Command, frozen=True, kw_only=True):
    """Log work. `began` of None: work that ends now. The definition decides the approval that
    covers it, and whether it is billable."""

    minutes: int
    kind: str
    began: Instant | None = None
    personal: WrittenContent = WrittenContent()


@contract("command.correct-work", COMMANDS, label="correct_work", asked_by="agents")
class CorrectWork(Command, frozen=True, kw_only=True):
    """Replace the content of an entry, with a reason. Omitted members stay: `minutes` None, `kind`
    empty, `began` None. The present rules decide how it counts."""

    entry: int
    minutes: int | None = None
    kind: str = ""
    began: Instant | None = None
    personal: WrittenContent = WrittenContent()
