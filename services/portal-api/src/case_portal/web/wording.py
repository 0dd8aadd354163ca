"""The portal's own texts, in Dutch and English, and its formats of times."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

LANGUAGES = ("en", "nl")


@dataclass(frozen=True)
class Wording:
    """The texts and formats for a reader of one language, in one time zone, at one time."""

    language: str
    zone: ZoneInfo
    now: datetime

    def text(self, key: str, **values: Any) -> str:
        """The text `section.name`, with its placeholders filled in. Raises KeyError for an unknown
        key."""
        section, _, name = key.partition(".")
        text: str = _texts(self.language)[section][name]
        return text.format(**values) if values else text

    def filled(self, key: str, values: Mapping[str, Any]) -> str:
        """The same text, where a value is computed only if the text has its placeholder."""
        return self.text(key).format_map(values)

    def has(self, key: str) -> bool:
        """Whether there is a text with this key."""
        section, _, name = key.partition(".")
        return name in _texts(self.language).get(section, {})

    def clock(self, at: datetime) -> str:
        """Hours and minutes."""
        return f"{at.astimezone(self.zone):%H:%M}"

    def date(self, at: datetime) -> str:
        """A day, without its year if it is in this year."""
        local = at.astimezone(self.zone)
        month = _texts(self.language)["time"]["months"][local.month - 1]
        year = "" if local.year == self.now.astimezone(self.zone).year else f" {local.year}"
        return f"{local.day} {month}{year}"

    def day(self, written: str) -> str:
        """A date from a field, with its year; unchanged if it is no date."""
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return written
        return f"{day.day} {_texts(self.language)['time']['months'][day.month - 1]} {day.year}"

    def exact(self, at: datetime) -> str:
        """A full time: Tuesday 24 November, 11:00."""
        day = _texts(self.language)["time"]["days"][at.astimezone(self.zone).weekday()]
        return f"{day} {self.date(at)}, {self.clock(at)}"

    def ago(self, at: datetime) -> str:
        """A past time, as people say it."""
        gone = self.now - at
        if gone < timedelta(minutes=1):
            return self.text("time.now")
        if gone < timedelta(hours=1):
            return self.text("time.minutes", n=int(gone.total_seconds() // 60))
        today = self.now.astimezone(self.zone).date()
        day = at.astimezone(self.zone).date()
        if day == today:
            return self.text("time.hours", n=int(gone.total_seconds() // 3600))
        if day == today - timedelta(days=1):
            return self.text("time.yesterday", clock=self.clock(at))
        return self.date(at)

    def left(self, at: datetime) -> str:
        """A future time, as people say it."""
        left = at - self.now
        if left < timedelta(minutes=1):
            return self.text("time.at_once")
        if left < timedelta(hours=1):
            return self.text("time.in_minutes", n=int(left.total_seconds() // 60))
        today = self.now.astimezone(self.zone).date()
        day = at.astimezone(self.zone).date()
        if day == today:
            return self.text("time.in_hours", n=int(left.total_seconds() // 3600))
        if day == today + timedelta(days=1):
            return self.text("time.tomorrow", clock=self.clock(at))
        return self.date(at)


def chosen_language(accepted: str) -> str:
    """The first language of a browser's Accept-Language that the portal has; otherwise English."""
    for wanted in accepted.split(","):
        language = wanted.strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return "en"


@cache
def _texts(language: str) -> Mapping[str, Any]:
    known = language if language in LANGUAGES else "en"
    file = files("case_portal.web") / "texts" / f"{known}.toml"
    return tomllib.loads(file.read_text("utf-8"))
