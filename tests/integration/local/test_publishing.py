"""`casefold definition publish`: what stands under a version never changes."""

import asyncio
import shutil
from pathlib import Path

import pytest
from casefold.project import PROJECT, TOPICS_FILE
from casefold.publishing import ChangedError, publish, publish_documents, read_tenant
from casefold.topics import apply_topics, read_topics
from click.testing import CliRunner, Result

from tests.support.real.servers import TEST_PARTITIONS
from tests.support.wire import SETTINGS, codec

pytestmark = pytest.mark.real


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tenant of the test's own: the first sample tenant under another name."""
    sample = sorted((PROJECT / "deploy" / "tenants").glob("*/"))[0]
    name = f"tenant-{tmp_path.name[-12:].strip('-_').replace('_', '-')}"
    copied = tmp_path / name
    shutil.copytree(sample, copied)
    for file in copied.rglob("*.yaml"):
        file.write_text(file.read_text().replace(sample.name, name))
    return copied


@pytest.fixture
def broker(kafka_bootstrap: str) -> str:
    """A broker with the platform's topics."""
    asyncio.run(
        apply_topics(kafka_bootstrap, read_topics(TOPICS_FILE, TEST_PARTITIONS, replication=1))
    )
    return kafka_bootstrap


def run(folder: Path, broker: str) -> Result:
    return CliRunner(env=SETTINGS | {"CASEFOLD_KAFKA": broker}).invoke(publish, [str(folder)])


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_same_content_again_is_nothing_to_do(folder: Path, broker: str) -> None:
    first, again = run(folder, broker), run(folder, broker)
    assert "published" in first.output
    assert again.exit_code == 0, again.output
    assert "nothing to do" in again.output


def test_changed_content_under_a_published_version_is_refused(folder: Path, broker: str) -> None:
    """The definition and an agreement; a raised version is published."""
    publish_documents(read_tenant(folder), broker, codec)
    agreement = sorted((folder / "agreements").glob("*.yaml"))[0]
    change(agreement, "promised: 0.9\n", "promised: 0.8\n")
    refused = run(folder, broker)
    assert refused.exit_code != 0
    assert f"agreement {folder.name}/" in refused.output
    assert "it differs in targets" in refused.output
    assert "raise its version" in refused.output
    change(agreement, "version: 1", "version: 2")
    change(folder / "texts.en.yaml", "name: ", "name: Changed ")
    with pytest.raises(ChangedError, match=f"definition {folder.name}/1"):
        publish_documents(read_tenant(folder), broker, codec)
    change(folder / "definition.yaml", "version: 1", "version: 2")
    raised = run(folder, broker)
    assert raised.exit_code == 0, raised.output
    assert ": 2 documents" in raised.output
