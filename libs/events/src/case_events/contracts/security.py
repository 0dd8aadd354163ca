"""The security log: who logged in, what changed in who gets in, and what was read by whom.

The actor of the record is the person who did it; `unknown` if nobody proved who they are. No event
has a password, a code, a token, or a typed user name that nobody has: people type passwords there.
"""

from typing import Literal

from case_events.contracts.base import Event, contract
from case_events.contracts.parts import RequestSource
from case_events.topics import SECURITY

SecurityOutcome = Literal["done", "refused"]
Change = Literal[
    "invited",
    "invitation_redeemed",
    "address_confirmed",
    "account_opened",
    "account_handed_over",
    "account_closed",
    "reset_requested",
    "password_changed",
    "session_ended",
    "token_issued",
    "token_revoked",
    "access_ended",
]
"""What changed in the access of an account. `access_ended`: its person is no longer active in the
directory, so its sessions and tokens ended."""


class SecurityEvent(Event, frozen=True, kw_only=True):
    """`reason` is the code of the problem if the outcome is `refused`."""

    outcome: SecurityOutcome = "done"
    reason: str = ""
    personal: RequestSource = RequestSource()


@contract("security.log-in-attempted", SECURITY, label="log_in_attempted")
class LogInAttempted(SecurityEvent, frozen=True, kw_only=True):
    """Somebody tried to log in. The kind and person are those of the account that was tried; they
    are empty if the user name is unknown, and the tenant may be too."""

    person_kind: str = ""
    person: str = ""


@contract("security.access-changed", SECURITY, label="access_changed")
class AccessChanged(SecurityEvent, frozen=True, kw_only=True):
    """Something changed, or was refused, in how a person gets in. `name` is that of an API
    token."""

    change: Change
    person_kind: str = ""
    person: str = ""
    name: str = ""


@contract("security.data-accessed", SECURITY, label="data_accessed")
class DataAccessed(SecurityEvent, frozen=True, kw_only=True):
    """An auditor read something, somebody read a case that is not their own, or somebody asked for
    something that they may not do or that does not exist for them.

    `what` is the method and the route, such as `GET /cases/{reference}`; `reference` is the case.
    """

    what: str
    reference: str = ""
