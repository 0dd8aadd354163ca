"""Under which name an open case stands by, until its customer's agreement changes."""

_KIND = "agreement:"


def standing_name(tenant: str, customer: str, agreement: str) -> str:
    """The stand-by timer of a case under the agreement (tenant/id/version) that holds for it."""
    return f"{standing_stem(tenant, customer)}{agreement}"


def standing_stem(tenant: str, customer: str) -> str:
    """What the names of all of a customer's cases begin with."""
    return f"{_KIND}{tenant}/{customer}@"


def stands_for(name: str) -> tuple[str, str, str] | None:
    """Tenant, customer and applied agreement of such a name; None for any other timer's."""
    if not name.startswith(_KIND):
        return None
    whose, _, agreement = name.removeprefix(_KIND).partition("@")
    tenant, _, customer = whose.partition("/")
    return tenant, customer, agreement
