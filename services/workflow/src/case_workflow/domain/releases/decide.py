"""Planning a case for a release, and moving it to a later one."""

from datetime import datetime

from case_definition.lookup.definition import Definition
from case_definition.schema.releases import (
    Release,
    ReleaseCycles,
    current,
    following,
    passed_at,
    release_of,
    release_with,
)
from case_events.contracts.base import Event
from case_events.contracts.releases import (
    PlanRelease,
    ReleasePassed,
    ReleasePlanned,
    ReleaseSlipped,
    SlipRelease,
)

from case_workflow.domain.case import Case
from case_workflow.domain.verdict import UNCHANGED, Refusal, Requester, Verdict, not_allowed


def plan_release(
    case: Case, command: PlanRelease, requester: Requester, definition: Definition
) -> Verdict:
    """Plan the case for a release, and a week of it."""
    if definition.statuses[case.status].kind == "final":
        return not_allowed("status", f"A {case.status} case is not planned.", "status")
    planned = planned_for(case, command.release, command.week, requester, definition)
    return planned if isinstance(planned, Refusal) else planned or UNCHANGED


def planned_for(
    case: Case, release: str, week: str, requester: Requester, definition: Definition
) -> list[Event] | Refusal:
    """The event that plans a release and a week, either of which may be empty; no event if the
    case has that plan already."""
    cycles = definition.document.releases
    if cycles is None:
        return not_allowed("releases", "This desk plans no releases.", "release")
    found = _found(cycles, release, week, requester.now)
    if isinstance(found, Refusal):
        return found
    before = case.planned
    wanted = week or found.week
    if (found.id, wanted, False) == (case.release, before.week, before.released):
        return []
    return [ReleasePlanned(found.id, wanted, case.release, before.week)]


def slip_release(
    case: Case, command: SlipRelease, requester: Requester, definition: Definition
) -> Verdict:
    """Move the case to a later release, with the reason."""
    if not case.release or case.planned.released:
        return not_allowed("planned", "This case is not planned for a release.", "release")
    if not command.personal.text.strip():
        return Refusal("invalid", "text", "required", "Tell the contact why it will be later.")
    cycles = definition.document.releases
    before = _planned_release(case, definition)
    if cycles is None or before is None:
        return not_allowed("releases", "This desk plans no releases.", "release")
    later = _later(cycles, before, requester.now)
    if command.release or command.week:
        found = _found(cycles, command.release, command.week, requester.now)
        if isinstance(found, Refusal):
            return found
        if found.ends <= before.ends:
            reason = f"{found.id} is no later than {before.id}: plan it anew instead."
            return Refusal("invalid", "release", "later", reason)
        later = found
    week, planned = command.week or later.week, case.planned.week
    return [ReleaseSlipped(later.id, week, case.release, planned, personal=command.personal)]


def passes_at(case: Case, definition: Definition) -> datetime | None:
    """The end of the release that a case waits for; None if it waits for none."""
    cycles = definition.document.releases
    if cycles is None or not case.release or case.planned.released:
        return None
    planned = release_of(cycles, case.release)
    if planned is None:
        return None
    works_on_it = definition.statuses[case.status].kind in ("active", "waiting")
    return passed_at(cycles, planned) if works_on_it else None


def release_passed(case: Case, at: datetime, definition: Definition) -> list[Event]:
    """The event that the release of a case is over, if it is at `at`."""
    over = passes_at(case, definition)
    return [ReleasePassed(case.release)] if over is not None and over <= at else []


def slipped_by_rule(
    case: Case, requester: Requester, definition: Definition, rule: str
) -> list[Event]:
    """The event that moves an unreleased case to the next cycle; none for any other case."""
    cycles, before = definition.document.releases, _planned_release(case, definition)
    if cycles is None or before is None or case.planned.released:
        return []
    later = _later(cycles, before, requester.now)
    return [ReleaseSlipped(later.id, later.week, case.release, case.planned.week, reason=rule)]


def _planned_release(case: Case, definition: Definition) -> Release | None:
    cycles = definition.document.releases
    return release_of(cycles, case.release) if cycles else None


def _later(cycles: ReleaseCycles, release: Release, now: datetime) -> Release:
    """The next release that is not over yet."""
    return max(following(cycles, release), current(cycles, now), key=lambda one: one.ends)


def _found(cycles: ReleaseCycles, release: str, week: str, now: datetime) -> Release | Refusal:
    """The release by its id or by a week of it, else the current one; or the refusal."""
    if not release:
        found = release_with(cycles, week) if week else current(cycles, now)
        if found is None:
            return Refusal("invalid", "week", "form", "Write a week as in 2026-W14.")
    else:
        found = release_of(cycles, release)
        if found is None:
            coming = current(cycles, now).id
            reason = f"No cycle ends with {release!r}; the current one is {coming}."
            return Refusal("invalid", "release", "known", reason)
        if week and not found.holds(week):
            reason = f"{week!r} is no week of the release {found.id}."
            return Refusal("invalid", "week", "within", reason)
    if passed_at(cycles, found) <= now:
        return Refusal("invalid", "release", "coming", f"The release {found.id} is over.")
    return found
