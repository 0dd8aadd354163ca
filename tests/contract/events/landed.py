"""What landed before: the files of a folder as earlier commits hold them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = ROOT / "libs" / "events" / "schema"


def landed(folder: Path) -> dict[str, dict[str, bytes]]:
    """Commit to the name and content of each file: of where we branched off, of the newest
    commit, and of the one before, which the newest must not have broken. Empty without git."""
    bases = {_git("merge-base", "HEAD", "origin/main"), _git("rev-parse", "HEAD"),
             _git("rev-parse", "--verify", "--quiet", "HEAD^")}  # fmt: skip
    commits = [base.decode().strip() for base in bases if base]
    return {commit: _files(commit, folder.relative_to(ROOT)) for commit in commits}


def _files(commit: str, folder: Path) -> dict[str, bytes]:
    names = _git("ls-tree", "--name-only", f"{commit}:{folder}") or b""
    return {
        name: _git("show", f"{commit}:{folder / name}") or b"" for name in names.decode().split()
    }


def _git(*arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
