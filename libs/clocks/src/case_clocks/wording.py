"""Explanations in words, and as data for JSON."""

from zoneinfo import ZoneInfo

import msgspec
from case_definition.calendar.instants import HOUR, SECOND, seconds, utc
from case_definition.calendar.lengths import Elapsed, Length, OpenTime, WorkingDays

from case_clocks.explanation import Explanation

INSTANTS = frozenset({"start", "end", "due", "missed", "at"})
SPANS = frozenset({"elapsed", "left", "counted", "total"})


def length_text(length: Length) -> str:
    """A promised length as people write it."""
    match length:
        case OpenTime(span=span):
            return span_text(span)
        case WorkingDays(days=days):
            return f"{days} working day{'s' if days != 1 else ''}"
        case Elapsed(months=months, days=days, span=span):
            parts = [
                f"{number} {word}{'s' if number != 1 else ''}"
                for number, word in ((months, "month"), (days, "day"))
                if number
            ]
            return " ".join([*parts, *([span_text(span)] if span or not parts else [])])
    raise TypeError(f"{length!r} is no length")


def span_text(span: int) -> str:
    """A span as hours and minutes; with seconds, to the microsecond, where there are any."""
    sign, span = ("-", -span) if span < 0 else ("", span)
    hours, rest = divmod(span, HOUR)
    minutes, rest = divmod(rest, 60 * SECOND)
    text = f"{sign}{hours} h {minutes:02} min" if hours else f"{sign}{minutes} min"
    if not rest:
        return text
    whole, part = divmod(rest, SECOND)
    fraction = f".{part:06}".rstrip("0") if part else ""
    return f"{text} {whole}{fraction} s"


class Moment:
    """Writes instants in the zone of one explanation."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def __call__(self, at: int | None) -> str:
        """Day, date and time; seconds only where there are any."""
        if at is None:
            return "–"
        local = utc(at).astimezone(self._zone)
        seconds = f":{local:%S}" if local.second or local.microsecond else ""
        fraction = f".{local.microsecond:06}" if local.microsecond else ""
        return f"{local:%a %d %b %Y %H:%M}{seconds}{fraction}"


def sentence(one: Explanation, moment: Moment) -> str:
    """A cycle in one sentence."""
    where = f"on the calendar {one.calendar} ({one.zone})" if one.calendar else "at all hours"
    promised = f"{one.metric}: {length_text(one.length)} promised by {one.source}, counted {where}"
    spent = f"{span_text(one.elapsed)} counted from {moment(one.start)}"
    if one.missed is not None:
        late = span_text(max(0, -one.left))
        after = (
            f"answered {moment(one.end)}, {late} late" if one.end else f"still open, {late} over"
        )
        return f"{promised}. Missed at {moment(one.missed)}; {after}. {spent}{_where(one)}."
    if one.state == "excluded":
        return f"{promised}. The case ended without an answer. {spent}{_where(one)}."
    if one.end is not None:
        return f"{promised}. Met at {moment(one.end)} with {span_text(one.left)} left. {spent}."
    if one.due is None:
        return f"{promised}. Paused, with {span_text(one.left)} left. {spent}{_where(one)}."
    return (
        f"{promised}. Due at {moment(one.due)}, {span_text(one.left)} left. {spent}{_where(one)}."
    )


def _where(one: Explanation) -> str:
    """In whose hands the time went."""
    parts = [f"{span_text(h.counted)} with {h.hands or 'nobody'} ({h.status})" for h in one.held]
    return f": {', '.join(parts)}" if parts else ""


def as_document(one: Explanation) -> dict[str, object]:
    """An explanation for JSON: instants in ISO 8601 (UTC), spans as `<name>_seconds`."""
    document = {**msgspec.to_builtins(one), "length": length_text(one.length)}
    return {"sentence": sentence(one, Moment(one.zone)), **_told(document)}


def _told(document: dict[str, object]) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, list | tuple):
            told[name] = [_told(one) if isinstance(one, dict) else one for one in value]
        elif name in INSTANTS and isinstance(value, int):
            told[name] = utc(value).isoformat()
        elif name in SPANS and isinstance(value, int):
            told[f"{name}_seconds"] = seconds(value) if value >= 0 else -seconds(-value)
        else:
            told[name] = value
    return told
