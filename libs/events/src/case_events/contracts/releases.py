"""Releases: for which one a case is planned, and when it was released.

A release is named by the month that its cycle ends with (`2026-03`), a week as in ISO 8601
(`2026-W14`).
"""

from case_events.contracts.base import Event, contract
from case_events.contracts.commands import Command
from case_events.contracts.declared import OF_A_RELEASE, Trigger, notice
from case_events.contracts.parts import WrittenContent
from case_events.topics import CASES, COMMANDS


@contract(
    "case.release-planned",
    CASES,
    label="release_planned",
    triggers=(Trigger(name="release_planned", needs="releases"),),
    notice=notice(*OF_A_RELEASE),
    rule_members=("release",),
)
class ReleasePlanned(Event, frozen=True):
    """The case is planned for a release, and expected in a week of it."""

    release: str
    week: str
    previous: str = ""
    previous_week: str = ""


@contract(
    "case.release-slipped",
    CASES,
    label="release_slipped",
    triggers=(Trigger(name="release_slipped", needs="releases"),),
    notice=notice(*OF_A_RELEASE, "previous_week"),
    rule_members=("reason", "release"),
)
class ReleaseSlipped(Event, frozen=True):
    """The case will not make the release that it was planned for, and goes to a later one.

    The contact reads why. `reason` names the rule where no person asked.
    """

    release: str
    week: str
    previous: str
    previous_week: str = ""
    reason: str = ""
    personal: WrittenContent = WrittenContent()


@contract(
    "case.release-passed",
    CASES,
    label="release_passed",
    triggers=(Trigger(name="release_passed", needs="releases"),),
    rule_members=("release",),
    audience="desk",
    by_rule=True,
)
class ReleasePassed(Event, frozen=True):
    """The cycle that the case was planned for is over, and it was not released."""

    release: str


@contract(
    "case.released",
    CASES,
    label="case_released",
    triggers=(Trigger(name="released", needs="releases"),),
    notice=notice(*OF_A_RELEASE),
    rule_members=("release",),
)
class CaseReleased(Event, frozen=True):
    """What the case asked for has been released; in which release, where it was planned."""

    release: str = ""
    week: str = ""


@contract("command.plan-release", COMMANDS, label="plan_release", asked_by="agents")
class PlanRelease(Command, frozen=True, kw_only=True):
    """Plan the case for a release: the current one where none is named, and the week that it
    ends in where no week is."""

    release: str = ""
    week: str = ""


@contract("command.slip-release", COMMANDS, label="slip_release", asked_by="agents")
class SlipRelease(Command, frozen=True, kw_only=True):
    """Move the case to a later release, the next one where none is named, and say why."""

    release: str = ""
    week: str = ""
    personal: WrittenContent = WrittenContent()
