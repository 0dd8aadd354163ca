"""The contract of the `Articles` port (C12)."""

from typing import Any

from case_definition.schema.directory import Article, ArticleWording

from tests.contract.portal.shelves import Shelf


def article(
    key: str, title: str, body: str = "Read this.", dutch: str = "", **other: Any
) -> Article:
    """An article; in Dutch too, where its Dutch title is given."""
    wordings = {"en": ArticleWording(title, body)}
    if dutch:
        wordings["nl"] = ArticleWording(dutch, "Lees dit.")
    known: dict[str, Any] = {"tenant": "here", "topic": "access", "wordings": wordings}
    return Article(id=key, name=title, **(known | other))


PASSWORD = article(
    "password", "Choose a new password", "Follow the link in the message.",
    dutch="Een nieuw wachtwoord kiezen",
)  # fmt: skip
INVOICE = article(
    "invoice", "Correct an invoice", "Credit it, and send another one.",
    dutch="Een factuur corrigeren", topic="money",
)  # fmt: skip
LINK = article("link", "Open a shared planning", "The link needs a password when it is old.")
BOTH = (PASSWORD, INVOICE, LINK)


def test_what_has_the_words_is_found_and_the_rest_is_not(shelf: Shelf) -> None:
    """C12"""
    shelf.keeps(*BOTH)
    assert shelf.finds("my invoice is wrong") == ["invoice"]
    assert shelf.finds("a printer") == []


def test_a_title_says_more_than_a_text(shelf: Shelf) -> None:
    """C12"""
    shelf.keeps(LINK, INVOICE, PASSWORD)
    assert shelf.finds("password") == ["password", "link"]


def test_a_rare_word_says_more_than_one_that_many_articles_have(shelf: Shelf) -> None:
    """C12: everybody writes of planning; one article tells about the export."""
    many = [article(f"p{n}", f"Planning, part {n}", "About the planning.") for n in range(8)]
    shelf.keeps(*many, article("export", "Export the days off", "To a sheet."))
    assert shelf.finds("planning export")[0] == "export"


def test_more_of_the_words_are_better(shelf: Shelf) -> None:
    """C12"""
    shelf.keeps(
        article("one", "Import a bank statement"), article("both", "Import a bank statement twice"),
        article("none", "Print a year report"),
    )  # fmt: skip
    assert shelf.finds("a bank statement is imported twice") == ["both", "one"]


def test_a_word_may_be_unfinished_mistyped_plural_or_without_its_accents(shelf: Shelf) -> None:
    """C12: while it is typed."""
    shelf.keeps(*BOTH, article("idea", "Propose an idée fixe"))
    assert shelf.finds("invo") == ["invoice"]
    assert shelf.finds(title="inv", text="") == ["invoice"]
    assert shelf.finds("how do I change pasword")[0] == "password"
    assert shelf.finds("passwords ")[0] == "password"
    assert shelf.finds("idee") == ["idea"]


def test_each_language_is_searched_in_its_own_words(shelf: Shelf) -> None:
    """C12, C14: what was not written in a language is not offered in it."""
    shelf.keeps(*BOTH)
    assert shelf.finds("mijn facturen kloppen niet", language="nl") == ["invoice"]
    assert shelf.finds("wachtwoort vergeten", language="nl") == ["password"]
    assert shelf.finds("factuur") == []
    assert shelf.finds("planning", language="nl") == []


def test_what_is_for_agents_never_reaches_contacts(shelf: Shelf) -> None:
    """C12, C5: not by search, not by its id; agents have both."""
    shelf.keeps(PASSWORD, article("reset", "Reset a password by hand", audience="agent"))
    assert shelf.finds("password by hand") == ["password"]
    assert shelf.finds("password by hand", for_contacts=False) == ["reset", "password"]
    assert shelf.finds() == ["password"]
    assert shelf.reads("reset") is None
    assert shelf.reads("reset", for_contacts=False).id == "reset"


def test_a_word_that_only_agents_read_is_no_word_for_contacts(shelf: Shelf) -> None:
    """C12: what a contact mistypes is never led to it, what they type rightly still is found."""
    shelf.keeps(
        article("a", "Pay a deposits bill"),
        article("b", "Deposita of debtors", audience="agent"),
    )
    assert shelf.finds("deposita") == ["a"]


def test_no_tenant_reads_another_ones_articles(shelf: Shelf) -> None:
    """C16"""
    shelf.keeps(PASSWORD, article("secret", "A password for them", tenant="there"))
    assert shelf.finds("password") == ["password"]
    assert shelf.finds("password", tenant="there", for_contacts=False) == ["secret"]
    assert shelf.reads("secret") is None
    assert shelf.counts("there") == {"access": 1}


def test_a_type_of_case_and_a_topic_narrow_it_down(shelf: Shelf) -> None:
    """C12"""
    shelf.keeps(
        article("any", "A report"), article("ask", "Ask a report", case_types=("question",)),
        article("bill", "A report bill", topic="money"),
    )  # fmt: skip
    assert set(shelf.finds("report", case_type="question")) == {"any", "ask", "bill"}
    assert set(shelf.finds("report", case_type="incident")) == {"any", "bill"}
    assert shelf.finds("report", topic="money") == ["bill"]
    assert shelf.finds(case_type="incident", topic="access") == ["any"]


def test_without_words_all_are_listed_by_title_page_by_page(shelf: Shelf) -> None:
    """C12"""
    shelf.keeps(*BOTH)
    assert shelf.finds() == ["password", "invoice", "link"]
    assert shelf.finds("  ", limit=2, offset=1) == ["invoice", "link"]
    assert shelf.finds("link password", limit=1, offset=1) == ["link"]


def test_the_last_that_was_published_counts_however_often_it_comes(shelf: Shelf) -> None:
    """C12: every replica reads the topic from its beginning, old versions first."""
    shelf.keeps(article("page", "About invoices", topic="money"), record=1)
    shelf.keeps(article("page", "About refunds", topic="access"), record=9)
    shelf.keeps(article("page", "About invoices", topic="money"), record=1)
    assert shelf.finds("invoices") == []
    assert shelf.finds("refunds") == ["page"]
    assert shelf.counts() == {"access": 1}
    shelf.keeps(article("page", "About refunds", active=False), record=10)
    assert (shelf.finds("refunds"), shelf.finds(), shelf.counts()) == ([], [], {})
    assert shelf.reads("page", for_contacts=False) is None
    shelf.keeps(article("page", "About refunds", topic="money"), record=11)
    assert shelf.finds("refunds") == ["page"]


def test_odd_words_do_no_harm(shelf: Shelf) -> None:
    """C15: quotes, backslashes, operators and NULs are only text."""
    shelf.keeps(article("odd", "The path C:\\temp\\it's & | ! :*"))
    for text in ("it's", "C:\\temp", "a & | ! ( :* <-> '", "'", "\0", "%s %", "x" * 9000):
        shelf.finds(text)
    assert shelf.finds("path C:\\temp\\it's") == ["odd"]
    assert shelf.reads("\0") is None
