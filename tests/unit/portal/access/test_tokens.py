"""Tokens between services: what was issued is read, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from case_events.tokens import issue, read
from hypothesis import given
from hypothesis import strategies as st

SECRET = b"shared"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
CLAIMS = {"tenant": "here", "kind": "contact", "id": "bob"}


def test_what_was_issued_is_read_until_it_expires() -> None:
    token = issue(SECRET, CLAIMS, LATER)
    assert read(SECRET, token, NOW) == CLAIMS
    assert read(SECRET, token, LATER) is None


def test_another_secret_reads_nothing() -> None:
    assert read(b"other", issue(SECRET, CLAIMS, LATER), NOW) is None


def test_one_altered_letter_is_seen() -> None:
    token = issue(SECRET, CLAIMS, LATER)
    for place in range(len(token)):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert read(SECRET, altered, NOW) is None


@given(st.text())
def test_anything_at_all_can_be_read(text: str) -> None:
    assert read(SECRET, text, NOW) is None


def test_without_a_secret_there_are_no_tokens() -> None:
    with pytest.raises(ValueError, match="secret"):
        issue(b"", CLAIMS, LATER)
    with pytest.raises(ValueError, match="secret"):
        read(b"", issue(SECRET, CLAIMS, LATER), NOW)


def test_the_expiry_is_not_the_callers_to_claim() -> None:
    with pytest.raises(ValueError, match="exp"):
        issue(SECRET, {"exp": 1}, LATER)
