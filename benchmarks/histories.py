"""A workflow database full of case histories, for benchmarks that read them."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

from case_definition.lookup.reference import Reference
from case_definition.schema.agreements import Agreement
from casefold.databases import FILE, OWN, create_databases
from casefold.embedded import EmbeddedPostgres
from casefold.project import PROJECT
from casefold.samples import read_sample

from tests.support.real.case_histories import history, prepare, write
from tests.support.world.reference_data import reference_of

START = datetime.fromisoformat("2026-03-01T00:00:01+01:00")


class Histories(NamedTuple):
    """A database, the number of its records, and what its cases are under."""

    url: str
    records: int
    tenant: str
    reference: Reference
    agreement: Agreement


@contextmanager
def filled_database(starts: Iterable[datetime], partitions: int = 1) -> Iterator[Histories]:
    """A database with one case for each of these instants, under an agreement with targets."""
    tenant = read_sample().logins[0].account.tenant
    reference = reference_of(PROJECT / "deploy" / "tenants" / tenant)
    definition = reference.newest(tenant)
    assert definition is not None
    agreement = next(one for one in reference.terms_of(tenant)[1] if one.document.targets)
    chance = Random(1)
    cases = (
        history(number, start, definition, agreement.key, chance)
        for number, start in enumerate(starts, 1)
    )
    with tempfile.TemporaryDirectory(prefix="casefold-histories-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            made = create_databases(server.url, ["workflow"], Path(folder) / FILE)
            url = made["workflow"][OWN]
            prepare(url)
            records = write(url, cases, partitions)
            yield Histories(url, records, tenant, reference, agreement)
        finally:
            server.stop()
