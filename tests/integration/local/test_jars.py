"""Kafka's jars are the files of the lock file, or are not used."""

from pathlib import Path

import pytest
from casefold.embedded.jars import JarError, kafka_jars
from casefold.project import JAR_CACHE
from jgo.maven import Artifact

pytestmark = pytest.mark.real


def copies(folder: Path) -> list[Path]:
    """The jars in a cache of the test's own, by link."""
    links = []
    for jar in kafka_jars(JAR_CACHE):
        link = folder / jar.relative_to(JAR_CACHE)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.hardlink_to(jar)
        links.append(link)
    return links


def test_a_jar_that_was_cut_off_or_altered_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that stays wrong is refused, and named."""
    cache = tmp_path / "cache"
    victim = next(jar for jar in copies(cache) if jar.name.startswith("pcollections"))
    right = victim.read_bytes()
    victim.unlink()
    victim.write_bytes(right[:1000])

    fetching(monkeypatch, right)
    assert victim in kafka_jars(cache)
    assert victim.read_bytes() == right

    victim.write_bytes(b"")
    fetching(monkeypatch, right + b"!")
    with pytest.raises(JarError, match=r"org\.pcollections:pcollections:.* SHA-256 differs"):
        kafka_jars(cache)
    assert not victim.exists()


def fetching(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Let jgo take what is in the cache, and bring this content where a jar is missing."""

    def resolve(artifact: Artifact) -> Path:
        cached = artifact.cached_path
        assert cached is not None
        if not cached.exists():
            cached.write_bytes(content)
        return cached

    monkeypatch.setattr("jgo.maven.Artifact.resolve", resolve)
