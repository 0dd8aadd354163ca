"""Every version of every event stays readable for ever: the same bytes, the same schema."""

import json
from pathlib import Path

import pytest
from case_events.contracts import upcasting
from case_events.contracts.base import event_class
from case_events.contracts.cases import CaseAssigned, PriorityAssessed
from case_events.contracts.commands import AssessPriority
from case_events.contracts.sla import TargetBreached
from case_events.tools.compatibility import breaks
from case_events.tools.contracts_cli import as_text
from case_events.tools.schemas import every_schema, published_contracts
from case_events.wire.codec import UnreadableRecord, encode_opened
from case_events.wire.personal import personal_members

from tests.contract.events.landed import GOLDEN, SCHEMAS, landed
from tests.support.wire import codec

CONTRACTS = [contract.ce_type for contract in published_contracts()]


def _place(path: Path) -> tuple[str, int]:
    """Golden files stand in the order in which they landed."""
    name, _, number = path.name.removesuffix(".json").partition("~")
    return name, int(number or 1)


FILES = sorted(GOLDEN.iterdir(), key=_place)


def _type(path: Path) -> str:
    """The type of a golden file; `~2`, `~3` hold what fields it gained after the first landed."""
    return path.name.removesuffix(".json").partition("~")[0]


def test_every_contract_has_a_golden_file() -> None:
    assert not set(CONTRACTS) - set(map(_type, FILES))


@pytest.mark.parametrize("path", FILES, ids=_type)
def test_a_golden_file_reads_as_its_contract_and_writes_the_same_bytes(path: Path) -> None:
    """The hash chain is over these bytes: writing them anew must not change one of them."""
    value = path.read_bytes()
    record = codec.decode(value)
    assert json.loads(value)["type"] == _type(path)
    assert record.type == _type(path)
    if not upcasting.is_old(record.type):
        # Those of before personal parts were closed are written so by nobody any more.
        closed = "sealed" in json.loads(value) or not personal_members(type(record.data))
        assert (codec.encode if closed else encode_opened)(record) == value


@pytest.mark.parametrize("ce_type", CONTRACTS)
def test_an_event_with_a_personal_part_has_golden_files_with_it_open_and_closed(
    ce_type: str,
) -> None:
    """With the same fields: both forms are read, the closed one is written."""
    if not personal_members(event_class(ce_type)):
        return
    values = [path.read_bytes() for path in FILES if _type(path) == ce_type]
    closed = [value for value in values if "sealed" in json.loads(value)]
    opened = [json.loads(codec.opened(value)) for value in closed]
    assert opened
    assert opened == [json.loads(value) for value in values if value not in closed]


def test_golden_files_hold_example_data_of_every_field() -> None:
    """A field that no golden file of its type has could be renamed unseen."""
    held: dict[str, set[str]] = {name: set() for name in CONTRACTS}
    for path in FILES:
        held.setdefault(_type(path), set()).update(json.loads(path.read_bytes())["data"])
    for contract in published_contracts():
        missing = set(contract.event.__struct_encode_fields__) - held[contract.ce_type]
        assert not missing, contract.ce_type


@pytest.mark.parametrize("name", every_schema())
def test_the_committed_schema_is_that_of_the_contract(name: str) -> None:
    """After a change: `casefold contracts schema`."""
    assert (SCHEMAS / f"{name}.json").read_text() == as_text(every_schema()[name])


def test_there_is_no_schema_without_a_contract() -> None:
    old = {path for path in SCHEMAS.iterdir() if upcasting.is_old(_type(path))}
    assert {_type(path) for path in set(SCHEMAS.iterdir()) - old} == set(every_schema())


def test_landed_schemas_only_gained_optional_fields() -> None:
    for commit, files in landed(SCHEMAS).items():
        for name, before in files.items():
            path = SCHEMAS / name
            assert path.exists(), f"{name} landed in {commit} and is gone"
            assert breaks(json.loads(before), json.loads(path.read_bytes())) == [], name


def test_landed_golden_files_never_change() -> None:
    for commit, files in landed(GOLDEN).items():
        for name, before in files.items():
            path = GOLDEN / name
            assert path.exists(), f"{name} landed in {commit} and is gone"
            assert path.read_bytes() == before, f"{name} landed in {commit} and was changed"


@pytest.mark.parametrize("name", ["case.priority-assessed", "command.assess-priority"])
def test_the_two_axes_that_there_were_are_read_by_their_names(name: str) -> None:
    """J2, D3: a definition names its own since; what was chosen before stays known."""
    record = codec.decode((GOLDEN / f"nl.casefold.{name}.v1.json").read_bytes())
    assert isinstance(record.data, PriorityAssessed | AssessPriority)
    assert record.data.axes == {"urgency": "high", "necessity": "medium"}
    assert record.data.priority == "P2"


@pytest.mark.parametrize(
    ("name", "member"), [("deadline-set.v1", "reason"), ("target-breached.v1~2", "cause")]
)
def test_the_class_that_stood_for_an_event_is_read_by_the_label(name: str, member: str) -> None:
    value = (GOLDEN / f"nl.casefold.sla.{name}.json").read_bytes()
    written = json.loads(value)["data"][member]
    labels = {"StatusChanged": "status_changed", "PriorityAssessed": "priority_assessed"}
    assert getattr(codec.decode(value).data, member) == labels[written]


def test_a_breach_by_time_alone_has_no_cause_in_any_version() -> None:
    value = (GOLDEN / "nl.casefold.sla.target-breached.v1.json").read_bytes()
    breach = codec.decode(value).data
    assert isinstance(breach, TargetBreached)
    assert breach.cause == ""


def test_an_old_version_is_upcast_step_by_step_when_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twice made up: v-1 had one name for both, v0 a group where v1 has a team."""
    monkeypatch.setattr(upcasting, "_steps", {})
    name = "nl.casefold.case.assigned"

    @upcasting.upcaster(f"{name}.v-1", f"{name}.v0")
    def split(data: upcasting.Document) -> upcasting.Document:
        group, _, agent = data["to"].partition("/")
        return {"group": group, "agent": agent}

    @upcasting.upcaster(f"{name}.v0", f"{name}.v1")
    def rename(data: upcasting.Document) -> upcasting.Document:
        return {"team": data["group"], "agent": data["agent"]}

    golden = json.loads((GOLDEN / f"{name}.v1.json").read_bytes())
    oldest = golden | {"type": f"{name}.v-1", "data": {"to": "second_line/mira"}}
    older = golden | {"type": f"{name}.v0", "data": {"group": "second_line", "agent": "mira"}}
    for old in (oldest, older):
        record = codec.decode(json.dumps(old).encode())
        assert record.data == CaseAssigned(team="second_line", agent="mira")
        assert record.type == old["type"]


def test_a_second_upcaster_of_one_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcasting, "_steps", {})
    upcasting.upcaster("a.v1", "a.v2")(lambda data: data)
    with pytest.raises(ValueError, match=r"a\.v1 already has an upcaster"):
        upcasting.upcaster("a.v1", "a.v3")
        upcasting.upcaster("a.v1", "a.v3")(lambda data: data)


def test_a_type_that_nobody_knows_cannot_be_read() -> None:
    golden = json.loads((GOLDEN / "nl.casefold.case.assigned.v1.json").read_bytes())
    unknown = golden | {"type": "nl.casefold.case.unheard-of.v1"}
    with pytest.raises(UnreadableRecord):
        codec.decode(json.dumps(unknown).encode())
