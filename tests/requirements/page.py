"""The page of requirements: `python -m tests.requirements.page [--results FOLDER]`.

Writes docs/requirements.md: each requirement, the tests that name it, and their results in the run
whose folder of results is given.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.requirements.catalogue import (
    ROOT,
    Section,
    Shown,
    sections,
    shown_by_id,
    stories_of,
    tenants,
)
from tests.requirements.results import Results, read_results, summary

PAGE = ROOT / "docs" / "requirements.md"
_INTRODUCTION = """\
# Requirements

The requirements of the platform, and the tests that show each of them.
`python -m tests.requirements.page` generates this page from `docs/requirements.yaml` and from the
ids at the beginning of the tests' docstrings. With `--results FOLDER`, the folder with the results
of a run of `python -m tests --results FOLDER`, the page shows the results of the tests; without it,
their number. `python -m tests.requirements.without ID` removes the items that an id needs from the
definitions, and shows that its tests fail then."""
_RESULTS = re.compile(r"\d+ (?:passed|failed|not run)(?:, \d+ (?:passed|failed|not run))*")


def requirements_page(results: Results | None = None) -> str:
    """The page, with the results of a run where there are some."""
    parts = [_INTRODUCTION]
    for section in sections():
        lines = _common(section, results) if section.every_tenant else _own(section, results)
        parts.append("\n".join([f"## {section.letter}. {section.title}", "", *lines]))
    return "\n\n".join(parts) + "\n"


def forget_results(page: str) -> str:
    """The page as it is without the results of a run."""
    return _RESULTS.sub(lambda match: str(sum(map(int, re.findall(r"\d+", match[0])))), page)


def _own(section: Section, results: Results | None) -> Iterator[str]:
    yield "| id | what | tests | result |"
    yield "| --- | --- | --- | --- |"
    for id_, says in section.requirements.items():
        shown = shown_by_id().get(id_, ())
        own = [one for one in shown if one.tenant == section.tenant]
        named = [*_files(own), *_elsewhere([one for one in shown if one not in own])]
        yield _row(id_, says, "<br>".join(named) or "none yet", _counted(shown, results))


def _common(section: Section, results: Results | None) -> Iterator[str]:
    yield "| id | what | result |"
    yield "| --- | --- | --- |"
    for id_, says in section.requirements.items():
        yield _row(id_, says, _counted(shown_by_id().get(id_, ()), results))
    yield ""
    yield "The tests of each id, in the stories of each tenant and elsewhere:"
    yield ""
    yield _row("id", *tenants(), "elsewhere")
    yield _row(*["---"] * (len(tenants()) + 2))
    for id_ in section.requirements:
        of_tenants = [stories_of(id_, tenant) for tenant in tenants()]
        counted = [_counted(shown, results) for shown in of_tenants]
        rest = [one for one in shown_by_id().get(id_, ()) if one.tenant not in tenants()]
        yield _row(id_, *counted, _counted(rest, results))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _files(shown: Iterable[Shown]) -> Iterator[str]:
    for one in shown:
        yield f"`{Path(one.file).stem}`: {one.name.removeprefix('test_').replace('_', ' ')}"


def _elsewhere(shown: Iterable[Shown]) -> Iterator[str]:
    for file, number in sorted(Counter(one.file for one in shown).items()):
        yield f"`{file.removeprefix('tests/')}` ({number})"


def _counted(shown: Iterable[Shown], results: Results | None) -> str:
    found = tuple(shown)
    if not found:
        return "–"
    return str(len(found)) if results is None else summary(found, results)


def main() -> None:
    """Write the page."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--results", type=Path, help="where a run of `python -m tests` left them")
    folder = asked.parse_args().results
    PAGE.write_text(requirements_page(read_results(folder) if folder else None))
    print(f"Wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
