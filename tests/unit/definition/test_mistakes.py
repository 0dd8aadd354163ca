"""What a person gets wrong is refused: with file, line, path and what to do about it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_definition.check.folder import check

from tests.unit.definition.mistakes.edits import Mistake, edits
from tests.unit.definition.mistakes.folders import Copies, copies
from tests.unit.definition.mistakes.in_flow import IN_FLOW
from tests.unit.definition.mistakes.in_people import IN_PEOPLE
from tests.unit.definition.mistakes.in_settings import IN_SETTINGS

MISTAKES = (*IN_FLOW, *IN_SETTINGS, *IN_PEOPLE)


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    with copies(tmp_path_factory.mktemp("tenants")) as folders:
        yield folders


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.name for mistake in MISTAKES])
def test_a_mistake_is_refused_where_it_was_made(mistake: Mistake, tenants: Copies) -> None:
    fits = ((folder, edit) for folder in tenants for edit in edits(mistake, folder))
    folder, edited = next(fits)
    with tenants.spoilt(edited.file, edited.text):
        found = check(folder)
    named = [one for one in found if one.code == mistake.code and mistake.says in one.sentence]
    assert named, "\n".join(map(str, found))
    if mistake.path:
        assert [one for one in named if re.fullmatch(mistake.path, one.path)], named
    else:
        assert (edited.file, edited.line) in [(Path(one.file), one.line) for one in named]


def test_more_than_forty_kinds_of_mistakes_are_known() -> None:
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES) > 40
