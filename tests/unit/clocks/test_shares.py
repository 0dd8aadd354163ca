"""Shares: exact, and shown without rounding a miss up (C13)."""

from fractions import Fraction

import pytest
from case_clocks.shares import is_kept, share_text
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("kept", "total", "text"),
    [
        (2499, 2500, "99.96 %"),
        (99_999, 100_000, "99.99 %"),
        (999_999_999, 1_000_000_000, "99.99 %"),
        (1, 1, "100 %"),
        (1, 2, "50 %"),
        (1, 3, "33.33 %"),
        (0, 7, "0 %"),
        (1, 1_000_000, "< 0.01 %"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_cut_off(kept: int, total: int, text: str) -> None:
    """C13: 99.96 % is not 100 %."""
    assert share_text(kept, total) == text


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_only_all_is_shown_as_all_and_only_none_as_none(kept: int, total: int) -> None:
    kept = min(kept, total)
    assert (share_text(kept, total) == "100 %") == (kept == total)
    assert (share_text(kept, total) == "0 %") == (kept == 0)


@pytest.mark.parametrize(
    ("kept", "total", "promised", "whether"),
    [
        (19, 20, 0.95, True),
        (1999, 2000, 0.9995, True),
        (1998, 2000, 0.9995, False),
        (9_499_999, 10_000_000, 0.95, False),
        (1, 1, 1.0, True),
        (999, 1000, 1.0, False),
        (0, 0, 1.0, True),
    ],
)
def test_what_was_promised_is_compared_as_a_fraction(
    kept: int, total: int, promised: float, whether: bool
) -> None:
    """J3, J6: exact at the edge, where a float is not."""
    assert is_kept(kept, total, promised) is whether
    assert total == 0 or is_kept(kept, total, promised) == (
        Fraction(kept, total) >= Fraction(round(promised * 10_000), 10_000)
    )
