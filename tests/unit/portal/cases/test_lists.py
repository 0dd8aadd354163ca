"""Lists of cases: the views, whose they are, sorting and search."""

from datetime import timedelta
from typing import Any

import pytest
from case_portal.core.principal import Scope
from case_portal.read_model.ports import Listing, Page
from case_portal.read_model.view import CaseView, ClockState, ClockView
from msgspec.structs import replace

from tests.unit.portal.portal_desk import MemoryCases, browser, portal_of_desk
from tests.unit.portal.portal_sample import NOW, reference_data, sample_history


class NoCases(MemoryCases):
    """A desk where nothing was asked yet; notes how it was looked."""

    def __init__(self) -> None:
        super().__init__(reference_data(), sample_history())
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
    assert scope("amy", "?whose=mine") == Scope(tenant="here", agent="amy", viewing_agent="amy")


@pytest.mark.parametrize("path", ["/cases", "/api/v1/cases"])
def test_the_desks_active_cases_stand_by_what_breaches_first(path: str) -> None:
    """D4: unless somebody sorts them; contacts, and other views, keep what changed last."""

    def order(who: str, query: str = "") -> str:
        cases = NoCases()
        browser(who, portal_of_desk(cases=cases)).get(f"{path}{query}")
        return cases.looked[-1][1].order

    assert order("amy") == order("aud") == "due"
    assert order("amy", "?view=closed") == order("amy", "?view=all") == "attention"
    assert order("bob") == order("kim") == "attention"


def with_clock(state: ClockState, hours: int) -> MemoryCases:
    """The case of the sample, one clock of which stands so."""
    cases = MemoryCases(reference_data(), sample_history())
    clock = ClockView(target="resolution", state=state, due=NOW + timedelta(hours=hours))
    cases.view = replace(cases.view, clocks={"resolution": clock})
    return cases


@pytest.mark.parametrize(
    ("state", "hours", "english", "dutch"),
    [
        ("running", 3, "in 2 h", "over 2 uur"),
        ("warned", 3, "in 2 h, running out", "over 2 uur, bijna om"),
        ("breached", -1, "breached 2 h ago", "gemist, 2 uur geleden"),
    ],
)
def test_agents_read_how_long_a_case_has_got(
    state: ClockState, hours: int, english: str, dutch: str
) -> None:
    """D4: in words as well as colour; contacts do not see the desk's clocks."""
    portal = portal_of_desk(cases=with_clock(state, hours))
    assert f">{english}</time>" in browser("amy", portal).get("/cases").text
    assert f'class="due {state}"' in browser("amy", portal).get("/cases").text
    assert f">{dutch}</time>" in browser("dirk", portal).get("/cases").text
    assert 'class="due' not in browser("bob", portal).get("/cases").text


def test_the_api_tells_the_desk_the_clock_that_breaches_first() -> None:
    portal = portal_of_desk(cases=with_clock("breached", -1))

    def clock(who: str) -> Any:
        return browser(who, portal).get("/api/v1/cases").json()["cases"][0]["clock"]

    assert (clock("amy")["target"], clock("amy")["state"]) == ("resolution", "breached")
    assert clock("bob") is None


@pytest.mark.parametrize(
    ("clocks", "pressing"),
    [
        ((), None),
        ((("a", "running", 2), ("b", "running", 1)), "b"),
        ((("a", "breached", 1), ("b", "running", 2)), "a"),
        ((("a", "met", 1), ("b", "warned", 2)), "b"),
        ((("a", "paused", None), ("b", "breached", None)), None),
    ],
)
def test_the_clock_that_breaches_first_presses(
    clocks: tuple[tuple[str, Any, int | None], ...], pressing: str | None
) -> None:
    """D4: of those that run, or ran out and were not yet answered."""
    held = {
        target: ClockView(
            target=target, state=state, due=NOW + timedelta(hours=due) if due else None
        )
        for target, state, due in clocks
    }
    clock = CaseView(clocks=held).pressing
    assert (clock.target if clock else None) == pressing


def test_a_case_without_a_clock_says_so() -> None:
    cases = MemoryCases(reference_data(), sample_history())
    cases.view = replace(cases.view, clocks={})
    assert "no target" in browser("amy", portal_of_desk(cases=cases)).get("/cases").text


def test_every_column_sorts_and_the_search_goes_along() -> None:
    """D14."""
    page = browser("bob").get("/cases?view=all&search=fi*&sort=title").text
    for column in ("reference", "case_type", "priority", "status", "last_answer_at", "waits_for"):
        assert f"/cases?view=all&amp;search=fi%2A&amp;sort={column}" in page
    assert "sort=title&amp;descending=true" in page
