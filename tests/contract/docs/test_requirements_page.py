"""The results on the page of requirements are those of the run that it is given."""

from pathlib import Path

import pytest

from tests.requirements.catalogue import Shown
from tests.requirements.marks import FOLDERS, marked
from tests.requirements.page import forget_results, requirements_page
from tests.requirements.results import read_results, result_of, summary
from tests.requirements.without import is_readable_without

RUN = """<testsuites><testsuite>
<testcase classname="tests.acceptance.here.test_a" name="test_one[simulated]"/>
<testcase classname="tests.acceptance.here.test_a" name="test_one[real]"><skipped/></testcase>
<testcase classname="tests.acceptance.here.test_a" name="test_two[1]"/>
<testcase classname="tests.acceptance.here.test_a" name="test_three"><skipped/></testcase>
</testsuite></testsuites>"""
OTHER_HALF = """<testsuites><testsuite>
<testcase classname="tests.acceptance.here.test_a" name="test_two[2]"><failure/></testcase>
</testsuite></testsuites>"""


def test_results_are_those_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "real.xml").write_text(RUN)
    (tmp_path / "simulated.xml").write_text(OTHER_HALF)
    results = read_results(tmp_path)
    shown = [
        Shown("here", "tests/acceptance/here/test_a.py", f"test_{name}")
        for name in ("one", "two", "three", "four")
    ]
    outcomes = [result_of(one, results) for one in shown]
    assert outcomes == ["passed", "failed", "not run", "not run"]
    assert summary(shown, results) == "1 failed, 1 passed, 2 not run"
    assert "not run" in requirements_page(results)
    assert forget_results(requirements_page(results)) == requirements_page()


@pytest.mark.parametrize(
    ("folder", "id_"),
    [(folder, id_) for folder in FOLDERS for id_ in sorted(marked(folder))],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_what_is_marked_can_be_taken_out(folder: Path, id_: str) -> None:
    """What is left can be read, so that it is the stories that notice."""
    assert is_readable_without(folder, id_)
