"""A month under another agreement: from workflow's database through HTTP to both attainments."""

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from case_definition.lookup.definition import Definition
from case_events.envelope import Record
from case_events.tokens import tools
from case_sla.adapters.platform import created_cases
from case_sla.entrypoints.what_if import month
from casefold.embedded import EmbeddedPostgres
from casefold.project import PROJECT
from casefold.samples import read_sample
from casefold.servers import create_databases, database_url

from benchmarks.figures import Table
from tests.support.real.case_histories import SECRET, history, prepare, serving, write
from tests.support.wire import codec
from tests.support.world.reference_data import reference_of

CASES = int(os.environ.get("CASEFOLD_WHAT_IF_CASES", "10000"))
SINCE, UNTIL = "2026-03-01", "2026-04-01"
START = datetime.fromisoformat("2026-03-01T00:00:01+01:00")
MONTH = timedelta(days=30)


def measure() -> Table:
    """Seconds for the whole question, compared with only reading and decoding the same records."""
    tenant = read_sample().logins[0].account.tenant
    reference = reference_of(PROJECT / "deploy" / "tenants" / tenant)
    definition = reference.newest(tenant)
    assert definition is not None
    _, agreements = reference.terms_of(tenant)
    terms = next(one for one in agreements if one.document.targets)
    other = terms.document.model_dump(mode="json", by_alias=True)
    for target in other["targets"]:
        target["priorities"] = dict.fromkeys(target["priorities"], "PT2H")
    with tempfile.TemporaryDirectory(prefix="casefold-what-if-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        server.start()
        try:
            create_databases(server.url, ["workflow"])
            url = database_url(server.url, "workflow")
            prepare(url)
            records = write(url, _cases(definition, terms.key))
            with serving(url, reference) as address:
                os.environ |= {"CASEFOLD_WORKFLOW_URL": address, tools.SECRET: SECRET.decode()}
                return _measured(tenant, records, other)
        finally:
            server.stop()


def _cases(definition: Definition, agreement: str) -> Iterator[list[Record]]:
    chance = Random(1)
    for number in range(1, CASES + 1):
        yield history(number, START + MONTH * (number / (CASES + 1)), definition, agreement, chance)


def _measured(tenant: str, records: int, other: dict[str, object]) -> Table:
    since, until = START, START + MONTH
    began = time.perf_counter()
    read = sum(len([codec.decode(line) for line in case])
               for case in created_cases(tenant, since, until))  # fmt: skip
    bare = time.perf_counter() - began
    began = time.perf_counter()
    found = list(month(tenant, SINCE, UNTIL, ([other], {})))
    took = time.perf_counter() - began
    cases = len({one.reference for one in found})
    assert cases == CASES, f"{cases} of {CASES} cases were asked about; {read} of {records} records"
    differing = sum(one.differs for one in found)
    return Table(
        f"What if: a month of {CASES:,} cases ({records:,} records) under another agreement",
        [
            {"what": "read and decode the records, one process", "seconds": bare,
             "cases/s": CASES / bare},
            {"what": "what-if: read, fold twice, count", "seconds": took, "cases/s": CASES / took},
        ],
        [f"{took / bare:.2f} x the bare reading of {read:,} records; {differing:,} cycles differ.",
         f"At this rate 100,000 cases take {100_000 * took / CASES:.0f} s."],
    )  # fmt: skip


if __name__ == "__main__":
    print(measure())
