"""What the page of a case reads, however many other cases its history names."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

import pytest
from case_events.contracts.links import CaseMerged
from case_events.envelope import Record
from case_portal.core.principal import Scope
from case_portal.read_model.view import HistoryEntry, LinkView

from tests.unit.portal.links.test_links import LINKED, OTHER, SeveralCases, named
from tests.unit.portal.portal_desk import browser, portal_of_desk
from tests.unit.portal.portal_sample import REFERENCE, record, reference_data, sample_history


class CountedCases(SeveralCases):
    """Counts what is read of the case."""

    def __init__(self, records: Sequence[Record]) -> None:
        super().__init__(reference_data(), records)
        self.read: Counter[str] = Counter()

    async def entries(self, case: UUID, internal: bool) -> list[HistoryEntry]:
        self.read["entries"] += 1
        return await super().entries(case, internal)

    async def links(self, case: UUID) -> list[LinkView]:
        self.read["links"] += 1
        return await super().links(case)

    async def existing(self, scope: Scope, references: Collection[str]) -> frozenset[str]:
        self.read["existing"] += 1
        self.read["asked"] += len(references)
        return await super().existing(scope, references)


@pytest.mark.parametrize("who", ["amy", "bob"])
def test_a_page_reads_a_history_once_and_asks_of_all_other_cases_at_once(who: str) -> None:
    """However many other cases it names; at the desk, where no case is hidden, of none."""
    history = sample_history()
    more = enumerate((*LINKED, CaseMerged(OTHER, named(2), "open")), len(history) + 1)
    history = [*history, *(record(event, version) for version, event in more)]
    cases = CountedCases(history)
    page = browser(who, portal_of_desk(history, cases=cases)).get(f"/cases/{REFERENCE}")
    assert page.status_code == 200
    asked = {} if who == "amy" else {"existing": 1, "asked": 4}
    assert cases.read == Counter({"entries": 1, "links": 1} | asked)
