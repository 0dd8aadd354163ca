"""Every requirement is shown by a test that names it."""

from tests.requirements.catalogue import lacking, requirements, shown_by_id

LACKING = [
    "C10", "C12", "D6", "D7", "D9", "D10", "D11", "D13", "D19", "S6", "S7", "O3", "O7", "H5",
]  # fmt: skip
"""The ids that no story tells yet: in the end, none. Whoever tells one takes it out of here."""


def test_every_requirement_has_a_story_that_names_it() -> None:
    """Of its tenant; what is common to all, of every tenant."""
    missing = lacking()
    assert [id_ for id_ in missing if id_ not in LACKING] == [], "tell a story of these"
    assert [id_ for id_ in LACKING if id_ not in missing] == [], "these are told; take them out"


def test_tests_name_requirements_that_exist() -> None:
    assert sorted(shown_by_id().keys() - requirements().keys()) == []
    assert len(requirements()) > 60
