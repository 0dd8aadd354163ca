"""Problems of access, worded so that people can correct them."""

from datetime import timedelta
from math import ceil

from case_portal.core.problem import Problem

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
LONGEST_USER = 254

WRONG_LOG_IN = Problem(
    kind="forbidden",
    code="wrong_credentials",
    field="password",
    rule="credentials",
    reason="User name and password do not fit.",
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


def user_name_problem(user: str) -> Problem | None:
    """The problem with a user name; None for a valid one."""
    if 3 <= len(user) <= LONGEST_USER and user.isprintable() and not any(map(str.isspace, user)):
        return None
    return Problem(
        kind="invalid",
        code="user_name",
        field="user",
        rule="user_name",
        reason=f"A user name has 3 to {LONGEST_USER} letters, digits or signs, and no spaces.",
    )


def password_problem(password: str, user: str) -> Problem | None:
    """The problem with a password; None for a valid one."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        reason = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    elif user and password.lower() == user:
        reason = "A password is not the user name."
    else:
        return None
    return Problem(
        kind="invalid", code="password", field="password", rule="password", reason=reason
    )
