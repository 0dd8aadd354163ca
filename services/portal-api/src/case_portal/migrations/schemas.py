"""What the API takes and gives about migrations."""

from typing import Literal

from pydantic import BaseModel, Field

from case_portal.web.schemas import Chosen, RequestModel

Section = Literal["case_types", "statuses", "phases", "priorities", "teams", "fields"]


class MigrationRequest(RequestModel):
    """To which version, and what becomes of names that are gone there or mean something else."""

    to: int = Field(gt=0, le=2**31)
    mapping: dict[Section, Chosen] = {}
    dry_run: bool = True
    page: int = Field(default=1, ge=1, le=10_000)


class MigratedCaseResponse(BaseModel):
    """One case: `before` is the version that it was under, `status` and `phase` are those that it
    has then."""

    reference: str
    before: str
    outcome: Literal["would", "done", "pending", "refused"]
    status: str
    previous_status: str
    phase: str
    previous_phase: str
    reason: str


class MigrationResponse(BaseModel):
    """One page of the open cases; those that are under that version already are left out."""

    cases: list[MigratedCaseResponse]
    more: bool
