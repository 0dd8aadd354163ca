"""Passwords of test accounts. Nobody guesses them, so hashing them takes a millisecond."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from case_portal.access import accounts
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
"""Argon2 as the portal has it, with the least work. A hash names its work, so the portal checks
these passwords as any other."""


@contextmanager
def quickly_hashed() -> Iterator[None]:
    """Accounts that are made here meanwhile have such a hash: the portal's takes 0.2 s each."""
    with patch.object(accounts, "hasher", QUICK):
        yield
