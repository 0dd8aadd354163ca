"""Every requirement is shown by a test that names it."""

from pathlib import Path

import pytest

from tests.requirements.catalogue import (
    lacking,
    marked_in_vain,
    requirements,
    shown_by_id,
    stories_of,
)
from tests.requirements.marks import FOLDERS, marked, without
from tests.requirements.page import PAGE, forget_results, requirements_page

LACKING: list[str] = []
"""The ids that no story tells yet: in the end, none. Whoever tells one takes it out of here."""


def test_every_requirement_has_a_story_that_names_it() -> None:
    """Of its tenant; what is common to all, of every tenant."""
    missing = lacking()
    assert [id_ for id_ in missing if id_ not in LACKING] == [], "tell a story of these"
    assert [id_ for id_ in LACKING if id_ not in missing] == [], "these are told; take them out"


def test_the_page_tells_what_shows_each_requirement() -> None:
    """As the tests are now; its results may be those of an earlier run."""
    written = forget_results(PAGE.read_text())
    assert written == requirements_page(), "run python -m tests.requirements.page"


def test_tests_name_requirements_that_exist() -> None:
    assert sorted(shown_by_id().keys() - requirements().keys()) == []
    assert len(requirements()) > 60


def test_what_the_platform_holds_is_named_too() -> None:
    """A mark `by_platform` is about an id of the docstring."""
    assert marked_in_vain() == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_definitions_mark_what_ids_of_theirs_need(folder: Path) -> None:
    """Only those of the tenant and those common to all, and only with stories to notice it."""
    for id_ in sorted(marked(folder)):
        section = requirements()[id_]
        assert section.every_tenant or section.tenant == folder.name, id_
        assert stories_of(id_, folder.name) or id_ in LACKING, id_


def test_an_item_goes_with_all_below_it() -> None:
    lines = [
        "statuses:",
        "  # ids: X1, X2",
        "  # Waits.",
        "  - name: waiting",
        "    kind: waiting",
        "",
        "  - {name: closed, kind: final}",
        "ladder:",
        "  # ids: X2",
        "  - {level: 1}",
        "name: A desk",
    ]
    assert without(lines, "X1") == [*lines[:1], *lines[6:]]
    assert without(lines, "X2") == [lines[0], lines[6], lines[-1]]
    assert without(lines, "X3") == lines
