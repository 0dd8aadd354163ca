"""Fields that name an agent: chosen from those who work here, shown by name."""

from typing import Any

from case_events.contracts.cases import FieldsSet
from case_events.contracts.reference import DefinitionPublished
from case_portal.core.principal import Scope
from case_portal.read_model.view import FoundCase
from msgspec.structs import replace

from tests.unit.portal.portal_desk import MemoryCases, browser, portal_of_desk
from tests.unit.portal.portal_sample import (
    REFERENCE,
    definition_document,
    record,
    reference_data,
    sample_history,
)

ABOUT = {"name": "about", "type": "agent", "visible_to": ["agent"], "editable_by": ["agent"]}


def _portal() -> Any:
    """A case that is about Dirk, and that can only be solved by saying whom it is about."""
    document = definition_document("here")
    document["fields"].append(ABOUT)
    document["case_types"][0]["fields"].append({"field": "about"})
    for step in document["transitions"]:
        if step["name"] == "resolve":
            step["requires"] = {"fields": ["about"]}
    for texts in document["texts"].values():
        texts["fields.about.name"] = "Complained about"
    known = reference_data()
    known.apply(record(DefinitionPublished("here/1", document), version=0))
    history = sample_history()
    named = record(FieldsSet({"about": "dirk"}), len(history) + 1)
    return portal_of_desk([*history, named], reference=known)


def test_the_page_names_whoever_it_is_and_offers_those_who_work_here() -> None:
    page = browser("amy", _portal()).get(f"/cases/{REFERENCE}").text
    assert "<dt>Complained about</dt><dd>Dirk</dd>" in page
    assert '<option value="dirk" selected>Dirk</option>' in page
    assert '<option value="amy">Amy</option>' in page
    assert "Eve" not in page, "an agent of another tenant"


def test_the_api_names_them_to_those_who_see_the_field() -> None:
    path, portal = f"/api/v1/cases/{REFERENCE}", _portal()
    answer = browser("amy", portal).get(path).json()
    assert (answer["fields"]["about"], answer["agents"]) == ("dirk", {"about": "Dirk"})
    answer = browser("bob", portal).get(path).json()
    assert ("about" in answer["fields"], answer["agents"]) == (False, {})


class HiddenMeanwhile(MemoryCases):
    """A case that somebody looks at, and that is then said to be about them."""

    async def found(self, scope: Scope, reference: str) -> FoundCase | None:
        found = await super().found(scope, reference)
        self.view = replace(self.view, hidden_from=("amy",))
        return found


def test_a_page_that_is_open_hears_no_more_of_a_case_that_is_hidden() -> None:
    for who, expected in (("amy", False), ("dirk", True)):
        portal = portal_of_desk(cases=HiddenMeanwhile(reference_data(), sample_history()))
        answer = browser(who, portal).get(f"/cases/{REFERENCE}/events")
        assert ("event: changed" in answer.text) == expected
