"""The counts of a simulated desk: its reports, requested as the portal's API does."""

from datetime import datetime
from typing import Any

from case_events.testing.keys import SECRET
from case_portal.fair_use.service import FairUseAlerts, Used, used
from case_portal.volumes.service import Backlog, OpenSelection, Rated, Selection, Volume

from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.alerts import SimulatedAlerts
from tests.support.world.volumes import SimulatedCounts, counted_cases


class Counted:
    """The reports of a tenant on the current state of the simulated platform."""

    def __init__(self, world: SimulatedDriver, tenant: str, zone: str) -> None:
        self._world, self._tenant, self._zone = world, tenant, zone
        portal = world.platform.services["portal"]
        self._counts = SimulatedCounts(lambda: counted_cases(portal.log.state))
        alerts = SimulatedAlerts(portal.outbox, SECRET)
        self._alerts = FairUseAlerts(counts=self._counts, reference=world.reference, alerts=alerts)

    def volumes(self, since: str, until: str, **other: Any) -> list[Volume]:
        """The volumes of a period; its days are those of the tenant's time zone."""
        return self._world._run(self._counts.volumes(self._selection(since, until, **other)))

    def ratings(self, since: str, until: str, **other: Any) -> list[Rated]:
        """The ratings of a period."""
        return self._world._run(self._counts.ratings(self._selection(since, until, **other)))

    def backlog(self, at: str = "", **other: Any) -> list[Backlog]:
        """The open cases, now or at a given time."""
        moment = datetime.fromisoformat(at) if at else self._world.now()
        selection = OpenSelection(tenant=self._tenant, at=moment, **other)
        return self._world._run(self._counts.backlog(selection))

    def used(self) -> list[Used]:
        """The use of the allowances of the current periods."""
        definition = self._world.reference.newest(self._tenant)
        assert definition is not None
        now = self._world.now()
        return self._world._run(used(self._counts, self._world.reference, definition, now, now))

    def looks_at_fair_use(self) -> list[Used]:
        """The look that the portal takes every minute. Returns the excesses that it reported."""
        return self._world._run(self._alerts.look(self._world.now()))

    def _selection(self, since: str, until: str, **other: Any) -> Selection:
        return Selection(
            tenant=self._tenant,
            since=datetime.fromisoformat(since),
            until=datetime.fromisoformat(until),
            zone=self._zone,
            **other,
        )
