"""The API for migrating open cases to another version of their definition."""

from msgspec.structs import asdict

from case_portal.commands.dependencies import GatewayHere, command_router
from case_portal.migrations.schemas import MigratedCaseResponse, MigrationRequest, MigrationResponse
from case_portal.migrations.service import Migrations
from case_portal.web.dependencies import CurrentPrincipal, SiteHere, allowed
from case_portal.web.problems import documented

router = command_router(400, 422, 503)


@router.post("/migrations", tags=["migrations"], responses=documented(401, 403))
async def migrate(
    site: SiteHere, gateway: GatewayHere, principal: CurrentPrincipal, wish: MigrationRequest
) -> MigrationResponse:
    """Migrate a page of open cases, or with `dry_run` show the results that they would have. For
    administrators. The request may be repeated."""
    migrations = Migrations(site.cases(principal), site.reference, gateway)
    found = allowed(
        await migrations.migrate(
            principal,
            wish.to,
            {str(section): names for section, names in wish.mapping.items()},
            wish.page,
            dry_run=wish.dry_run,
        )
    )
    return MigrationResponse(
        cases=[MigratedCaseResponse(**asdict(one)) for one in found.cases], more=found.more
    )
