"""The API that brings open cases under another version of their definition."""

from typing import Literal

from msgspec.structs import asdict
from pydantic import BaseModel, Field

from case_portal.cases.routes import PortalHere, Reader, allowed, asking_router
from case_portal.migrations.service import Migrations
from case_portal.web.problems import documented
from case_portal.web.schemas import Chosen, Part

router = asking_router()

Section = Literal["case_types", "statuses", "phases", "priorities", "teams", "fields"]


class Wish(Part):
    """To which version, and what becomes of names that are gone there or mean something else."""

    to: int = Field(gt=0, le=2**31)
    mapping: dict[Section, Chosen] = {}
    dry_run: bool = True
    page: int = Field(default=1, ge=1, le=10_000)


class Moved(BaseModel):
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


class Migration(BaseModel):
    """One page of the open cases; those that are under that version already are left out."""

    cases: list[Moved]
    more: bool


@router.post("/migrations", tags=["migrations"], responses=documented(401, 403))
async def migrate(portal: PortalHere, reader: Reader, wish: Wish) -> Migration:
    """Migrate a page of open cases, or with `dry_run` say what would become of them. For
    administrators; it can be asked again."""
    migrations = Migrations(portal.cases, portal.reference, portal.api_desk)
    found = allowed(
        await migrations.migrate(
            reader,
            wish.to,
            {str(section): names for section, names in wish.mapping.items()},
            wish.page,
            dry_run=wish.dry_run,
        )
    )
    return Migration(cases=[Moved(**asdict(one)) for one in found.cases], more=found.more)
