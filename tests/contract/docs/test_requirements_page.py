"""The page of requirements is that of the tests; its results are those of the run it is given."""

from pathlib import Path

import pytest

from tests.requirements.catalogue import Shown
from tests.requirements.marks import FOLDERS, marked
from tests.requirements.page import PAGE, requirements_page
from tests.requirements.results import read_results, result_of, summary
from tests.requirements.without import is_readable_without

RUN = """<testsuites><testsuite>
<testcase classname="tests.acceptance.here.test_a" name="test_one[simulated]"/>
<testcase classname="tests.acceptance.here.test_a" name="test_one[real]"><skipped/></testcase>
<testcase classname="tests.acceptance.here.test_a" name="test_two[1]"/>
<testcase classname="tests.acceptance.here.test_a" name="test_two[2]"><failure/></testcase>
<testcase classname="tests.acceptance.here.test_a" name="test_three"><skipped/></testcase>
</testsuite></testsuites>"""


def test_the_page_is_as_committed() -> None:
    """`python -m tests.requirements.page` writes it anew."""
    assert PAGE.read_text() == requirements_page()


def test_results_are_those_of_the_run(tmp_path: Path) -> None:
    file = tmp_path / "results.xml"
    file.write_text(RUN)
    results = read_results(file)
    shown = [
        Shown("here", "tests/acceptance/here/test_a.py", f"test_{name}")
        for name in ("one", "two", "three", "four")
    ]
    outcomes = [result_of(one, results) for one in shown]
    assert outcomes == ["passed", "failed", "not run", "not run"]
    assert summary(shown, results) == "1 failed, 1 passed, 2 not run"
    assert "not run" in requirements_page(results)


@pytest.mark.parametrize(
    ("folder", "id_"),
    [(folder, id_) for folder in FOLDERS for id_ in sorted(marked(folder))],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_what_is_marked_can_be_taken_out(folder: Path, id_: str) -> None:
    """What is left can be read, so that it is the stories that notice."""
    assert is_readable_without(folder, id_)
