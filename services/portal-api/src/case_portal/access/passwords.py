"""Which passwords are taken: the same on every way in.

A password has 12 to 200 characters, and must not be one that a guesser tries first: `zxcvbn`
compares it with 30,000 common passwords, with names, words, keyboard walks, dates and repeats, and
with what a stranger knows of its owner.
"""

import re
from collections.abc import Iterable

from zxcvbn import zxcvbn

from case_portal.core.problem import Problem

SHORTEST, LONGEST = 12, 200
ESTIMATED = 72
"""The number of characters whose strength is estimated: more take long, and add nothing."""
ENOUGH = 3
"""The score of `zxcvbn` for a password that takes more than 10^8 guesses."""
COMMON_HERE = (
    "welkom", "wachtwoord", "geheim", "lente", "zomer", "herfst", "winter", "maandag", "januari",
    "februari", "maart", "april", "juni", "juli", "augustus", "september", "oktober", "november",
    "december", "nederland", "amsterdam", "rotterdam", "casefold", "portal", "portaal", "welcome",
)  # fmt: skip
"""Words of Dutch passwords, which the English lists of `zxcvbn` lack, and of this platform."""
_WORD = re.compile(r"[^\W_]{3,}")


def password_problem(password: str, known: Iterable[str]) -> Problem | None:
    """The problem with a password; None for a valid one. `known` is what a stranger knows of its
    owner: names, addresses, the tenant."""
    if not SHORTEST <= len(password) <= LONGEST:
        return _problem("password", f"A password has {SHORTEST} to {LONGEST} characters.")
    words = {
        part for text in known for part in (text, *text.split("@"), *_WORD.findall(text)) if part
    }
    found = zxcvbn(password[:ESTIMATED], user_inputs=[*words, *COMMON_HERE])
    if found["score"] >= ENOUGH:
        return None
    return _problem(
        "common_password",
        "This password is easy to guess. Use several words that do not belong together, and "
        "neither your name, your address nor your organisation.",
    )


def _problem(rule: str, reason: str) -> Problem:
    return Problem(kind="invalid", code="password", field="password", rule=rule, reason=reason)
