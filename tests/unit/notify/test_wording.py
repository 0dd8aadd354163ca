"""C14: moments, lines and paragraphs as people read them."""

from datetime import UTC, datetime

import pytest
from case_notify.domain.recipients import is_deliverable
from case_notify.domain.wording import moment, one_line, outcome, paragraphs, reason, week


@pytest.mark.parametrize(
    ("language", "given"),
    [("nl", "1 juli 2026 00:30"), ("en", "1 July 2026 00:30"), ("fr", "2026-07-01 00:30")],
)
def test_a_moment_is_told_on_the_clock_of_its_zone(language: str, given: str) -> None:
    at = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert moment(at, "Europe/Amsterdam", language) == given


@pytest.mark.parametrize(
    ("why", "language", "given"),
    [
        ("breach", "nl", "de afspraak is niet gehaald"),
        ("warning", "en", "time is running out"),
        ("breach", "fr", "breach"),
        ("something new", "nl", "something new"),
    ],
)
def test_what_raised_a_level_is_said_in_words(why: str, language: str, given: str) -> None:
    assert reason(why, language) == given


@pytest.mark.parametrize(
    ("language", "given"),
    [("nl", "week 4 van 2027"), ("en", "week 4 of 2027"), ("fr", "2027-W04")],
)
def test_a_week_is_told_as_people_say_it(language: str, given: str) -> None:
    """O5."""
    assert week("2027-W04", language) == given


def test_an_outcome_is_a_word() -> None:
    assert [outcome("no", language) for language in ("nl", "en", "fr")] == ["nee", "no", "no"]


def test_what_was_left_empty_leaves_no_gap() -> None:
    assert paragraphs("\nDear,\n\n\n \n\nBye  \n\n") == "Dear,\n\nBye\n"
    assert paragraphs("a\r\nb\n\nc") == "a\nb\n\nc\n"


def test_a_line_is_one_line() -> None:
    assert one_line(" a\r\n\tb\x00\u202ec ") == "a b c"
    assert len(one_line("x" * 999)) == 250


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("anna@customer.example", True),
        ("o'neil+tag@customer.example", True),
        ("", False),
        ("anna", False),
        ("anna@", False),
        ("@customer.example", False),
        ("a b@customer.example", False),
        ("a@b@c.example", False),
        ("<a@b.example>", False),
        ("a@b.example\r\nRCPT TO:<c@d>", False),
        ("zoë@customer.example", False),
        (f"{'x' * 65}@customer.example", False),
        (f"x@{'d' * 260}", False),
    ],
)
def test_only_addresses_that_can_stand_in_an_envelope_are_written_to(
    address: str, fits: bool
) -> None:
    assert is_deliverable(address) is fits
