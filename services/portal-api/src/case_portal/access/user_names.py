"""User names: folded once, here, before they are looked up, counted or stored.

RFC 8265 (UsernameCaseMapped): small letters, in Unicode's composed form, without signs that only
look like others. Python folds, never the database, so that one name is one text everywhere.
"""

from functools import lru_cache

from precis_i18n import get_profile

from case_portal.core.principal import Account

SHORTEST, LONGEST = 3, 254
_PROFILE = get_profile("UsernameCaseMapped")


@lru_cache(maxsize=10_000)
def folded(typed: str) -> str:
    """The user name that somebody typed; empty for a text that is none."""
    try:
        name = _PROFILE.enforce(typed.strip())
    except UnicodeEncodeError:
        return ""
    return name if SHORTEST <= len(name) <= LONGEST else ""


def is_address(name: str) -> bool:
    """Whether a user name looks like a mail address. Only its owner may bear it."""
    return "@" in name


def words_about(account: Account, *more: str) -> tuple[str, ...]:
    """What a stranger knows of an account, which makes a password easy to guess."""
    return (account.tenant, account.person, account.user, *more)
