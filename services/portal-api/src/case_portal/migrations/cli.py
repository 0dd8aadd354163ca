"""`casefold definition migrate`: open cases under another version, first rehearsed, then
migrated."""

import sys
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path

import click
import httpx
from case_definition.publishing.loading import Unsound
from case_definition.publishing.mapping import read_migration
from case_definition.publishing.migration import MigrationDocument
from case_definition.source.findings import DefinitionProblem, Finding, located
from case_definition.source.yaml import Source

from case_portal.migrations.schemas import MigratedCaseResponse, MigrationResponse
from case_portal.web.api_client import WHO, good, logged_in, problem_of, table

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUTCOMES = {"would": "can go over", "done": "went over", "pending": "is on its way"}


@click.command()
@click.argument("mapping", type=_FILE)
@click.option("--apply", "applied", is_flag=True, help="Do it, where it can be done with all.")
@WHO[0]
@WHO[1]
def migrate(mapping: Path, applied: bool, user: str | None, tenant: str | None) -> None:
    """Show the result for each open case under another version of the definition; with --apply,
    migrate the cases.

    MAPPING is a YAML file: `to` is the version, and `case_types`, `statuses`, `phases`,
    `priorities`, `teams` and `fields` give the new names for removed ones. Without --apply nothing
    is written. Exit 1 if a case cannot be migrated.

    For administrators: CASEFOLD_TOKEN, or --user and CASEFOLD_PASSWORD.
    """
    try:
        document, source = read_migration(mapping)
    except Unsound as unsound:
        _tell(unsound.findings)
    with logged_in(user, tenant) as client:
        asking = MigrationClient(client, document, source)
        pages = list(asking.rehearsed())
        rehearsed = [case for page in pages for case in page.cases]
        possible = all(case.outcome != "refused" for case in rehearsed)
        moved = asking.moved(len(pages)) if applied and possible else rehearsed
    _show(moved, document.to)
    _sum_up(moved)


class MigrationClient:
    """One migration, requested from the portal page by page."""

    def __init__(self, client: httpx.Client, document: MigrationDocument, source: Source) -> None:
        self._client, self._document, self._source = client, document, source

    def rehearsed(self) -> Iterator[MigrationResponse]:
        """The results that the open cases under other versions would have."""
        page, more = 1, True
        while more:
            found = self._page(page, dry_run=True)
            yield found
            page, more = page + 1, found.more

    def moved(self, pages: int) -> list[MigratedCaseResponse]:
        """The results of the cases. It begins at the last page, because a case that ends leaves the
        list, and the cases behind it move up."""
        found = [self._page(page, dry_run=False).cases for page in range(pages, 0, -1)]
        return [case for cases in reversed(found) for case in cases]

    def _page(self, page: int, *, dry_run: bool) -> MigrationResponse:
        asked = {
            "to": self._document.to,
            "mapping": self._document.mapping,
            "page": page,
            "dry_run": dry_run,
        }
        answer = self._client.post("/migrations", json=asked)
        if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            _tell(self._findings(answer))
        return MigrationResponse.model_validate_json(good(answer).content)

    def _findings(self, answer: httpx.Response) -> list[Finding]:
        """The problems of the mapping, with their place in the file."""
        problem = problem_of(answer)
        faults = [(one.field, one.detail) for one in problem.errors]
        problems = [
            DefinitionProblem(
                tuple(field.removeprefix("mapping.").split(".")), problem.code, detail
            )
            for field, detail in faults or [(problem.field, problem.detail)]
        ]
        return list(located(problems, self._source))


def _tell(findings: Iterable[Finding]) -> None:
    """Print the problems of the file, and exit."""
    for finding in findings:
        click.echo(str(finding))
    sys.exit(1)


def _show(cases: list[MigratedCaseResponse], to: int) -> None:
    rows = [
        [
            case.reference,
            f"{case.before} → {to}",
            _becomes(case.previous_status, case.status),
            _becomes(case.previous_phase, case.phase),
            OUTCOMES.get(case.outcome, case.reason),
        ]
        for case in cases
    ]
    head = ["case", "version", "status", "phase", ""]
    table([head, *rows] if rows else [], "No open case is under another version.")


def _becomes(before: str, then: str) -> str:
    return f"{before} → {then}" if before != then else then or "–"


def _sum_up(cases: list[MigratedCaseResponse]) -> None:
    """Print the number of cases with each result, and what to do next. Exit 1 if a case stays
    behind."""
    if not cases:
        return
    would, done, pending, refused = (
        sum(case.outcome == outcome for case in cases)
        for outcome in ("would", "done", "pending", "refused")
    )
    stay = f", {refused} cannot" if refused else ""
    if done or pending:
        click.echo(f"{done} went over, {pending} on their way{stay}.")
    else:
        hint = "Map what is missing." if refused else "--apply brings them over."
        click.echo(f"{would} can go over{stay}. Nothing was written. {hint}")
    if refused:
        sys.exit(1)
