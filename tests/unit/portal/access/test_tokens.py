"""Tokens between services: what was issued is read for its purpose, and nothing else."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, get_args

import pytest
from case_events.keyring import keyring_of
from case_events.testing.keys import ANOTHER_SECRET, SECRET, SECRET_TEXT
from case_events.tokens import Purpose, issue, read
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
CLAIMS = {"tenant": "here", "kind": "contact", "id": "bob"}
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
OLD = {"old": SECRET_TEXT}
NEW = {"new": "1e5e" * 16}


def test_what_was_issued_is_read_until_it_expires() -> None:
    token = issue(SECRET, "pass", CLAIMS, LATER)
    assert read(SECRET, "pass", token, NOW) == CLAIMS
    assert read(SECRET, "pass", token, LATER) is None


def test_another_secret_reads_nothing() -> None:
    assert read(ANOTHER_SECRET, "pass", issue(SECRET, "pass", CLAIMS, LATER), NOW) is None


def test_one_altered_letter_is_seen() -> None:
    token = issue(SECRET, "pass", CLAIMS, LATER)
    for place in range(len(token)):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert read(SECRET, "pass", altered, NOW) is None


@given(st.text())
def test_anything_at_all_can_be_read(text: str) -> None:
    assert read(SECRET, "pass", text, NOW) is None


@pytest.mark.parametrize(("made", "used"), [*permutations(PURPOSES, 2)])
def test_a_token_of_one_purpose_never_passes_as_another(made: Purpose, used: Purpose) -> None:
    """C16."""
    assert read(SECRET, used, issue(SECRET, made, CLAIMS, LATER), NOW) is None


def _signed(content: bytes, purpose: Purpose = "pass") -> str:
    """A token with a signature that fits, whatever it contains."""
    text = urlsafe_b64encode(content).rstrip(b"=").decode()
    signature = SECRET.sign(f"casefold token: {purpose}", text.encode())
    return f"{text}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


UNTIL = LATER.timestamp()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"form",
        b"[1]",
        b"null",
        b'{"for": "pass"}',
        b'{"for": "pass", "exp": "tomorrow"}',
        b'{"for": "pass", "exp": 1e300}',
        b'{"for": "pass", "exp": null}',
        json.dumps({"exp": UNTIL}).encode(),
        json.dumps({"for": "tool", "exp": UNTIL}).encode(),
        json.dumps({"for": ["pass"], "exp": UNTIL}).encode(),
    ],
)
def test_what_is_signed_and_no_token_is_none(content: bytes) -> None:
    """C16: an answer of 401 follows, never of 500."""
    assert read(SECRET, "pass", _signed(content), NOW) is None
    token = _signed(json.dumps({"for": "pass", "exp": UNTIL}).encode())
    assert read(SECRET, "pass", token, NOW) == {}


def test_a_secret_is_changed_with_an_overlap() -> None:
    """C16: both are accepted; then the new one is used; then the old one is gone."""
    old, both, turned, new = (
        keyring_of(json.dumps(held)) for held in (OLD, OLD | NEW, NEW | OLD, NEW)
    )
    before, after = issue(both, "pass", CLAIMS, LATER), issue(turned, "pass", CLAIMS, LATER)
    assert before == issue(old, "pass", CLAIMS, LATER)
    assert after == issue(new, "pass", CLAIMS, LATER)
    for keyring in (both, turned):
        assert read(keyring, "pass", before, NOW) == read(keyring, "pass", after, NOW) == CLAIMS
    assert read(new, "pass", before, NOW) is None


@pytest.mark.parametrize("claims", [{"exp": 1}, {"for": "tool"}])
def test_expiry_and_purpose_are_not_the_callers_to_claim(claims: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="exp and for"):
        issue(SECRET, "pass", claims, LATER)
