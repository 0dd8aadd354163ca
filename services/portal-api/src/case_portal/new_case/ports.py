"""The port to intake: new cases and their outcomes."""

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
    """A case from a filled-in form. `key` makes it one case, however often it is sent.

    `typed` has the typed texts, `values` the same values in the types of the fields.
    """

    key: str
    case_type: str
    values: dict[str, str | bool | float]
    typed: dict[str, str] = {}
    files: tuple[Upload, ...] = ()


class Submission(Struct, frozen=True, kw_only=True):
    """A new case on its way: the typed values, and its outcome if there was one in time."""

    id: UUID
    case_type: str
    typed: dict[str, str]
    outcome: CaseOutcome | None = None


class Pass(Struct, frozen=True, kw_only=True):
    """The pass with which a person uses intake's API for some time."""

    token: str
    expires_at: datetime


class Intake(Protocol):
    """Sends new cases to intake, and reads their outcomes."""

    def pass_for(self, principal: Principal) -> Pass:
        """Issue a pass for a person who creates cases by intake's own API."""

    async def submit(
        self,
        principal: Principal,
        case: NewCase,
        attachments: tuple[Attachment, ...],
        definition: str,
    ) -> Submission | Problem:
        """Publish a new case, and wait a moment for its outcome.

        `attachments` are its files, which are in the blob store; `definition` is the key of the
        definition of its form. The same case under the same key is published once; another case
        under a used key is a problem.

        Raises `ServiceUnavailable` if the case could not be stored.
        """

    async def submitted(self, principal: Principal, submission: UUID) -> Submission | None:
        """The outcome of a new case that this principal submitted, after waiting a moment for it;
        None for any other case."""
