"""C16: what the platform's own tools read of a tenant or customer is theirs alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from case_events.testing.keys import SECRET_TEXT
from case_workflow.adapters import history

from tests.support.isolation.desks import World
from tests.support.isolation.tool_access import Tools, copy_workflow, leaks_by_topic
from tests.support.real.case_histories import prepare, serving
from tests.support.real.servers import Databases

pytestmark = pytest.mark.real

EACH = 25
"""Times that every reader is asked."""


@pytest.fixture
def tools(
    databases: Databases, played: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Tools]:
    """The tools over workflow's own API."""
    url = databases.fresh(prepare)
    copy_workflow(url, played)
    with serving(url, played.reference) as address:
        monkeypatch.setenv("CASEFOLD_WORKFLOW_URL", address)
        monkeypatch.setenv("CASEFOLD_SECRET", SECRET_TEXT)
        yield Tools(played, tmp_path, seed=1)


def test_no_tool_reads_what_is_anothers(tools: Tools) -> None:
    """C16, C5: whatever tenant, customer and reference it is asked for, nearly right ones too."""
    tools.ask(EACH)
    assert tools.leaks == []
    assert all(tools.read.values()), tools.read


@pytest.mark.parametrize(
    ("query", "condition", "instead", "leaks"),
    [
        ("cases_of_reference", "split_part(state ->> 'definition', '/', 1) = %(tenant)s", "true",
         "case history"),
        ("created_between", "first.headers ->> 'ce_tenant' = %s", "%s <> ' '", "created"),
        ("open_cases", "name ~>=~ %s AND name ~<~ %s", "%s || %s <> ''", "open of"),
    ],
    ids=["named", "created", "open"],
)  # fmt: skip
def test_without_its_condition_each_would(
    tools: Tools, monkeypatch: pytest.MonkeyPatch,
    query: str, condition: str, instead: str, leaks: str,
) -> None:  # fmt: skip
    """C16: so the questions bite."""
    before = history.STATEMENTS[query]
    assert condition in before
    monkeypatch.setitem(history.STATEMENTS, query, before.replace(condition, instead))
    tools.ask(5)
    assert any(leak.startswith(leaks) and " tells " in leak for leak in tools.leaks)


def test_no_record_tells_of_another_tenant_than_its_own(played: World) -> None:
    """C16: on every topic, of every service."""
    assert leaks_by_topic(played) == []
