"""Takes what an id needs out of the definitions, and shows that its stories notice.

`python -m tests.requirements.without D9 O5`, or `all` for every id that a definition marks (see
`marks`). Ends with 1 when an id's stories all stay green. What an id needs besides, in code, is
not taken out: C11 and C16 have no line in a definition at all, and one without the references of
C2 is none.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from case_definition.check import examine
from case_definition.folder import agreement_files

from tests.requirements.catalogue import ROOT, Shown, requirements, stories_of
from tests.requirements.marks import FOLDERS, SETTING, folders_marking, marked, take_out
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


def tell(id_: str) -> bool:
    """Take out an id in each tenant that marks it, and tell what came of it: whether each of them
    has a story that noticed."""
    noticed = []
    for folder in folders_marking(id_):
        if not is_readable_without(folder, id_):
            print(
                f"{id_:4} {folder.name:18} CANNOT BE READ without what it marks; mark more or less"
            )
            noticed.append(False)
            continue
        stories = stories_of(id_, folder.name)
        outcomes = run_without(id_, stories) if stories else {}
        failed = [story for story, outcome in outcomes.items() if outcome == "failed"]
        noticed.append(bool(failed))
        verdict = "noticed" if failed else "NOT NOTICED"
        count = f"{len(failed)} of {len(stories)} stories fail"
        print(f"{id_:4} {folder.name:18} {verdict}: {count}", flush=True)
        for story in stories:
            if story not in failed:
                print(f"       stays green: {story.node}")
    return all(noticed)


def main() -> int:
    """Take out what was asked."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("ids", nargs="+", metavar="ID")
    ids = asked.parse_args().ids
    if ids == ["all"]:
        ids = [id_ for id_ in requirements() if folders_marking(id_)]
    unmarked = [id_ for id_ in ids if not folders_marking(id_)]
    if unmarked:
        known = sorted({id_ for folder in FOLDERS for id_ in marked(folder)})
        print(f"No definition marks {', '.join(unmarked)}; there is {', '.join(known)}")
        return 2
    noticed = [tell(id_) for id_ in ids]
    return 0 if all(noticed) else 1


if __name__ == "__main__":
    sys.exit(main())
