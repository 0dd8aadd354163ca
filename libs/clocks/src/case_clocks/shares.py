"""Shares of cases, as exact fractions and as text."""

from fractions import Fraction

STEPS = 100
"""A share is shown in hundredths of a percent."""


def share_text(kept: int, total: int) -> str:
    """A share in percent, cut off, never rounded up: 2499 of 2500 are 99.96 %, not 100 %.

    A share above zero is never shown as zero. Without cases there is no share.
    """
    if total == 0:
        return "–"
    steps = kept * 100 * STEPS // total
    if kept and not steps:
        return f"< {1 / STEPS} %"
    whole, part = divmod(steps, STEPS)
    return f"{whole}.{part:02} %" if part else f"{whole} %"


def is_kept(kept: int, total: int, promised: float) -> bool:
    """Whether at least the promised share was kept. Both are compared as exact fractions."""
    return total == 0 or Fraction(kept, total) >= Fraction(str(promised))
