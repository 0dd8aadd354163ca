"""What came of the tests of a run, as pytest's `--junit-xml` tells it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree

from tests.requirements.catalogue import Shown

Results = Mapping[tuple[str, str], str]
"""`passed`, `failed` or `skipped`, by module and function; failed where one of its cases did."""


def read_results(folder: Path) -> Results:
    """The results of a run, from all files of a folder."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in folder.glob("*.xml"):
        for case in ElementTree.parse(file).getroot().iter("testcase"):
            name = case.get("name", "").partition("[")[0]
            found[case.get("classname", ""), name].add(_outcome(case))
    return {
        key: next(one for one in ("failed", "passed", "skipped") if one in outcomes)
        for key, outcomes in found.items()
    }


def result_of(shown: Shown, results: Results) -> str:
    """What came of one test: `not run` where the run did not have it, or skipped it."""
    module = shown.file.removesuffix(".py").replace("/", ".")
    outcome = results.get((module, shown.name), "skipped")
    return "not run" if outcome == "skipped" else outcome


def summary(shown: Iterable[Shown], results: Results) -> str:
    """What came of all of them, in a few words: the worst first."""
    outcomes = [result_of(one, results) for one in shown]
    lines = [
        f"{outcomes.count(outcome)} {outcome}"
        for outcome in ("failed", "passed", "not run")
        if outcome in outcomes
    ]
    return ", ".join(lines) or "no test"


def _outcome(case: ElementTree.Element) -> str:
    kinds = {part.tag for part in case}
    if kinds & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in kinds else "passed"
