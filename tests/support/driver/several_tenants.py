"""Several tenants on one simulated platform, and new cases by the API."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from case_definition.publishing.loading import load_tenant
from casefold.publishing import entries_of, terms_of

from tests.support.desk.values import Answer, Form, Person
from tests.support.driver.simulated import SimulatedDriver
from tests.support.world.reference_data import Shelved, publish, reference_of


class SideBySideDriver(SimulatedDriver):
    """The simulated platform, on which programs create cases as well."""

    def create_by_api(self, who: Person, form: Form) -> str | list[Answer]:
        """A program posts a case with a person's API token: its reference, or its mistakes."""
        return self._form_submission(
            {"Authorization": f"Bearer {self.platform.entry_points.api_token(who)}"}, form
        )


def reference_of_all(folders: Sequence[Path]) -> Shelved:
    """The reference data of the services if all of these tenants are published."""
    known = reference_of(folders[0])
    for folder in folders[1:]:
        documents = load_tenant(folder)
        for published in (*terms_of(documents), *entries_of(documents)):
            publish(known, published)
    return known


@contextmanager
def side_by_side(
    folders: Sequence[Path], start_at: datetime, seed: int = 7
) -> Iterator[SideBySideDriver]:
    """The platform in one process, with a tenant for each folder."""
    with SideBySideDriver(reference_of_all(folders), start_at, seed) as driver:
        yield driver
