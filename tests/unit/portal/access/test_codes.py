"""Codes: typed as people type, known again by what is kept of them, and by nothing else."""

import pytest
from case_events.testing.keys import ANOTHER_SECRET, SECRET
from case_portal.access.codes import ENTROPY, digests_of, read_code, spelled
from hypothesis import given
from hypothesis import strategies as st


@given(st.binary(min_size=ENTROPY, max_size=ENTROPY))
def test_a_code_is_read_as_it_was_spelled_however_it_is_typed(entropy: bytes) -> None:
    text = spelled(entropy)
    assert [len(group) for group in text.split("-")] == [4, 4, 4, 4, 4]
    code = read_code(text)
    assert code is not None
    typed = text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_code(f"  {typed} ") == code


@pytest.mark.parametrize("text", ["", "1234", "-" * 50, "ABCD-" * 6, "é" * 20, "\0" * 20])
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_other_codes_and_other_secrets_have_another_digest() -> None:
    code, other = (read_code(spelled(bytes([n]) * ENTROPY)) for n in (1, 2))
    assert code is not None
    assert other is not None
    (kept,) = digests_of(SECRET, code)
    assert digests_of(SECRET, code) == (kept,)
    assert kept not in digests_of(SECRET, other)
    assert kept not in digests_of(ANOTHER_SECRET, code)
    assert code.secret.encode() not in kept


def test_too_little_chance_makes_no_code() -> None:
    with pytest.raises(ValueError, match="random bytes"):
        spelled(b"short")
