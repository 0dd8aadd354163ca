"""Explanations in words, in the reader's language, and as data for JSON."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec
from case_definition.calendar.instants import HOUR, SECOND, seconds, utc
from case_definition.calendar.lengths import Elapsed, Length, OpenTime, WorkingDays

from case_clocks.explanation import Explanation, RecordedChange
from case_clocks.ledger import EARLIER, ELAPSED, FINISHED
from case_clocks.texts import text_of

INSTANTS = frozenset({"start", "end", "due", "missed", "at"})
SPANS = frozenset({"elapsed", "left", "counted", "total"})
COLUMNS = ("from", "to", "counted", "total", "why")
_BY = re.compile(r"(paused|resolved) by (?:(\w+) \()?version (\d+)\)?")
_SENTENCES = {ELAPSED: "elapsed", FINISHED: "finished", EARLIER: "earlier"}


def length_text(length: Length, language: str) -> str:
    """A promised length as people write it."""
    match length:
        case OpenTime(span=span):
            return span_text(span, language)
        case WorkingDays(days=days):
            return _counted(days, "working_day", language)
        case Elapsed(months=months, days=days, span=span):
            told = ((months, "month"), (days, "day"))
            parts = [_counted(number, word, language) for number, word in told if number]
            rest = [span_text(span, language)] if span or not parts else []
            return " ".join([*parts, *rest])
    raise TypeError(f"{length!r} is no length")


def _counted(number: int, word: str, language: str) -> str:
    return text_of(language, word if number == 1 else f"{word}s", number=number)


def span_text(span: int, language: str) -> str:
    """A span as hours and minutes; with seconds, to the microsecond, if there are any."""
    sign, span = ("-", -span) if span < 0 else ("", span)
    hours, rest = divmod(span, HOUR)
    minutes, rest = divmod(rest, 60 * SECOND)
    key = "hours" if hours else "minutes"
    text = sign + text_of(language, key, hours=hours, minutes=minutes)
    if not rest:
        return text
    whole, part = divmod(rest, SECOND)
    fraction = f".{part:06}".rstrip("0") if part else ""
    return f"{text} {text_of(language, 'seconds', seconds=f'{whole}{fraction}')}"


class InstantFormatter:
    """Writes instants in the time zone of one explanation."""

    def __init__(self, zone: str, language: str) -> None:
        self._zone = ZoneInfo(zone)
        self._days = text_of(language, "weekdays").split()
        self._months = text_of(language, "year").split()

    def __call__(self, at: int | None) -> str:
        """Day, date and time; seconds only if there are any."""
        if at is None:
            return "–"
        local = utc(at).astimezone(self._zone)
        seconds = f":{local:%S}" if local.second or local.microsecond else ""
        fraction = f".{local.microsecond:06}" if local.microsecond else ""
        day, month = self._days[local.weekday()], self._months[local.month - 1]
        return f"{day} {local:%d} {month} {local:%Y %H:%M}{seconds}{fraction}"


@dataclass(frozen=True)
class ExplanationFormatter:
    """Words an explanation in one language. `named` gives the title of a name of the definition,
    from its section and the name."""

    language: str
    moment: Callable[[int | None], str]
    named: Callable[[str, str], str]

    def text(self, key: str, **values: object) -> str:
        """A text of the language."""
        return text_of(self.language, key, **values)

    def span(self, span: int) -> str:
        """A span of time."""
        return span_text(span, self.language)

    def sentence(self, one: Explanation) -> str:
        """A cycle in one sentence."""
        metric = self.named("metrics", one.metric)
        return f"{metric}: {self.promised(one)} {self.outcome(one)} {self.spent(one)}"

    def promised(self, one: Explanation) -> str:
        """The promised length, its source, and the hours that count."""
        where = "on_calendar" if one.calendar else "at_all_hours"
        return self.text(
            "promised",
            length=length_text(one.length, self.language),
            source=one.source,
            where=self.text(where, calendar=one.calendar, zone=one.zone),
        )

    def outcome(self, one: Explanation) -> str:
        """The state of the cycle: missed, met, or the time left."""
        return self.text(
            _outcome_text(one),
            missed=self.moment(one.missed),
            end=self.moment(one.end),
            due=self.moment(one.due),
            late=self.span(max(0, -one.left)),
            left=self.span(one.left),
        )

    def spent(self, one: Explanation) -> str:
        """The counted time, and who had to act in it."""
        held = [
            self.text(
                "held",
                span=self.span(it.counted),
                hands=self._hands(it.hands),
                status=self.named("statuses", it.status),
            )
            for it in one.held
        ]
        return self.text(
            "spent_by" if held else "spent",
            span=self.span(one.elapsed),
            start=self.moment(one.start),
            held=", ".join(held),
        )

    def reason(self, why: str) -> str:
        """Why an interval counts or does not, with holidays and pauses by name."""
        if found := _BY.fullmatch(why):
            what = "by_status" if found[2] else "by"
            status = self.named("statuses", found[2] or "")
            return self.text(
                f"why.{found[1]}", what=self.text(what, status=status, version=found[3])
            )
        word, _, name = why.partition(" ")
        if word == "holiday":
            return self.text("why.holiday", what=name)
        return self.text(f"why.{_SENTENCES.get(why, why)}")

    def recorded(self, change: RecordedChange) -> str:
        """A recorded change in words."""
        told = [change.what]
        if change.due is not None:
            told.append(self.text("recorded.due", due=self.moment(change.due)))
        if change.level:
            role = self.named("roles", change.role)
            told.append(self.text("recorded.level", level=change.level, role=role))
        if change.fact:
            told.append(self.text("recorded.withdrawn", record=change.fact))
        if change.reason:
            told.append(change.reason)
        return self.text("recorded", version=change.version, what=", ".join(told))

    def _hands(self, hands: str) -> str:
        if hands in ("", "contact", "third_party"):
            return self.text(f"hands.{hands or 'nobody'}")
        team, slash, agent = hands.partition("/")
        return f"{self.named('teams', team)}{slash}{agent}"


def _outcome_text(one: Explanation) -> str:
    if one.missed is not None:
        return "over" if one.end is None else "answered"
    if one.state == "excluded":
        return "excluded"
    if one.end is not None:
        return "met"
    return "paused" if one.due is None else "due"


def as_document(one: Explanation, telling: ExplanationFormatter) -> dict[str, object]:
    """An explanation for JSON: instants in ISO 8601 (UTC), spans as `<name>_seconds`; the texts are
    `sentence`, `length`, and `told` of each line and move."""
    length = length_text(one.length, telling.language)
    document = _plain({**msgspec.to_builtins(one), "length": length})
    return {
        "sentence": telling.sentence(one),
        **document,
        "lines": [
            {**_plain(msgspec.to_builtins(line)), "told": telling.reason(line.why)}
            for line in one.lines
        ],
        "moves": [
            {**_plain(msgspec.to_builtins(change)), "told": telling.recorded(change)}
            for change in one.moves
        ],
    }


def _plain(document: dict[str, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, list | tuple):
            plain[name] = [_plain(one) if isinstance(one, dict) else one for one in value]
        elif name in INSTANTS and isinstance(value, int):
            plain[name] = utc(value).isoformat()
        elif name in SPANS and isinstance(value, int):
            plain[f"{name}_seconds"] = seconds(value) if value >= 0 else -seconds(-value)
        else:
            plain[name] = value
    return plain
