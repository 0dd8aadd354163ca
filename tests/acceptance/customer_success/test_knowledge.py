"""C12: articles are found, and suggested while a case is being typed."""

from collections.abc import Iterator

import pytest
from casefold.project import PROJECT

from tests.acceptance.customer_success.conftest import FOLDER
from tests.acceptance.customer_success.people import (
    ADDRESS,
    CLAIRE,
    LOTTE,
    MARK,
    MEREL,
    TENANT,
    WOUTER,
)
from tests.support.desk.scenario import Desk
from tests.support.desk.tenancy import MONDAY_MORNING
from tests.support.driver.several_tenants import side_by_side

pytestmark = pytest.mark.acceptance

OTHERS = [
    folder
    for folder in sorted((PROJECT / "deploy" / "tenants").iterdir())
    if (folder / "articles").is_dir() and folder.name != TENANT
]


@pytest.fixture
def among_others() -> Iterator[Desk]:
    """The desk on a platform with the other tenants that have articles."""
    with side_by_side([FOLDER, *OTHERS], MONDAY_MORNING) as driver:
        yield Desk(driver, ADDRESS, WOUTER)


def test_articles_are_suggested_while_a_case_is_typed(desk: Desk) -> None:
    """C12, C14, S1: by what is typed so far, in the language of whoever types it."""
    assert desk.suggests(LOTTE, "incident", "Facturatieru")[0] == "invoice-run-stops"
    assert desk.suggests(CLAIRE, "incident", "Shifts vanished from our planning")[0] == (
        "shifts-that-vanished"
    )
    assert desk.suggests(MARK, "question", "wachtwoort kiezen")[0] == "get-access"
    assert desk.suggests(MARK, "question", "") == []


def test_how_the_desk_assesses_is_for_the_desk_alone(desk: Desk) -> None:
    """C12: no contact finds or reads it."""
    assert desk.finds(MEREL, "prioriteit beoordelen")[0] == "assess-a-priority"
    assert "assess-a-priority" not in desk.finds(LOTTE, "prioriteit beoordelen")
    assert desk.article_for(LOTTE, "assess-a-priority") is None


def test_no_article_of_another_tenant_is_found(among_others: Desk) -> None:
    """C12, C16: the desks write about the same things, each for its own customers."""
    assert OTHERS
    own = {file.stem for file in (FOLDER / "articles").glob("*.md")}
    for words in ("inloggen wachtwoord", "factuur", "btw aangifte", "update koppeling", ""):
        assert set(among_others.finds(LOTTE, words)) <= own
    assert among_others.article_for(LOTTE, "get-access") is not None
    theirs = next(file.stem for file in sorted((OTHERS[0] / "articles").glob("*.md")))
    assert among_others.article_for(LOTTE, theirs) is None
