"""C14, P3: explanations are told in Dutch and English, and no text is missing in either."""

import string

import pytest
from case_clocks.explanation import ExplainedInterval, Explanation, RecordedChange
from case_clocks.ledger import EARLIER, ELAPSED, FINISHED
from case_clocks.texts import LANGUAGES, TEXTS
from case_clocks.wording import (
    COLUMNS,
    ExplanationFormatter,
    InstantFormatter,
    as_document,
    length_text,
    span_text,
)
from case_definition.calendar.days import BREAK, CLOSED, OPEN
from case_definition.calendar.instants import HOUR, SECOND, parse_instant
from case_definition.calendar.lengths import Elapsed, Length, OpenTime, WorkingDays
from case_events.contracts.parts import TimeSpent
from msgspec.structs import replace

START = parse_instant("2026-03-06T15:00:00+01:00")
DUE = parse_instant("2026-03-09T10:00:00+01:00")
END = parse_instant("2026-03-09T13:30:00+01:00")
MET = Explanation(
    metric="resolution", cycle=1, state="met", source="desk/sla/1", calendar="office",
    zone="Europe/Amsterdam", length=OpenTime(4 * HOUR), start=START, end=END, due=DUE,
    missed=None, elapsed=3 * HOUR, left=HOUR,
    lines=(ExplainedInterval(start=START, end=END, counted=3 * HOUR, total=3 * HOUR, why=OPEN),),
    held=(), moves=(), agrees=True,
)  # fmt: skip
MISSED = replace(MET, state="missed", missed=DUE, left=-2 * HOUR)
STANDINGS = {
    "over": replace(MISSED, end=None),
    "answered": MISSED,
    "excluded": replace(MET, state="excluded"),
    "met": MET,
    "paused": replace(MET, end=None, due=None),
    "due": replace(MET, end=None),
}
REASONS = (
    OPEN, CLOSED, BREAK, ELAPSED, FINISHED, EARLIER, "holiday Tweede paasdag",
    "paused by need_input (version 3)", "resolved by solved (version 4)", "paused by version 5",
)  # fmt: skip


def telling(language: str) -> ExplanationFormatter:
    moment = InstantFormatter("Europe/Amsterdam", language)
    return ExplanationFormatter(language, moment, lambda section, name: f"<{name}>")


def places(text: str) -> set[str]:
    return {place for _, place, _, _ in string.Formatter().parse(text) if place}


def test_every_language_has_every_text_with_the_same_places() -> None:
    english = TEXTS["en"]
    for language in LANGUAGES:
        assert TEXTS[language].keys() == english.keys()
        for key, text in english.items():
            assert places(TEXTS[language][key]) == places(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_however_a_cycle_stands_it_is_told(language: str) -> None:
    values = {telling(language).outcome(one) for one in STANDINGS.values()}
    assert len(values) == len(STANDINGS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_stretch_is_told(language: str) -> None:
    lines = [telling(language).reason(why) for why in REASONS]
    assert len(set(lines)) == len(REASONS)
    assert "Tweede paasdag" in lines[6]
    assert "<need_input>" in lines[7]


def test_a_cycle_that_was_missed_in_dutch() -> None:
    held = (TimeSpent("first_line/sanne", "open", 5 * HOUR), TimeSpent("contact", "asked", HOUR),
            TimeSpent("", "open", SECOND))  # fmt: skip
    assert telling("nl").sentence(replace(MISSED, held=held)) == (
        "<resolution>: 4 u 00 min afgesproken in desk/sla/1, geteld op de kalender office "
        "(Europe/Amsterdam). Gemist op ma 09 mrt 2026 10:00; beantwoord op ma 09 mrt 2026 13:30, "
        "2 u 00 min te laat. 3 u 00 min geteld vanaf vr 06 mrt 2026 15:00: 5 u 00 min bij "
        "<first_line>/sanne (<open>), 1 u 00 min bij de contactpersoon (<asked>), 0 min 1 s bij "
        "niemand (<open>)."
    )


def test_a_cycle_that_was_met_in_english() -> None:
    assert telling("en").sentence(replace(MET, calendar="")) == (
        "<resolution>: 4 h 00 min promised by desk/sla/1, counted at all hours. "
        "Met at Mon 09 Mar 2026 13:30 with 1 h 00 min left. "
        "3 h 00 min counted from Fri 06 Mar 2026 15:00."
    )


@pytest.mark.parametrize(
    ("length", "english", "dutch"),
    [
        (OpenTime(90 * 60 * SECOND), "1 h 30 min", "1 u 30 min"),
        (WorkingDays(1), "1 working day", "1 werkdag"),
        (WorkingDays(2), "2 working days", "2 werkdagen"),
        (Elapsed(1, 2, 0), "1 month 2 days", "1 maand 2 dagen"),
        (Elapsed(0, 1, HOUR), "1 day 1 h 00 min", "1 dag 1 u 00 min"),
        (Elapsed(0, 0, 0), "0 min", "0 min"),
    ],
)
def test_promised_lengths(length: Length, english: str, dutch: str) -> None:
    assert (length_text(length, "en"), length_text(length, "nl")) == (english, dutch)


def test_a_language_that_nobody_speaks_here_is_told_in_english() -> None:
    assert span_text(-HOUR, "fr") == "-1 h 00 min"


def test_what_was_recorded_is_told_with_what_it_says() -> None:
    due = RecordedChange(version=2, at=START, what="deadline_set", reason="case_created", due=DUE)
    level = RecordedChange(
        version=3, at=START, what="escalation_raised", reason="breach", level=2, role="head"
    )
    back = RecordedChange(version=4, at=START, what="breach_withdrawn", record="0190")
    assert [telling("nl").recorded(one) for one in (due, level, back)] == [
        "versie 2: deadline_set, uiterlijk ma 09 mrt 2026 10:00, case_created",
        "versie 3: escalation_raised, niveau 2, <head>, breach",
        "versie 4: breach_withdrawn, op tijd door de vastlegging 0190",
    ]


def test_what_is_data_is_the_same_in_every_language() -> None:
    one = replace(MET, moves=(RecordedChange(version=2, at=START, what="deadline_set", due=DUE),))
    english, dutch = (as_document(one, telling(language)) for language in ("en", "nl"))
    assert english.keys() == dutch.keys()
    differ = {name for name in english if english[name] != dutch[name]}
    assert differ == {"sentence", "length", "moves"}
    assert english["lines"] == [{
        "start": "2026-03-06T14:00:00+00:00", "end": "2026-03-09T12:30:00+00:00",
        "counted_seconds": 10800, "total_seconds": 10800, "why": "open", "told": "open",
    }]  # fmt: skip


def test_the_table_has_a_head_in_every_language() -> None:
    headings = [
        [telling(language).text(f"column.{one}") for one in COLUMNS] for language in LANGUAGES
    ]
    assert headings == [["from", "to", "counted", "total", "why"],
                     ["van", "tot", "geteld", "totaal", "waarom"]]  # fmt: skip
