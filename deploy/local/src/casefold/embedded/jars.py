"""The jars of Kafka: downloads them from Maven with jgo, and checks them against the lock file.

`python -m casefold.embedded.jars` rewrites the lock file after a change of jgo.toml.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path

from jgo.env import EnvironmentBuilder, EnvironmentSpec, LockedDependency, LockFile
from jgo.maven import Artifact, MavenContext

PACKAGE = files("casefold.embedded")
DOWNLOADS_AT_ONCE = 8

Progress = Callable[[int, int], None]


class JarError(Exception):
    """A jar could not be downloaded, or has another SHA-256 than in the lock file."""


def kafka_jars(cache: Path, progress: Progress | None = None) -> list[Path]:
    """The paths of the jars in the order of the lock file. Downloads missing jars to `cache`.

    Calls `progress` with the number of present jars and the number of all jars after each download.
    Raises `JarError`.
    """
    with as_file(PACKAGE / "jgo.lock.toml") as path:
        wanted = LockFile.load(path).dependencies
    cache.mkdir(parents=True, exist_ok=True)
    context = MavenContext(repo_cache=cache, timeout=60)
    with (cache / ".lock").open("w") as lock, ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = not all(_cached(context, locked).exists() for locked in wanted)
        jars = []
        for jar in pool.map(lambda locked: _checked(context, locked), wanted):
            jars.append(jar)
            if progress is not None and missing:
                progress(len(jars), len(wanted))
    return jars


def _artifact(context: MavenContext, locked: LockedDependency) -> Artifact:
    project = context.project(locked.groupId, locked.artifactId)
    return project.at_version(locked.version).artifact(locked.classifier or "", locked.packaging)


def _cached(context: MavenContext, locked: LockedDependency) -> Path:
    artifact = _artifact(context, locked)
    return context.repo_cache / artifact.component.path_prefix / artifact.filename


def _checked(context: MavenContext, locked: LockedDependency) -> Path:
    name = f"{locked.groupId}:{locked.artifactId}:{locked.version}"
    cached = _cached(context, locked)
    # An interrupted download leaves a part of a file, which is downloaded again.
    if cached.exists() and _sha256(cached) != locked.sha256:
        cached.unlink()
    try:
        path = _artifact(context, locked).resolve()
    except (OSError, RuntimeError) as error:
        raise JarError(f"{name} could not be downloaded: {error}") from error
    if _sha256(path) != locked.sha256:
        path.unlink()
        raise JarError(f"{name} is not the file of jgo.lock.toml: its SHA-256 differs")
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as jar:
        return hashlib.file_digest(jar, "sha256").hexdigest()


def write_lock(cache: Path) -> None:
    """Resolve jgo.toml, and write jgo.lock.toml next to it."""
    folder = Path(__file__).parent
    os.chdir(folder)
    builder = EnvironmentBuilder(context=MavenContext(repo_cache=cache), cache_dir=cache)
    builder.resolve_lockfile(EnvironmentSpec.load(folder / "jgo.toml")).save(
        folder / "jgo.lock.toml"
    )


if __name__ == "__main__":
    write_lock(Path(sys.argv[1]).resolve())
