"""Statements are read from `.sql` files by their names."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_events.runtime.postgres import load_statements

SCRIPT = """\
-- What stands above the first head is about the whole file.

-- name: find
-- One note.
SELECT text FROM notes
-- which may be "%s" as it is
WHERE {mine} AND id = %s;

-- fragment: mine
-- Notes of one author.
author = %s
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder `sql` of a package `notes_of_a_test`."""
    folder = tmp_path / "notes_of_a_test" / "sql"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    sys.modules.pop("notes_of_a_test", None)


def loaded(folder: Path, script: str) -> dict[str, str]:
    (folder / "notes.sql").write_text(script)
    return {**load_statements("notes_of_a_test", "notes")}


def test_a_statement_bears_its_name_and_no_comment(package: Path) -> None:
    found = loaded(package, SCRIPT)["find"]
    assert found == "/* notes.find */ SELECT text FROM notes\nWHERE {mine} AND id = %s"


def test_a_fragment_is_the_piece_alone(package: Path) -> None:
    assert loaded(package, SCRIPT)["mine"] == "author = %s"


@pytest.mark.parametrize(
    "script",
    [
        "-- name: find\nSELECT 1",
        "-- name: find\nSELECT 1; SELECT 2;",
        "-- fragment: mine\nauthor = %s;",
        "-- name: find\n-- Nothing.\n",
        "-- fragment: mine\n-- Nothing.\n",
        SCRIPT + SCRIPT,
    ],
)
def test_a_file_that_is_not_such_statements_is_refused(package: Path, script: str) -> None:
    with pytest.raises(ValueError, match=r"notes\.sql"):
        loaded(package, script)
