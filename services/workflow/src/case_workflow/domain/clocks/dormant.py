"""The dormant timer of an open case, which waits for another agreement of its customer."""

from case_definition.lookup.definition import Definition
from case_events.contracts.base import Event
from case_events.contracts.cases import AgreementApplied

from case_workflow.domain.case import Case

_KIND = "agreement:"


def dormant_name(tenant: str, customer: str, agreement: str) -> str:
    """The name of the dormant timer of a case under an agreement (tenant/id/version)."""
    return f"{dormant_prefix(tenant, customer)}{agreement}"


def dormant_prefix(tenant: str, customer: str) -> str:
    """The beginning of the names of all dormant timers of a customer's cases."""
    return f"{_KIND}{tenant}/{customer}@"


def parse_dormant_name(name: str) -> tuple[str, str, str] | None:
    """Tenant, customer and agreement in the name of a dormant timer; None for other timers."""
    if not name.startswith(_KIND):
        return None
    whose, _, agreement = name.removeprefix(_KIND).partition("@")
    tenant, _, customer = whose.partition("/")
    return tenant, customer, agreement


def terms_changed(case: Case, agreement: str, definition: Definition) -> list[Event]:
    """The events after this agreement (empty: none) has become that of the customer of a case."""
    if not is_open(case, definition) or agreement == case.agreement:
        return []
    return [AgreementApplied(agreement, previous=case.agreement)]


def is_open(case: Case, definition: Definition) -> bool:
    """Whether a case has begun and has not ended."""
    status = definition.statuses.get(case.status)
    # A status of the version before a migration: only open cases are migrated.
    return case.exists and (status is None or status.kind != "final")
