"""The schemas of migrations in the API."""

from typing import Literal

from pydantic import BaseModel, Field

from case_portal.web.schemas import Chosen, RequestModel

Section = Literal["case_types", "statuses", "phases", "priorities", "teams", "fields"]


class MigrationRequest(RequestModel):
    """The new version, and the new names for names that it does not have or that mean something
    else."""

    to: int = Field(gt=0, le=2**31)
    mapping: dict[Section, Chosen] = {}
    dry_run: bool = True
    page: int = Field(default=1, ge=1, le=10_000)


class MigratedCaseResponse(BaseModel):
    """One case. `before` is its earlier version; `status` and `phase` are those after the
    migration."""

    reference: str
    before: str
    outcome: Literal["would", "done", "pending", "refused"]
    status: str
    previous_status: str
    phase: str
    previous_phase: str
    reason: str


class MigrationResponse(BaseModel):
    """One page of the open cases, without the cases that are under the new version already."""

    cases: list[MigratedCaseResponse]
    more: bool
