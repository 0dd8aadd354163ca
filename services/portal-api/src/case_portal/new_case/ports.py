"""Where new cases go, and what comes of them."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from case_events.contracts.parts import Attachment
from msgspec import Struct

from case_portal.core.files import Upload
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.read_model.view import CaseOutcome


class NewCase(Struct, frozen=True, kw_only=True):
    """A case as its form was filled in. `key` makes it one, however often it is sent.

    `typed` is what the form held, `values` the same as the types of the fields have it.
    """

    key: str
    case_type: str
    values: dict[str, str | bool | float]
    typed: dict[str, str] = {}
    files: tuple[Upload, ...] = ()


class Submission(Struct, frozen=True, kw_only=True):
    """A new case on its way: what was typed, and its outcome where there was one in time."""

    id: UUID
    case_type: str
    typed: dict[str, str]
    outcome: CaseOutcome | None = None


class Pass(Struct, frozen=True, kw_only=True):
    """What intake's API knows somebody by, for a while."""

    token: str
    expires_at: datetime


class Intake(Protocol):
    """Takes new cases to intake, and hears what came of them."""

    def pass_for(self, principal: Principal) -> Pass:
        """Vouch for somebody who brings cases in by intake's own API."""

    async def submit(
        self,
        principal: Principal,
        case: NewCase,
        attachments: tuple[Attachment, ...],
        definition: str,
    ) -> Submission | Problem:
        """Publish a new case, and wait a moment for its outcome.

        `attachments` are its files, which are in the blob store; `definition` is the key of the
        one that its form was made of. The same case under the same key is published once; another
        case under a key that made one is a problem.

        Raises `ServiceUnavailable` where it could not be kept.
        """

    async def submitted(self, principal: Principal, submission: UUID) -> Submission | None:
        """What became of a new case that this principal submitted, after waiting a moment for it;
        None for any other."""
