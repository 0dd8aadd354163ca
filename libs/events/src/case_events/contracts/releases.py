"""Releases: the release that a case is planned for, and its release.

A release is named by the month in which its cycle ends (`2026-03`), and a week as in ISO 8601
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
    """The case was planned for a release, in an expected week."""

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
    """The case will miss its planned release, and moves to a later one.

    The contact reads the reason. `reason` names the rule, if no person asked.
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
    """The cycle of the planned release has ended, and the case was not released."""

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
    """The result of the case was released. `release` is set if the case was planned for it."""

    release: str = ""
    week: str = ""


@contract("command.plan-release", COMMANDS, label="plan_release", asked_by="agents")
class PlanRelease(Command, frozen=True, kw_only=True):
    """Plan the case for a release: by default the current one, in the week in which it ends."""

    release: str = ""
    week: str = ""


@contract("command.slip-release", COMMANDS, label="slip_release", asked_by="agents")
class SlipRelease(Command, frozen=True, kw_only=True):
    """Move the case to a later release, by default the next one, with a reason."""

    release: str = ""
    week: str = ""
    personal: WrittenContent = WrittenContent()
