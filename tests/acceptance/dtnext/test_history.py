"""C11: who did what, when, in which capacity, by which way, from where to where, under what."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.acceptance.dtnext.people import ANOUK, GRACE, SANNE
from tests.support.desk.scenario import Case, Desk
from tests.support.driver.simulated import SimulatedDriver
from tests.support.real.platform import RunningPlatform

pytestmark = pytest.mark.acceptance


def lived_through(desk: Desk) -> Case:
    """A case with a bit of everything."""
    case = desk.mail_from(ANOUK).case
    case.agent(SANNE).takes_up()
    case.agent(SANNE).asks("Which one?")
    case.contact(ANOUK).replies_by_mail("The left one.", by="token")
    case.agent(SANNE).resolves("Replaced.", cause="A cable")
    case.contact(ANOUK).agrees()
    return case


@pytest.mark.main_path
def test_the_history_tells_every_step(desk: Desk) -> None:
    """C11."""
    case = lived_through(desk)
    steps = [
        (entry.who.kind, entry.who.id, entry.who.capacity or entry.who.kind, entry.channel,
         entry.before, entry.after)
        for entry in case.events("status_changed")
    ]  # fmt: skip
    assert steps == [
        ("system", "casefold", "system", "mail", "", "open"),
        ("agent", SANNE.id, "agent", "api", "open", "in_progress"),
        ("agent", SANNE.id, "agent", "api", "in_progress", "need_input"),
        ("system", "casefold", "system", "mail", "need_input", "in_progress"),
        ("agent", SANNE.id, "agent", "api", "in_progress", "resolved"),
        ("contact", ANOUK.id, "contact", "api", "resolved", "closed"),
    ]
    history = case.history
    assert [entry.version for entry in history] == list(range(1, len(history) + 1))
    assert {entry.definition for entry in history} == {"dtnext/1"}
    assert all(entry.at <= entry.recorded_at for entry in history)
    instants = [entry.at for entry in history]
    assert instants == sorted(instants)
    assert case.flaws == []


@pytest.mark.main_path
def test_every_event_names_what_it_follows_from(desk: Desk) -> None:
    """C11: the events of one command share their cause; nothing comes from nowhere."""
    case = lived_through(desk)
    assert all(entry.causation is not None for entry in case.history)
    solved = [entry for entry in case.history if entry.type == "status_changed"
              and entry.after == "resolved"]  # fmt: skip
    together = [entry.type for entry in case.history if entry.causation == solved[0].causation]
    assert together == ["fields_set", "comment_added", "status_changed"]


def test_an_altered_event_is_found(world: SimulatedDriver, timed_desk: Desk) -> None:
    """C11: one byte of what is kept, whichever it is."""
    case, other = lived_through(timed_desk), timed_desk.mail_from(GRACE).case
    assert (case.flaws, other.flaws) == ([], [])
    [comment] = [one for one in world.records(case.reference) if "The left one." in str(one.data)]
    entries = world.platform.services["workflow"].log.state.entries
    for kept in entries.values():
        for place, entry in enumerate(kept):
            if (entry.case, entry.version) == (comment.case, comment.version):
                altered = entry.value.replace(b'"channel":"mail"', b'"channel":"maiL"')
                assert altered != entry.value
                kept[place] = replace(entry, value=altered)
    assert case.flaws == [
        f"event {comment.version}: it is not what the next event was written after"
    ]
    assert other.flaws == []


@pytest.mark.real
def test_the_command_line_tells_and_proves_it(
    running_platform: RunningPlatform, real_desk: Desk
) -> None:
    """C11: `casefold case history` and `casefold case verify`."""
    case = lived_through(real_desk)
    printed = running_platform.command("case", "history", case.reference)
    for line, entry in zip(printed.splitlines(), case.history, strict=True):
        assert line.split()[0] == str(entry.version)
        assert entry.type in line
        assert entry.who.id in line
    output = running_platform.command("case", "history", "--json", case.reference).splitlines()
    assert [json.loads(line)["version"] for line in output] == [one.version for one in case.history]
    assert "0 cases do not fit" in running_platform.command("case", "verify", "--all")


def test_time_never_runs_back_within_a_case(timed_desk: Desk) -> None:
    """C11: a record that was taken in earlier and comes late keeps the order of the history."""
    case = timed_desk.mail_from(ANOUK).case
    timed_desk.stops("portal")
    case.contact(ANOUK).tries.comments("First.")
    timed_desk.time_passes(seconds=30)
    case.contact(ANOUK).replies_by_mail("Second.", by="token")
    timed_desk.starts("portal")
    timed_desk.time_passes(seconds=1)
    assert case.comments == ["Second.", "First."]
    second, first = case.events("comment_added")
    assert second.at <= first.at <= second.at + timedelta(seconds=30)
