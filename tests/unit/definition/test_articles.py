"""Articles: as they are written, and everything that is found to be wrong with them (C12)."""

from pathlib import Path

import pytest
from case_definition.lookup.reference import Reference
from case_definition.publishing.loading import load_tenant
from case_definition.schema.directory import (
    Article,
    ArticleWording,
    entry_from_json,
    entry_key,
    entry_to_json,
)
from casefold.publishing import entries_of, terms_of

from tests.support.world.reference_data import publish
from tests.unit.definition.sample_tenant import Tenant

WRITTEN = """---
topic: money
case_types: [request]
---

# en: Pay a bill

How to pay.

## By bank

```sh
# en: no title, since it stands in code
```

# nl: Een rekening betalen

Zo betaalt u.
"""


@pytest.fixture
def shelf(tenant: Tenant) -> Path:
    """The folder of the articles of a tenant with two topics, one article in it."""
    tenant.definition["knowledge"] = {"topics": ["money", "access"]}
    for texts in tenant.texts.values():
        texts["topics"] = {"money": {"name": "Money"}, "access": {"name": "Access"}}
    folder = tenant.folder / "articles"
    folder.mkdir()
    (folder / "pay.md").write_text(WRITTEN)
    return folder


def test_an_article_is_read_with_its_head_and_languages(tenant: Tenant, shelf: Path) -> None:
    assert tenant.findings() == []
    (article,) = (one for one in load_tenant(tenant.folder).directory if isinstance(one, Article))
    assert article == Article(
        tenant="sample", id="pay", name="Pay a bill", topic="money", case_types=("request",),
        wordings={
            "en": ArticleWording("Pay a bill", article.wordings["en"].body),
            "nl": ArticleWording("Een rekening betalen", "Zo betaalt u."),
        },
    )  # fmt: skip
    assert "## By bank" in article.wordings["en"].body
    assert article.wordings["en"].body.endswith("```")
    assert entry_key(article) == "sample/article/pay"
    assert entry_from_json(entry_to_json(article)) == article


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("topic: money", "topic: mony", (2, "unknown-topic", "did you mean `money`?")),
        ("[request]", "[wish]", (3, "unknown-case-type", "unknown case type `wish`")),
        ("topic: money", "audience: all\ntopic: money", (2, "value", "")),
        ("topic: money\n", "", (1, "missing-key", "add `topic`")),
        ("topic: money", "topic: money\nauthor: me", (3, "unknown-key", "")),
        (
            "# nl: Een rekening betalen",
            "",
            (1, "missing-translation", "missing in nl; add `# nl:"),
        ),
        ("# nl: Een", "# de: Eine", (16, "unknown-language", "unknown language `de`")),
        ("# nl: Een", "# en: Een", (16, "duplicate-translation", "stands above already")),
        ("# nl: Een rekening betalen", "# Betalen", (16, "article-heading", "begin each language")),
        ("Zo betaalt u.", "", (16, "empty-text", "write the article under its title")),
        ("# en: Pay", "Hello.\n\n# en: Pay", (6, "article-heading", "begin each language")),
        ("---\n\n# en", "# en", (1, "article-head", "begin with `---`")),
        ("topic: money", "topic: [", (4, "yaml", "this is no YAML")),
        ("How to pay.", "How to pay. " * 5000, (6, "too-long", "keep the title within 200")),
    ],
)
def test_a_mistake_is_found_with_its_line(
    tenant: Tenant, shelf: Path, old: str, new: str, found: tuple[int, str, str]
) -> None:
    """C12: file, line, and what to do."""
    assert old in WRITTEN
    (shelf / "pay.md").write_text(WRITTEN.replace(old, new))
    findings = tenant.findings()
    assert all(one.file.endswith("articles/pay.md") for one in findings)
    line, code, says = found
    assert [one for one in findings if (one.line, one.code) == (line, code)], findings
    assert any(says in one.sentence for one in findings)


def test_the_name_of_the_file_is_the_id(tenant: Tenant, shelf: Path) -> None:
    (shelf / "pay.md").rename(shelf / "pay now.md")
    assert tenant.only().code == "article-id"


def test_articles_need_a_knowledge_base(tenant: Tenant, shelf: Path) -> None:
    del tenant.definition["knowledge"]
    for texts in tenant.texts.values():
        del texts["topics"]
    assert tenant.only().code == "no-knowledge"


def test_what_does_not_fit_in_the_section_is_found(tenant: Tenant, shelf: Path) -> None:
    tenant.definition["knowledge"] = {"topics": ["money", "access"], "topic_field": "impact"}
    assert "`impact` can be big, small" in tenant.only().sentence
    tenant.definition["knowledge"]["topic_field"] = "title"
    assert tenant.only().sentence == "make `title` a choice, or name a field that is"
    tenant.definition["knowledge"]["topic_field"] = "impct"
    assert tenant.only().code == "unknown-field"
    tenant.definition["knowledge"] = {"topics": ["money", "access"], "suggest_for": ["wish"]}
    assert tenant.only().code == "unknown-case-type"
    tenant.definition["knowledge"] = {"topics": ["money", "access", "money"]}
    assert tenant.only().code == "duplicate-name"


def test_a_topic_has_a_name_in_every_language(tenant: Tenant, shelf: Path) -> None:
    """C14"""
    del tenant.texts["nl"]["topics"]["access"]
    assert tenant.only().sentence == (
        "`topics.access.name` is missing in nl; add it to texts.nl.yaml"
    )


def test_services_that_search_nothing_keep_no_articles(tenant: Tenant, shelf: Path) -> None:
    """Every service reads the directory whole; articles are long."""
    known, documents = Reference(), load_tenant(tenant.write())
    for published in (*terms_of(documents), *entries_of(documents)):
        publish(known, published)
    assert known.agent("sample", "bob") is not None
    assert "How to pay" not in str(vars(known))
