"""The clocks of a case from a written timeline, by the same fold as in the service."""

import re
from typing import Any

import msgspec
from case_definition.calendar.fields import calendar_of
from case_definition.calendar.instants import parse_instant, seconds
from case_definition.calendar.lengths import parse_length
from case_definition.calendar.model import InvalidCalendar
from case_definition.calendar.working_time import NeverOpens, WorkingTime

from case_clocks.clock import METRICS, CaseClocks, Clock, ClockTarget, clock
from case_clocks.counting import read, shown
from case_clocks.fold import MAX_INTERVALS, ClockSignal, advance, expire
from case_clocks.ledger import ledger

KEEP_ALL = 100_000
"""The maximum number of intervals of an explained history."""

EVENTS = (
    "created",
    "customer_reply",
    "agent_reply",
    "status",
    "resolved",
    "reopened",
    "assessment_requested",
    "assessed",
)
_AT = re.compile(r" - at `\$\.?(.*)`$")
_MEMBER = re.compile(r"(?:missing required|contains unknown) field `([^`]*)`")


class _TargetIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    metric: str
    seconds: Any = msgspec.UNSET
    length: Any = msgspec.UNSET
    elapsed: bool = False
    pause_in: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    restart_on_reopening: bool = False


class _LineIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: str
    event: str
    status: str | None = None
    customer_message: bool | msgspec.UnsetType = msgspec.UNSET


class _CaseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    calendar: Any
    targets: tuple[_TargetIn, ...]
    timeline: tuple[_LineIn, ...]
    as_of: str | None = None


class Replayed(msgspec.Struct, frozen=True):
    """The clocks of a case at an instant."""

    case: CaseClocks
    calendar: WorkingTime
    at: int


def replay(document: dict[str, Any], keep: int = MAX_INTERVALS) -> Replayed:
    """Fold a document's timeline; `keep` as for `advance`. Raises InvalidCalendar with field and
    rule."""
    given = _shaped(document)
    calendar = calendar_of(given.calendar)
    clocks = tuple(_clock(target, index) for index, target in enumerate(given.targets))
    known = {*EVENTS, *(name for each in clocks for name in (*each.begins, *each.ends))}
    events = _events(given.timeline, known)
    at = events[-1].at
    if given.as_of is not None:
        at = _instant(given.as_of, "as_of")
    case = CaseClocks(clocks)
    for index, event in enumerate(events):
        if event.at <= at:
            try:
                case = advance(case, event, {"": calendar}, keep)
            except NeverOpens as error:
                raise InvalidCalendar("calendar", f"{error} (timeline[{index}])") from None
    return Replayed(expire(case, at), calendar, at)


def answer(document: dict[str, Any], *, explain: bool = False) -> dict[str, Any]:
    """The clocks of a document's timeline as data for JSON, with their ledgers if asked."""
    replayed = replay(document, KEEP_ALL if explain else MAX_INTERVALS)
    return {"targets": [_as_document(each, replayed, explain) for each in replayed.case.clocks]}


def what_if(document: dict[str, Any]) -> dict[str, Any]:
    """Both results of a timeline: as it is, and with the replacements of `what_if`."""
    document = dict(document)
    other = document.pop("what_if", None)
    if not isinstance(other, dict) or not other or not other.keys() <= {"calendar", "targets"}:
        raise InvalidCalendar(
            "what_if", "it is an object with another calendar, other targets, or both"
        )
    as_is = answer(document)
    try:
        return {"as_is": as_is, "what_if": answer({**document, **other})}
    except InvalidCalendar as refused:
        raise InvalidCalendar(f"what_if.{refused.field}", refused.rule) from None


def _as_document(each: Clock, replayed: Replayed, explain: bool) -> dict[str, Any]:
    history, calendars = replayed.case.history, {"": replayed.calendar}
    reading = read(each, history, calendars, replayed.at)
    document: dict[str, Any] = {
        "metric": reading.metric,
        "state": reading.state,
        "due": None if reading.due is None else _text(reading.due, replayed),
        "elapsed_seconds": seconds(reading.elapsed),
        "left_seconds": None if reading.left is None else _signed_seconds(reading.left),
        "breached": reading.breached,
        "cycles": reading.cycles,
    }
    cycle = shown(each)
    if explain:
        entries = () if cycle is None else ledger(cycle, history, calendars, replayed.at)
        document["ledger"] = [
            {
                "from": _text(entry.start, replayed),
                "to": _text(entry.end, replayed),
                "seconds": seconds(entry.counted),
                "counted": entry.counted > 0,
                "why": entry.why,
            }
            for entry in entries
        ]
    return document


def _signed_seconds(span: int) -> int | float:
    return seconds(span) if span >= 0 else -seconds(-span)


def _text(at: int, replayed: Replayed) -> str:
    return replayed.calendar.zone.moment(at).isoformat()


def _shaped(document: dict[str, Any]) -> _CaseIn:
    try:
        return msgspec.convert(document, _CaseIn)
    except msgspec.ValidationError as error:
        text = str(error)
        place = _AT.search(text)
        member = _MEMBER.search(text)
        steps = [place[1] if place else "", member[1] if member else ""]
        field = ".".join(step for step in steps if step) or "document"
        raise InvalidCalendar(field, _AT.sub("", text).replace("Object", "an object")) from None


def _clock(given: _TargetIn, index: int) -> Clock:
    place = f"targets[{index}]"
    named = [name for name in ("seconds", "length") if getattr(given, name) is not msgspec.UNSET]
    if len(named) != 1:
        raise InvalidCalendar(f"{place}.seconds", "a target has either seconds or a length")
    try:
        length = parse_length(getattr(given, named[0]), elapsed=given.elapsed)
    except ValueError as error:
        raise InvalidCalendar(f"{place}.{named[0]}", str(error)) from None
    if given.metric not in METRICS and not (given.begins and given.ends):
        raise InvalidCalendar(
            f"{place}.metric", f"{', '.join(METRICS)}, or one with begins and ends"
        )
    target = ClockTarget(
        given.metric,
        length,
        pause_in=given.pause_in,
        restart_on_reopening=given.restart_on_reopening,
    )
    return clock(given.metric, target, given.begins, given.ends)


def _instant(text: str, field: str) -> int:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise InvalidCalendar(field, str(error)) from None


def _events(lines: tuple[_LineIn, ...], known: set[str]) -> list[ClockSignal]:
    if not lines:
        raise InvalidCalendar("timeline", "a timeline begins with the event created")
    events: list[ClockSignal] = []
    for index, line in enumerate(lines):
        place = f"timeline[{index}]"
        event = _event(line, place, known)
        if events and event.at < events[-1].at:
            raise InvalidCalendar(f"{place}.at", "a timeline is in order of time")
        if (line.event == "created") != (index == 0):
            raise InvalidCalendar(f"{place}.event", "the first event, and no other, is created")
        events.append(event)
    return events


def _event(line: _LineIn, place: str, known: set[str]) -> ClockSignal:
    if line.event not in known:
        raise InvalidCalendar(f"{place}.event", f"an event is one of {', '.join(sorted(known))}")
    if line.event == "status" and line.status is None:
        raise InvalidCalendar(f"{place}.status", "a change of status says to which")
    message = line.customer_message
    if message is not msgspec.UNSET and line.event != "created":
        raise InvalidCalendar(
            f"{place}.customer_message", "this is said of the event created alone"
        )
    return ClockSignal(
        _instant(line.at, f"{place}.at"),
        line.event,
        line.status,
        message is not False,
        f"{place} ({line.event}{f' {line.status}' if line.status else ''})",
    )
