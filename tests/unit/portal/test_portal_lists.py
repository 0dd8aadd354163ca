"""Lists of cases: the views, whose they are, sorting and search."""

import pytest
from case_portal.application.ports import Listing, Page
from case_portal.application.principal import Scope

from tests.unit.portal.portal_desk import MemoryCases, browser, portal_of_desk
from tests.unit.portal.portal_sample import reference_data, told_history


class NoCases(MemoryCases):
    """A desk where nothing was asked yet; notes how it was looked."""

    def __init__(self) -> None:
        super().__init__(reference_data(), told_history())
        self.looked: list[tuple[Scope, Listing]] = []

    async def listed(self, scope: Scope, listing: Listing) -> Page:
        self.looked.append((scope, listing))
        return Page([])


@pytest.mark.parametrize("view", ["active", "closed", "all"])
def test_an_empty_list_says_what_will_be_here(view: str) -> None:
    """D14."""
    answer = browser("bob", portal_of_desk(cases=NoCases())).get(f"/cases?view={view}")
    assert 'class="empty"' in answer.text


def test_a_list_is_asked_within_the_readers_own() -> None:
    """C5: a normal contact their own, a key user their organisation's, or just theirs."""

    def scope(who: str, query: str = "") -> Scope:
        cases = NoCases()
        browser(who, portal_of_desk(cases=cases)).get(f"/cases{query}")
        return cases.looked[-1][0]

    assert scope("bob") == Scope(tenant="here", customer="acme", contact="bob")
    assert scope("kim") == Scope(tenant="here", customer="acme")
    assert scope("kim", "?whose=mine") == Scope(tenant="here", customer="acme", contact="kim")
    assert scope("amy", "?whose=mine") == Scope(tenant="here", agent="amy")


def test_every_column_sorts_and_the_search_goes_along() -> None:
    """D14."""
    told = browser("bob").get("/cases?view=all&search=fi*&sort=title").text
    for column in ("reference", "case_type", "priority", "status", "last_answer_at", "waits_for"):
        assert f"/cases?view=all&amp;search=fi%2A&amp;sort={column}" in told
    assert "sort=title&amp;descending=true" in told
