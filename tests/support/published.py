"""Reference data of tenants, compiled once a run: what the services know in a simulation."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from case_definition.loading import load_tenant
from case_definition.reference import Reference
from case_events.runtime.clock import Ids
from casefold.publishing import Published, entries_of, reference_record, terms_of

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def reference_of(folder: Path) -> Reference:
    """A tenant's reference data, free to be added to."""
    known = Reference()
    for name, kept in vars(_compiled(folder)).items():
        setattr(known, name, dict(kept))
    return known


def publish(reference: Reference, published: Published) -> None:
    """One more document of reference data arrives."""
    reference.apply(reference_record(published, Ids(Random(1)), PUBLISHED_AT))


@cache
def _compiled(folder: Path) -> Reference:
    known, documents = Reference(), load_tenant(folder)
    for published in (*terms_of(documents), *entries_of(documents)):
        publish(known, published)
    return known
