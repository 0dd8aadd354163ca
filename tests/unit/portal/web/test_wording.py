"""The portal's own words: both languages say the same things, and times as people say them."""

import string
import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from case_portal.cases.timeline import VALUES
from case_portal.web.wording import Wording, chosen_language

from tests.unit.portal.portal_sample import NOW


def texts(language: str) -> dict[str, Any]:
    file = files("case_portal.web") / "texts" / f"{language}.toml"
    return {
        f"{section}.{name}": text
        for section, names in tomllib.loads(file.read_text("utf-8")).items()
        for name, text in names.items()
    }


def test_both_languages_have_every_text_with_the_same_places() -> None:
    """C14."""
    english, dutch = texts("en"), texts("nl")
    assert english.keys() == dutch.keys()
    for key, text in english.items():
        if isinstance(text, str):
            assert places(text) == places(dutch[key]), key


def test_every_place_in_the_sentence_of_an_entry_can_be_filled() -> None:
    values = {key: text for key, text in texts("en").items() if key.startswith("entry.")}
    assert len(values) > 30
    for key, text in values.items():
        assert places(text) <= VALUES.keys(), key


def places(text: str) -> set[str | None]:
    return {place for _, place, _, _ in string.Formatter().parse(text) if place}


@pytest.mark.parametrize(
    ("ago", "english", "dutch"),
    [
        (timedelta(seconds=5), "just now", "zojuist"),
        (timedelta(minutes=5), "5 min ago", "5 min geleden"),
        (timedelta(hours=3), "3 h ago", "3 uur geleden"),
        (timedelta(hours=12), "yesterday 22:00", "gisteren 22:00"),
        (timedelta(days=5), "25 February", "25 februari"),
        (timedelta(days=100), "22 November 2025", "22 november 2025"),
    ],
)
def test_times_are_told_as_people_say_them(ago: timedelta, english: str, dutch: str) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    assert Wording("en", zone, NOW).ago(NOW - ago) == english
    assert Wording("nl", zone, NOW).ago(NOW - ago) == dutch


@pytest.mark.parametrize(
    ("left", "english", "dutch"),
    [
        (timedelta(seconds=-5), "now", "nu"),
        (timedelta(minutes=5), "in 5 min", "over 5 min"),
        (timedelta(hours=3), "in 3 h", "over 3 uur"),
        (timedelta(hours=24), "tomorrow 10:00", "morgen 10:00"),
        (timedelta(days=5), "7 March", "7 maart"),
    ],
)
def test_times_to_come_are_told_as_people_say_them(
    left: timedelta, english: str, dutch: str
) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    assert Wording("en", zone, NOW).left(NOW + left) == english
    assert Wording("nl", zone, NOW).left(NOW + left) == dutch


def test_an_exact_time_is_in_the_desks_zone() -> None:
    words = Wording("nl", ZoneInfo("Europe/Amsterdam"), NOW)
    assert words.exact(datetime.fromisoformat("2026-07-01T09:00:00+00:00")) == (
        "woensdag 1 juli, 11:00"
    )


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("nl-NL,en;q=0.5", "nl"), ("fr,nl", "nl"), ("de", "en"), ("", "en"), ("EN-us", "en")],
)
def test_the_browsers_language_is_taken_where_it_is_spoken(accepted: str, language: str) -> None:
    assert chosen_language(accepted) == language
