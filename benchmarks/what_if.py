"""A month under another agreement: from workflow's database through HTTP to both attainments."""

import os
import time
from datetime import timedelta

from case_events.keyring import SECRET_SETTING
from case_events.testing.keys import SECRET_TEXT
from case_sla.adapters.platform import created_cases
from case_sla.entrypoints.what_if import month

from benchmarks.figures import Table
from benchmarks.histories import START, filled_database
from tests.support.real.case_histories import serving
from tests.support.wire import codec

CASES = int(os.environ.get("CASEFOLD_WHAT_IF_CASES", "10000"))
SINCE, UNTIL = "2026-03-01", "2026-04-01"
MONTH = timedelta(days=30)


def measure() -> Table:
    """Seconds for the whole question, compared with only reading and decoding the same records."""
    starts = (START + MONTH * (number / (CASES + 1)) for number in range(1, CASES + 1))
    with (
        filled_database(starts) as histories,
        serving(histories.url, histories.reference) as address,
    ):
        os.environ |= {"CASEFOLD_WORKFLOW_URL": address, SECRET_SETTING: SECRET_TEXT}
        other = histories.agreement.document.model_dump(mode="json", by_alias=True)
        for target in other["targets"]:
            target["priorities"] = dict.fromkeys(target["priorities"], "PT2H")
        return _measured(histories.tenant, histories.records, other)


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
