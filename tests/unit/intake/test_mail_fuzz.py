"""Issue 13.19: mails of all kinds, broken at random, are read without a crash and without a loss.

CASEFOLD_MAILS says how many are read. `python -m tests.support.mails --minutes 30` reads until the
time is up, and tells which mails were slow.
"""

import os

import pytest
from case_intake.domain.mail import read_mail

from tests.support.mails.faults import lost
from tests.support.mails.mutants import mutant
from tests.support.mails.seeds import SEEDS

MAILS = int(os.environ.get("CASEFOLD_MAILS", "1500"))
GROUPS = 10


@pytest.mark.parametrize("group", range(GROUPS))
def test_broken_mails_lose_nothing(group: int) -> None:
    for number in range(group, MAILS, GROUPS):
        assert list(lost(mutant(number))) == [], f"mutant {number}"


@pytest.mark.parametrize("name", SEEDS)
def test_whole_mails_lose_nothing_and_have_no_problems(name: str) -> None:
    assert list(lost(SEEDS[name])) == []
    problems = read_mail(SEEDS[name]).problems
    assert bool(problems) == (name in ("no charset", "raw headers", "preface"))
