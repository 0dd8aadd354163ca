"""How many calls one mail may take: a count, so that no machine is too slow for it."""

from benchmarks.calls import VERSION_0_1, count

SHARE = 0.6
"""Of the calls that version 0.1 made."""


def test_one_mail_takes_no_more_calls_than_it_needs() -> None:
    """What is done twice, or for nothing, shows here; `python -m benchmarks.calls` says where."""
    _, before = VERSION_0_1
    assert count().total() <= SHARE * before
