"""The documents of topics and events are true, and as committed."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_events.contracts.catalogue import SERVICES, TOPICS
from case_events.testing.keys import SECRET
from case_events.tools.asyncapi import asyncapi
from case_events.tools.contracts_cli import as_text, contracts
from case_events.tools.events_page import events_page
from case_events.tools.schemas import every_schema, published_contracts
from case_events.tools.topology import topology, with_topology
from case_events.topics import CASE_TOPICS, REFERENCE_TOPICS, TENANT_TOPICS
from case_intake.application.react import SERVICE as INTAKE
from case_notify.application.mail_composition import MailSettings
from case_notify.application.react import service
from case_portal.projection import SERVICE as PORTAL
from case_sla.application.react import service as sla_service
from case_workflow.application.react import SERVICE as WORKFLOW
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from tests.contract.events.landed import GOLDEN, ROOT

SLA, NOTIFY = sla_service(), service(MailSettings(SECRET, "http://portal.example"))
DOCS = ROOT / "docs"


def test_the_committed_asyncapi_document_is_that_of_the_contracts() -> None:
    """After a change: `casefold contracts asyncapi > docs/asyncapi.json`."""
    assert (DOCS / "asyncapi.json").read_text() == as_text(asyncapi())


def test_the_committed_page_is_that_of_the_contracts() -> None:
    """After a change: `casefold contracts page`."""
    assert (DOCS / "events.md").read_text() == events_page()


def test_the_page_shows_every_topic_and_event() -> None:
    lines = events_page().splitlines()
    assert [topic.name for topic in TOPICS if f"## {topic.name}" not in lines] == []
    assert [c.ce_type for c in published_contracts() if f"### {c.label}" not in lines] == []


@pytest.mark.parametrize("page", ["README.md", "docs/index.md", "docs/architecture.md"])
def test_the_picture_on_a_page_is_that_of_the_catalogue(page: str) -> None:
    """After a change: `casefold contracts topology`."""
    assert topology() in (ROOT / page).read_text()


def test_the_picture_shows_who_writes_and_who_reads_every_topic() -> None:
    """Read off the picture itself: each line is `writers --> topics --> readers`."""
    drawn: dict[str, tuple[str, set[str]]] = {}
    for line in topology().splitlines():
        if found := re.fullmatch(r" +(.+) -\.?-> \w+\[\((.+)\)\] -\.?-> (.+)", line):
            writers, names, readers = found.groups()
            drawn |= {name: (writers, set(readers.split(" & "))) for name in names.split(" · ")}
    assert set(drawn) == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        writers, readers = drawn[topic.name]
        assert readers == set(topic.read_by), topic.name
        services = [who for who in SERVICES if who in topic.written_by]
        assert [who for who in SERVICES if who in writers.split(" & ")] == services, topic.name


def test_a_picture_is_drawn_anew_where_the_old_one_stood() -> None:
    old = topology().replace("--> workflow", "--> sla")
    assert with_topology(f"before\n\n{old}\nafter") == f"before\n\n{topology()}\nafter"
    with pytest.raises(ValueError, match="no picture"):
        with_topology("before\n\n```mermaid\nflowchart LR\n```\nafter")


def test_links_on_the_page_lead_somewhere() -> None:
    lines = events_page().splitlines()
    headings = {line.lstrip("# ").lower() for line in lines if line.startswith("#")}
    links = [link.partition(")")[0] for line in lines for link in line.split("](#")[1:]]
    assert links
    assert [link for link in links if link not in headings] == []


def test_every_topic_is_in_the_catalogue() -> None:
    named = sorted(topic.name for topic in TOPICS)
    assert named == sorted((*CASE_TOPICS, *REFERENCE_TOPICS, *TENANT_TOPICS))
    assert {topic for c in published_contracts() for topic in c.topics} == set(named)


def test_the_catalogue_says_who_reads_as_the_services_do() -> None:
    reads = {s.name: s.topics for s in (INTAKE, WORKFLOW, SLA, NOTIFY, PORTAL)}
    assert set(reads) == set(SERVICES)
    for topic in TOPICS:
        if topic.name in REFERENCE_TOPICS:
            assert set(topic.read_by) == set(SERVICES)
        else:
            assert set(topic.read_by) == {name for name in reads if topic.name in reads[name]}


def test_the_catalogue_says_how_long_records_are_kept_as_the_broker_is_told() -> None:
    topics = yaml.safe_load((ROOT / "deploy" / "kafka" / "topics.yaml").read_text())["topics"]
    assert set(topics) == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        settings = topics[topic.name]["settings"]
        assert topic.retention.compacted == (settings["cleanup.policy"] == "compact"), topic.name
        if not topic.retention.compacted:
            milliseconds = settings["retention.ms"]
            age = None if milliseconds == -1 else timedelta(milliseconds=milliseconds)
            assert topic.retention.age == age, topic.name


def test_every_reference_in_the_asyncapi_document_resolves() -> None:
    document = asyncapi()
    references = list(_references(document))
    assert len(references) > 100
    for reference in references:
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_the_asyncapi_document_has_the_parts_of_version_3() -> None:
    document = asyncapi()
    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(document["info"])
    assert set(document["channels"]) == {topic.name for topic in TOPICS}
    messages = {ref for c in document["channels"].values() for ref in _references(c["messages"])}
    assert messages == {f"#/components/messages/{c.label}" for c in published_contracts()}
    for operation in document["operations"].values():
        assert operation["action"] in ("send", "receive")
    for topic in TOPICS:
        channel = f"#/channels/{topic.name}"
        at = [
            o["action"] for o in document["operations"].values() if o["channel"]["$ref"] == channel
        ]
        assert at.count("send") == len(topic.written_by)
        assert at.count("receive") == len(topic.read_by)


def test_the_payloads_of_the_asyncapi_document_fit_the_golden_records() -> None:
    document = asyncapi()
    for contract in published_contracts():
        payload = document["components"]["messages"][contract.label]["payload"]
        record = json.loads((GOLDEN / f"{contract.ce_type}.json").read_bytes())
        whole = Draft202012Validator({**payload, "components": document["components"]})
        assert list(whole.iter_errors(record)) == []
        assert not whole.is_valid(record | {"type": "another"})


def test_the_committed_schemas_fit_the_golden_records() -> None:
    schemas = every_schema()
    for contract in published_contracts():
        record = json.loads((GOLDEN / f"{contract.ce_type}.json").read_bytes())
        for name, part in (("record", record), (contract.ce_type, record["data"])):
            Draft202012Validator.check_schema(schemas[name])
            assert list(Draft202012Validator(schemas[name]).iter_errors(part)) == []


def test_the_command_writes_schemas_and_page(tmp_path: Path) -> None:
    """`casefold contracts`."""
    run = CliRunner().invoke
    folder, page = tmp_path / "schema", tmp_path / "events.md"
    folder.mkdir()
    assert run(contracts, ["schema", "--folder", str(folder)]).exit_code == 0
    assert {path.stem for path in folder.iterdir()} == set(every_schema())
    assert run(contracts, ["page", "--file", str(page)]).exit_code == 0
    assert page.read_text() == events_page()
    assert run(contracts, ["asyncapi"]).stdout == as_text(asyncapi())


def _references(part: Any) -> Iterator[str]:
    match part:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for value in part.values():
                yield from _references(value)
        case list():
            for value in part:
                yield from _references(value)
