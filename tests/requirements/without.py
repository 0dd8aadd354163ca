"""Takes what an id needs out of the definitions, and shows that its stories notice.

`python -m tests.requirements.without D9 O5`, or `all` for every id that a definition marks (see
`marks`); `--tenant NAME` asks one tenant alone. Every story that names the id has to fail, but for
those marked `by_platform(ID)`: what they show holds whatever a definition says, so they have to
pass. Ends with 1 when one does otherwise. C11 and C16 have no line in a definition at all, and one
without the references of C2 is none.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from case_definition.check.folder import examine
from case_definition.source.folder import agreement_files

from tests.requirements.catalogue import ROOT, Shown, requirements, stories_of
from tests.requirements.marks import FOLDERS, SETTING, marked, take_out
from tests.requirements.results import read_results, result_of

PLUGIN = "tests.requirements.definitions_without"


def run_without(id_: str, stories: tuple[Shown, ...]) -> dict[Shown, str]:
    """What comes of the stories where the definitions lack what an id needs."""
    with TemporaryDirectory(prefix="casefold-without-") as place:
        file = Path(place) / "results.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-p", PLUGIN, "-m", "not real", "-q",
             f"--junit-xml={file}", *(story.node for story in stories)],
            cwd=ROOT, env={**os.environ, SETTING: id_}, capture_output=True, check=False,
        )  # fmt: skip
        results = read_results(Path(place))
    return {story: result_of(story, results) for story in stories}


def is_readable_without(folder: Path, id_: str) -> bool:
    """Whether what is left is still a definition, though one with findings. Texts take long to
    read, and are not part of its shape."""
    with TemporaryDirectory(prefix="casefold-without-") as place:
        copy = Path(place) / folder.name
        take_out(folder, id_, copy)
        for texts in copy.glob("texts.*"):
            texts.unlink()
        found = examine(copy)
    files = list(agreement_files(folder))
    return found.definition is not None and len(found.agreements) == len(files)


def surprises(outcomes: Mapping[Shown, str]) -> Iterator[str]:
    """What did not come as it has to, where each test had what came of it."""
    if "failed" not in outcomes.values():
        yield "no story fails"
    for story, outcome in outcomes.items():
        if outcome == "passed" and not story.by_platform:
            yield f"stays green: {story.node}"
        if outcome == "failed" and story.by_platform:
            yield f"fails, though marked by_platform: {story.node}"


def tell(id_: str, folder: Path) -> bool:
    """Take an id out of a tenant that marks it, and tell what came of it: whether it is right."""
    if not is_readable_without(folder, id_):
        print(f"{id_:4} {folder.name:18} CANNOT BE READ without what it marks; mark more or less")
        return False
    outcomes = run_without(id_, stories_of(id_, folder.name))
    results = list(outcomes.values())
    count = f"{results.count('failed')} fail, {results.count('passed')} pass"
    found = list(surprises(outcomes))
    print(f"{id_:4} {folder.name:18} {'NOT ALL NOTICED' if found else 'noticed'}: {count}")
    for surprise in found:
        print(f"       {surprise}")
    sys.stdout.flush()
    return not found


def main() -> int:
    """Take out what was asked."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("ids", nargs="+", metavar="ID")
    names = [folder.name for folder in FOLDERS]
    asked.add_argument("--tenant", choices=names, action="append", help="and no other")
    arguments = asked.parse_args()
    folders = [folder for folder in FOLDERS if folder.name in (arguments.tenant or names)]
    ids = list(requirements()) if arguments.ids == ["all"] else arguments.ids
    marking = [(id_, folder) for id_ in ids for folder in folders if id_ in marked(folder)]
    if not marking:
        known = sorted({id_ for folder in folders for id_ in marked(folder)})
        print(f"No definition marks {', '.join(ids)}; there is {', '.join(known)}")
        return 2
    right = [tell(id_, folder) for id_, folder in marking]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
