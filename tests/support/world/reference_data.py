"""Reference data of tenants, compiled once for a run: what the services know in a simulation."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from case_definition.lookup.reference import Reference
from case_definition.publishing.loading import load_tenant
from case_definition.schema.directory import Article
from case_events.envelope import Record
from case_events.runtime import Ids
from casefold.publishing import Published, entries_of, reference_record, terms_of

PUBLISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Shelved(Reference):
    """Reference data, and its articles."""

    def __init__(self) -> None:
        super().__init__()
        self.articles: dict[tuple[str, str], Article] = {}

    def upsert_article(self, article: Article, record: Record) -> None:
        """Store an article."""
        self.articles[article.tenant, article.id] = article


def reference_of(folder: Path) -> Shelved:
    """A tenant's reference data, to which a test may add."""
    known = Shelved()
    for name, kept in vars(_compiled(folder)).items():
        setattr(known, name, dict(kept))
    return known


def publish(reference: Reference, published: Published) -> None:
    """One more document of reference data arrives."""
    reference.apply(reference_record(published, Ids(Random(1)), PUBLISHED_AT))


@cache
def _compiled(folder: Path) -> Shelved:
    known, documents = Shelved(), load_tenant(folder)
    for published in (*terms_of(documents), *entries_of(documents)):
        publish(known, published)
    return known
