"""Problems of access, worded so that people can correct them."""

from datetime import timedelta
from math import ceil

from case_portal.access.user_names import LONGEST, SHORTEST
from case_portal.core.problem import Problem

WRONG_LOG_IN = Problem(
    kind="forbidden",
    code="wrong_credentials",
    field="password",
    rule="credentials",
    reason="User name and password do not fit.",
)
DIFFERENT = Problem(
    kind="invalid",
    code="different",
    field="again",
    rule="different",
    reason="Both passwords have to be the same.",
)
WRONG_CODE = Problem(
    kind="invalid",
    code="wrong_code",
    field="code",
    rule="valid_once",
    reason="This code does not hold, or no more. Check it, or ask for a new one.",
)
HAS_ACCOUNT = Problem(
    kind="refused",
    code="has_account",
    field="contact",
    rule="one_account",
    reason="This contact has an account. A forgotten password is reset from the log-in page.",
)
TAKEN = Problem(
    kind="invalid",
    code="user_name_taken",
    field="user",
    rule="unique",
    reason="This user name is not free. Choose another one.",
)
GONE = Problem(
    kind="forbidden",
    code="account_gone",
    field="user",
    rule="active",
    reason="This account is no longer known at this desk. Ask your contact person.",
)
USER_NAME = Problem(
    kind="invalid",
    code="user_name",
    field="user",
    rule="user_name",
    reason=f"A user name has {SHORTEST} to {LONGEST} letters, digits or signs, and no spaces.",
)
OWN_ADDRESS = Problem(
    kind="invalid",
    code="user_name_address",
    field="user",
    rule="own_address",
    reason="A user name with an @ is your own mail address. Type that, or a name without an @.",
)
WRONG_PASSWORD = Problem(
    kind="forbidden",
    code="wrong_password",
    field="old",
    rule="old_password",
    reason="This is not your present password.",
)
UNKNOWN_SESSION = Problem(
    kind="unknown",
    code="unknown_session",
    field="session",
    rule="known",
    reason="You have no such session.",
)
UNKNOWN_TOKEN = Problem(
    kind="unknown",
    code="unknown_token",
    field="token",
    rule="known",
    reason="You have no such token.",
)
TOKEN_NAME = Problem(
    kind="invalid",
    code="token_name",
    field="name",
    rule="name",
    reason="Say in 1 to 100 characters what the token is for.",
)
TOKEN_DAYS = Problem(
    kind="invalid",
    code="token_days",
    field="days",
    rule="days",
    reason="A token is valid for 1 to 366 days.",
)
NO_INVITATIONS = Problem(
    kind="refused",
    code="no_invitations",
    rule="access.invitation",
    reason="The process definition has no invitations: add `access.invitation` to it.",
)
MAY_NOT_INVITE = Problem(
    kind="forbidden",
    code="may_not_invite",
    rule="access.invitation.by",
    reason="Your role may not invite contacts. Ask an administrator of your desk.",
)
UNKNOWN_CONTACT = Problem(
    kind="unknown",
    code="unknown_contact",
    field="contact",
    rule="known_contact",
    reason="Name an active contact of your desk's directory, by id or mail address.",
)


def too_often(wait: timedelta) -> Problem:
    """The problem of too many attempts, with the time to wait."""
    seconds = max(1, ceil(wait.total_seconds()))
    return Problem(
        kind="limited",
        code="too_many_attempts",
        rule="attempts",
        reason=f"Too many attempts. Try again in {seconds} seconds.",
        retry_after=seconds,
    )
