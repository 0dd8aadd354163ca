"""Amounts of work: whole minutes, as written in definitions and as shown to people."""

from case_definition.calendar.instants import SECOND
from case_definition.calendar.lengths import OpenTime, WorkingDays, parse_length
from case_definition.schema.model import LengthText

_MINUTE = 60 * SECOND
WORKING_DAY = 8 * 60
"""A working day in minutes, by default."""
_WORDS = {
    "nl": ("werkdag", "werkdagen", "uur", "uur", "minuut", "minuten"),
    "en": ("working day", "working days", "hour", "hours", "minute", "minutes"),
}


def minutes_of(text: LengthText, working_day: int) -> int:
    """A written amount (`PT2H`, `2 working days`) in minutes; `working_day` is the number of
    minutes in a working day. Raises ValueError for an amount that is no whole number of minutes."""
    length = parse_length(text)
    if isinstance(length, WorkingDays):
        return length.days * working_day
    if not isinstance(length, OpenTime) or length.span % _MINUTE:
        raise ValueError("an amount of work is in whole minutes")
    return length.span // _MINUTE


def in_words(minutes: int, language: str, working_day: int = 0) -> str:
    """An amount in words: `1 hour 30 minutes`; or in whole working days, if `working_day` gives
    their minutes."""
    day, days, hour, hours, minute, of_minutes = _WORDS.get(language, _WORDS["en"])
    if working_day and minutes and minutes % working_day == 0:
        return _counted(minutes // working_day, day, days)
    whole, rest = divmod(minutes, 60)
    parts = [_counted(whole, hour, hours)] if whole else []
    if rest or not whole:
        parts.append(_counted(rest, minute, of_minutes))
    return " ".join(parts)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
