"""Converts a tenant's folder to the published documents: plain data, complete in themselves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from case_definition.calendar.holidays import holidays_of_year
from case_definition.calendar.model import CalendarSpec, CountryHolidays
from case_definition.check.folder import CheckedFolder, examine
from case_definition.check.people import teams_of
from case_definition.schema.agreements import AgreementDocument
from case_definition.schema.definition import DefinitionDocument
from case_definition.schema.directory import Entry, entry_key, entry_to_json
from case_definition.source.findings import Finding

HOLIDAY_YEARS = range(2020, 2051)
"""The years whose holidays are written out. They are fixed, so that a version always reads the
same."""


class Unsound(Exception):
    """A folder that cannot be published, with all its problems."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(findings)
        super().__init__("\n".join(map(str, self.findings)))


@dataclass(frozen=True, slots=True)
class TenantDocuments:
    """All published documents of a tenant."""

    definition: Mapping[str, Any]
    agreements: tuple[Mapping[str, Any], ...]
    directory: tuple[Entry, ...]

    def records(self) -> Iterator[tuple[str, str, bytes]]:
        """Topic, key and value of each record: the definition first, then the records that rest on
        it."""
        tenant = self.definition["tenant"]
        key = f"{tenant}/{self.definition['version']}"
        yield "definitions", key, msgspec.json.encode(self.definition)
        for agreement in self.agreements:
            key = f"{tenant}/{agreement['id']}/{agreement['version']}"
            yield "agreements", key, msgspec.json.encode(agreement)
        for entry in self.directory:
            yield "directory", entry_key(entry), entry_to_json(entry)


def load_tenant(folder: Path) -> TenantDocuments:
    """The documents of a folder. Raises Unsound if its check finds a problem."""
    found = examine(folder)
    if found.findings:
        raise Unsound(found.findings)
    return documents_of(found)


def documents_of(found: CheckedFolder) -> TenantDocuments:
    """The documents that could be read, whatever problems they have.

    Raises Unsound if the definition could not be read.
    """
    if found.definition is None:
        raise Unsound(found.findings)
    return TenantDocuments(
        definition=_definition(found.definition),
        agreements=tuple(_agreement(terms, found.definition) for terms in found.agreements),
        directory=(*teams_of(found.definition), *found.directory, *found.articles),
    )


def written_out(calendar: Mapping[str, Any]) -> dict[str, Any]:
    """A calendar with a country's holidays as dates with names; any other calendar unchanged."""
    holidays = CalendarSpec.model_validate(calendar).holidays
    if not isinstance(holidays, CountryHolidays):
        return dict(calendar)
    dates = [
        {"date": day.isoformat(), "name": name}
        for year in HOLIDAY_YEARS
        for day, name in holidays_of_year(
            holidays.country, holidays.language, holidays.drop, holidays.liberation_day, year
        ).items()
    ]
    return {**calendar, "holidays": dates}


def _definition(document: DefinitionDocument) -> dict[str, Any]:
    return document.model_dump(mode="json", by_alias=True) | {
        "calendars": {name: written_out(data) for name, data in document.calendars.items()}
    }


def _agreement(terms: AgreementDocument, document: DefinitionDocument) -> dict[str, Any]:
    named = {terms.calendar, *(target.calendar for target in terms.targets)} - {None}
    calendars = {name: data for name, data in document.calendars.items() if name in named}
    return terms.model_dump(mode="json", by_alias=True) | {
        "calendars": {
            name: written_out(data) for name, data in {**calendars, **terms.calendars}.items()
        }
    }
