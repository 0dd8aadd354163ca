"""Fair use: the use of customers compared with their agreements, and alerts about an excess.

An excess blocks nothing. A case counts by its current type: a case that was reclassified no longer
counts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from case_definition.lookup.absence import present
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.schema.fair_use import MESSAGE, FairUse, Span, span_of
from case_events.contracts.parts import Person
from msgspec import Struct

from case_portal.core.principal import Principal
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.core.zones import zone_of
from case_portal.mail.ports import Letter
from case_portal.volumes.service import CaseCounts, Selection, Volume

BACK = timedelta(days=7)
"""How far back a look goes, so that an excess at a time without a look is reported later."""


class Used(Struct, frozen=True, kw_only=True):
    """The use of a customer of one allowance in one period."""

    customer: str
    name: str
    period: str
    counted: int
    allowed: int

    @property
    def left(self) -> int:
        """The number that is still allowed."""
        return max(0, self.allowed - self.counted)

    @property
    def over(self) -> int:
        """The number beyond the allowance."""
        return max(0, self.counted - self.allowed)


class Alerts(Protocol):
    """Mails that are sent once."""

    async def send(self, tenant: str, letter: Letter, definition: str) -> bool:
        """Request a mail from notify; False if a mail with its key was requested before."""


async def fair_use(
    counts: CaseCounts,
    reference: Reference,
    principal: Principal,
    since: datetime,
    until: datetime,
) -> list[Used] | Problem:
    """The use in each period within a stretch of time, for people who may see internal data: the
    periods with a counted case, and always the last one."""
    definition = reference.newest(principal.tenant)
    # The allowances of agreements are not in the database, so row-level security does not hide them
    # from contacts.
    if principal.kind not in ("agent", "auditor") or definition is None:
        return UNKNOWN_PLACE
    last = max(since, until - timedelta.resolution)
    return await used(counts, reference, definition, since, last)


async def used(
    counts: CaseCounts,
    reference: Reference,
    definition: Definition,
    since: datetime,
    until: datetime,
) -> list[Used]:
    """The lines of a tenant, by allowance, customer and period. Both times are inside."""
    found: list[Used] = []
    for terms in definition.document.fair_use:
        allowed = {
            one.document.customer: one.document.fair_use[terms.name]
            for one in reference.agreements_of(definition.tenant)
            if terms.name in one.document.fair_use
        }
        if allowed:
            zone = zone_of(definition)
            last = span_of(terms.per, until.astimezone(zone).date())
            first = span_of(terms.per, since.astimezone(zone).date())
            asked = _selection(definition, terms, allowed, (first, last))
            counted = _counted(await counts.volumes(asked), terms)
            found += _lines(terms, allowed, counted, last)
    return found


def _selection(
    definition: Definition, terms: FairUse, customers: Iterable[str], spans: tuple[Span, Span]
) -> Selection:
    zone = zone_of(definition)
    return Selection(
        tenant=definition.tenant,
        since=_begin(spans[0].first, zone),
        until=_begin(spans[1].next, zone),
        by=("customer", "month"),
        only={"customer": tuple(customers), "case_type": terms.case_types},
        zone=zone.key,
    )


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _counted(volumes: Iterable[Volume], terms: FairUse) -> Counter[tuple[str, str]]:
    """The number of cases that came in, by customer and period."""
    counted: Counter[tuple[str, str]] = Counter()
    for line in volumes:
        customer, month = line.group
        if line.came:
            counted[customer, span_of(terms.per, date.fromisoformat(f"{month}-01")).name] += (
                line.came
            )
    return counted


def _lines(
    terms: FairUse, allowed: dict[str, int], counted: Counter[tuple[str, str]], last: Span
) -> Iterator[Used]:
    for customer, limit in sorted(allowed.items()):
        periods = {period for of, period in counted if of == customer} | {last.name}
        for period in sorted(periods):
            yield Used(
                customer=customer,
                name=terms.name,
                period=period,
                counted=counted[customer, period],
                allowed=limit,
            )


@dataclass(frozen=True, kw_only=True)
class FairUseAlerts:
    """Requests a mail about an excess: once for a customer, an allowance and a period, however
    often it looks."""

    counts: CaseCounts
    reference: Reference
    alerts: Alerts

    async def look(self, at: datetime) -> list[Used]:
        """Look at the periods of the last days, of every tenant. Returns the excesses that it
        reported now."""
        reported: list[Used] = []
        for tenant in self.reference.tenants():
            definition = self.reference.newest(tenant)
            assert definition is not None, "each of these tenants has a definition"
            for one in await used(self.counts, self.reference, definition, at - BACK, at):
                if one.over and await self._tell(definition, one, at):
                    reported.append(one)
        return reported

    async def _tell(self, definition: Definition, one: Used, at: datetime) -> bool:
        to, language = self._reader(definition, one, at)
        customer = self.reference.customer(definition.tenant, one.customer)
        letter = Letter(
            key=f"{MESSAGE}/{one.customer}/{one.period}/{one.name}",
            template=MESSAGE,
            language=language,
            to=to,
            values={
                "customer": customer.name if customer else one.customer,
                "what": definition.name_of("fair_use", one.name, language),
                "counted": str(one.counted),
                "allowed": str(one.allowed),
                "period": one.period,
            },
            secrets={},
        )
        return await self.alerts.send(definition.tenant, letter, definition.key)

    def _reader(self, definition: Definition, one: Used, at: datetime) -> tuple[Person, str]:
        """The account agent, or their stand-in; otherwise the team in the definition."""
        customer = self.reference.customer(definition.tenant, one.customer)
        named = customer.account_agent if customer else ""
        agent = present(named, self.reference, definition, at) if named else None
        if agent is not None:
            return Person(agent.email, agent.name), definition.language(agent.language)
        terms = next(t for t in definition.document.fair_use if t.name == one.name)
        team = definition.teams[terms.team]
        language = definition.language(team.language)
        return Person(team.address, definition.name_of("teams", team.name, language)), language
