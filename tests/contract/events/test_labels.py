"""An event's label stands in data, in rules and on pages: it never changes, whatever the class."""

import json
import re
from collections.abc import Iterator

import pytest
from case_events.contracts import base
from case_events.contracts.base import Event, contract, every_contract, label_of

from tests.contract.events.landed import SCHEMAS, landed

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Contracts of a test are forgotten after it."""
    for name in ("_by_type", "_by_class", "_name_of_label"):
        monkeypatch.setattr(base, name, dict(getattr(base, name)))
    yield


def test_no_two_events_have_the_same_label() -> None:
    named = {(one.label, one.ce_type.rpartition(".v")[0]) for one in every_contract()}
    assert len({label for label, _ in named}) == len({name for _, name in named}) == len(named)


@pytest.mark.usefixtures("registry")
def test_a_label_of_another_event_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot have the label 'status_changed'"):
        contract("case.something-else", label="status_changed")(type("Else", (Event,), {}))


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("label", ["", "status_changed", "status-changed", "status changed", "_x"])
def test_a_label_is_in_snake_case(label: str) -> None:
    with pytest.raises(ValueError, match="cannot have the label"):
        contract("case.something-else", label=label)(type("Else", (Event,), {}))


@pytest.mark.usefixtures("registry")
def test_the_versions_of_an_event_share_its_label() -> None:
    next_one = contract("case.released", label="case_released", version=2)
    assert label_of(next_one(type("Later", (Event,), {}))) == "case_released"


def test_a_label_that_landed_never_changes() -> None:
    """Version 0.1 had the class's name where the label now stands."""
    labels = {one.ce_type: one.label for one in every_contract()}
    for commit, files in landed(SCHEMAS).items():
        for name, before in files.items():
            known = labels.get(name.removesuffix(".json"))
            label = json.loads(before)["$ref"].rpartition("/")[2]
            if known is not None:
                assert _CAPITAL.sub("_", label).lower() == known, f"landed in {commit}"
