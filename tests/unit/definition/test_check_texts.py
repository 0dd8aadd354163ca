"""Texts: complete in every language, and only with places that can be filled in (C14)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.definition.sample_tenant import Tenant

Spoil = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        (
            lambda t: t["statuses"].pop("asked"),
            "missing-translation",
            "`statuses.asked.name` is missing in nl; add it to texts.nl.yaml",
        ),
        (
            lambda t: t["fields"]["title"].pop("help"),
            "missing-translation",
            "`fields.title.help` is missing in nl; add it to texts.nl.yaml",
        ),
        (
            lambda t: t["notices"]["told"].pop("body"),
            "missing-translation",
            "`notices.told.body` is missing in nl; add it to texts.nl.yaml",
        ),
        (
            lambda t: t["statuses"].update(gone={"name": "Weg"}),
            "unused-text",
            "nothing uses `statuses.gone.name`; remove or correct it",
        ),
        (
            lambda t: t["statuses"]["new"].update(name=" "),
            "empty-text",
            "write the text, or remove it in all languages",
        ),
        (
            lambda t: t["notices"]["told"].update(subject="News\nBcc: all@sample.example"),
            "subject",
            "write a subject on one line",
        ),
    ],
)
def test_a_mistake_in_a_text_is_found(tenant: Tenant, spoil: Spoil, code: str, says: str) -> None:
    spoil(tenant.texts["nl"])
    finding = tenant.only()
    assert (finding.code, finding.sentence) == (code, says)
    assert finding.file.endswith("texts.nl.yaml")


def test_a_place_that_nothing_fills_in_is_found(tenant: Tenant) -> None:
    tenant.texts["en"]["notices"]["confirmation"]["body"] = "Hello {comment}"
    finding = tenant.only()
    assert finding.code == "unknown-placeholder"
    assert finding.path == "texts.en.notices.confirmation.body"
    assert finding.sentence.startswith("`{comment}` is not known here; there is {agent},")


def test_a_template_of_two_events_may_name_only_what_both_know(tenant: Tenant) -> None:
    tenant.definition["notices"][0]["template"] = "told"
    del tenant.texts["en"]["notices"]["confirmation"], tenant.texts["nl"]["notices"]["confirmation"]
    assert tenant.codes() == ["unknown-placeholder"]


def test_a_language_without_texts_is_found(tenant: Tenant) -> None:
    del tenant.texts["nl"]
    assert tenant.only().sentence == "there is no texts.nl.yaml; write it"


def test_texts_of_no_language_are_found(tenant: Tenant) -> None:
    tenant.texts["de"] = tenant.texts["nl"]
    assert tenant.only().code == "unknown-language"


def test_a_text_that_is_no_text_is_found(tenant: Tenant) -> None:
    tenant.texts["nl"]["statuses"]["new"]["name"] = 7
    assert tenant.only().path == "texts.nl.statuses.new.name"
