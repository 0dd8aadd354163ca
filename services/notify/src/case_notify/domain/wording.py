"""Texts of mails: times as people read them, and clean subjects and bodies."""

import re
from datetime import date, datetime
from functools import cache

from case_definition.calendar.instants import instant_of
from case_definition.calendar.zones import Zone

LONGEST_SUBJECT = 250

_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_REASONS = {
    "nl": {"warning": "de tijd raakt op", "breach": "de afspraak is niet gehaald"},
    "en": {"warning": "time is running out", "breach": "the target was missed"},
}
_BILLED = {
    "nl": {True: "wordt gefactureerd", False: "wordt niet gefactureerd"},
    "en": {True: "billed", False: "not billed"},
}
_WEEKS = {"nl": "week {week} van {year}", "en": "week {week} of {year}"}
_OUTCOMES = {"nl": {"yes": "ja", "no": "nee"}, "en": {"yes": "yes", "no": "no"}}
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def moment(at: datetime, zone: str, language: str) -> str:
    """An instant in a time zone: `24 November 2026 09:30`, or `2026-11-24 09:30` in a language
    whose months are not known here."""
    local = _zone(zone).moment(instant_of(at))
    months = _MONTHS.get(language)
    if months is None:
        return f"{local:%Y-%m-%d %H:%M}"
    return f"{local.day} {months.split()[local.month - 1]} {local:%Y %H:%M}"


def day(written: str, language: str) -> str:
    """A date from a field: `24 November 2026`; unchanged if it is no date, or in a language whose
    months are not known here."""
    months = _MONTHS.get(language)
    try:
        at = date.fromisoformat(written)
    except ValueError:
        return written
    return f"{at.day} {months.split()[at.month - 1]} {at.year}" if months else written


def yes_or_no(filled: str, language: str) -> str:
    """A `true` or `false` from a field, in words."""
    return outcome({"true": "yes", "false": "no"}.get(filled, filled), language)


def reason(why: str, language: str) -> str:
    """What raised an escalation level (`warning`, `breach`), in words; unchanged without a text
    here."""
    return _REASONS.get(language, {}).get(why, why)


def week(name: str, language: str) -> str:
    """An ISO week as people say it: `week 14 of 2026`; unchanged in a language not known here."""
    year, _, number = name.partition("-W")
    return _WEEKS[language].format(week=int(number), year=year) if language in _WEEKS else name


def outcome(name: str, language: str) -> str:
    """A `yes` or `no`, in words."""
    return _OUTCOMES.get(language, {}).get(name, name)


def billed(billable: bool, language: str) -> str:
    """Whether work is billed, in words."""
    return _BILLED.get(language, _BILLED["en"])[billable]


def one_line(text: str) -> str:
    """A subject or name as one line, without control characters, and of bounded length."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(printable.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def paragraphs(text: str) -> str:
    """A filled template without the gaps that empty values leave."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _EMPTY_LINES.sub("\n\n", lines).strip() + "\n"


@cache
def _zone(name: str) -> Zone:
    return Zone(name)
