"""Under which name an open case stands by, until its customer's agreement changes."""

from case_definition.lookup.definition import Definition
from case_events.contracts.base import Event
from case_events.contracts.cases import AgreementApplied

from case_workflow.domain.case import Case

_KIND = "agreement:"


def dormant_name(tenant: str, customer: str, agreement: str) -> str:
    """The stand-by timer of a case under the agreement (tenant/id/version) that holds for it."""
    return f"{dormant_prefix(tenant, customer)}{agreement}"


def dormant_prefix(tenant: str, customer: str) -> str:
    """What the names of all of a customer's cases begin with."""
    return f"{_KIND}{tenant}/{customer}@"


def parse_dormant_name(name: str) -> tuple[str, str, str] | None:
    """Tenant, customer and applied agreement of such a name; None for any other timer's."""
    if not name.startswith(_KIND):
        return None
    whose, _, agreement = name.removeprefix(_KIND).partition("@")
    tenant, _, customer = whose.partition("/")
    return tenant, customer, agreement


def terms_changed(case: Case, agreement: str, definition: Definition) -> list[Event]:
    """What follows for a case when this agreement (empty: none) now holds for its customer."""
    if not is_open(case, definition) or agreement == case.agreement:
        return []
    return [AgreementApplied(agreement, previous=case.agreement)]


def is_open(case: Case, definition: Definition) -> bool:
    """Whether anything may still happen to a case by itself."""
    status = definition.statuses.get(case.status)
    # A status of the version before a migration: only open cases are migrated.
    return case.exists and (status is None or status.kind != "final")
