"""Takes what an id needs out of the definitions, and shows that its stories notice.

`python -m tests.requirements.without D9 O5`, or `all` for every id that a definition marks (see
`marks`). Ends with 1 when an id's stories all stay green. What an id needs besides, in code, is
not taken out.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.requirements.catalogue import ROOT, Shown, requirements, stories_of
from tests.requirements.marks import FOLDERS, SETTING, folders_marking, marked
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
        results = read_results(file)
    return {story: result_of(story, results) for story in stories}


def tell(id_: str) -> bool:
    """Take out an id in each tenant that marks it, and tell what came of it: whether each of them
    has a story that noticed."""
    noticed = []
    for folder in folders_marking(id_):
        stories = stories_of(id_, folder.name)
        outcomes = run_without(id_, stories) if stories else {}
        failed = [story for story, outcome in outcomes.items() if outcome == "failed"]
        noticed.append(bool(failed))
        verdict = "noticed" if failed else "NOT NOTICED"
        print(f"{id_:4} {folder.name:18} {verdict}: {len(failed)} of {len(stories)} stories fail")
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
