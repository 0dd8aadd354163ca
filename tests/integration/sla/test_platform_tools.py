"""`casefold sla explain|what-if REF` and `agreement preview`, over workflow's own API."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg
import pytest
from case_definition.lookup.reference import Reference
from case_events.envelope import Record
from case_events.kernel import DORMANT
from case_events.testing.keys import SECRET_TEXT
from case_sla.entrypoints.cli import sla
from case_sla.entrypoints.preview import agreement
from case_workflow.domain.clocks.dormant import dormant_name
from casefold.project import PROJECT
from casefold.samples import read_sample
from click.testing import CliRunner, Result

from tests.support.real.case_histories import history, prepare, serving, write
from tests.support.real.servers import Databases
from tests.support.world.reference_data import reference_of

pytestmark = pytest.mark.real

TENANT = read_sample().logins[0].account.tenant
FOLDER = PROJECT / "deploy" / "tenants" / TENANT
START = datetime.fromisoformat("2026-03-02T09:00:00+01:00")
CASES = 60


@pytest.fixture(scope="module")
def reference() -> Reference:
    return reference_of(FOLDER)


@pytest.fixture(scope="module")
def recorded_case(reference: Reference) -> list[list[Record]]:
    """Sixty cases of March, the last ten of them still open: of those only the first day."""
    definition, terms = reference.newest(TENANT), sla_of(reference)
    assert definition is not None
    chance = Random(3)
    cases = [
        history(n, START + timedelta(hours=6 * n), definition, terms, chance)
        for n in range(1, CASES + 1)
    ]
    return [records[:6] if place >= CASES - 10 else records for place, records in enumerate(cases)]


def sla_of(reference: Reference) -> str:
    """The sample's agreement that promises something."""
    _, agreements = reference.terms_of(TENANT)
    return next(one.key for one in agreements if one.document.targets)


@pytest.fixture
def address(
    databases: Databases, reference: Reference, recorded_case: list[list[Record]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:  # fmt: skip
    """Workflow's API over these cases."""
    url = databases.fresh(prepare)
    write(url, recorded_case)
    _stand_by(url, reference, [records[0].case for records in recorded_case[-10:]])
    with serving(url, reference) as found:
        monkeypatch.setenv("CASEFOLD_WORKFLOW_URL", found)
        monkeypatch.setenv("CASEFOLD_SECRET", SECRET_TEXT)
        yield found


def _stand_by(url: str, reference: Reference, cases: list[UUID | None]) -> None:
    terms = reference.agreement(sla_of(reference))
    name = dormant_name(TENANT, terms.document.customer, terms.key)
    with psycopg.connect(url) as db:
        for case in cases:
            db.execute(
                "INSERT INTO timers (case_id, name, partition, due, cause)"
                " VALUES (%s, %s, 0, %s, '')",
                [case, name, DORMANT],
            )


def run(group: object, *arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)  # type: ignore[arg-type]


def shorter(reference: Reference, folder: Path, length: str = "PT1H") -> Path:
    """The agreement with one length for all, as a file."""
    terms = reference.agreement(sla_of(reference)).document
    document = terms.model_dump(mode="json", by_alias=True)
    for target in document["targets"]:
        target["priorities"] = dict.fromkeys(target["priorities"], length)
    path = folder / "other.yaml"
    path.write_text(json.dumps(document))
    return path


MONTH = ("--tenant", TENANT, "--since", "2026-03-01", "--until", "2026-04-01")


def test_a_month_under_another_agreement(
    address: str, reference: Reference, tmp_path: Path
) -> None:
    """C13: both attainments side by side, and the cases that differ."""
    other = shorter(reference, tmp_path)
    done = run(sla, "what-if", *MONTH, "--agreement", str(other), "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    now = {line["target"]: line for line in answer["as_is"]}
    then = {line["target"]: line for line in answer["what_if"]}
    assert now.keys() == then.keys() == {"first_response", "resolution"}
    for target in now:
        counted = [sum(side[target][n] for n in ("kept", "missed", "unanswered", "open"))
                   for side in (now, then)]  # fmt: skip
        assert counted == [CASES, CASES]
        assert then[target]["missed"] > now[target]["missed"]
    changed = {(one["reference"], one["target"]) for one in answer["differ"]}
    assert sum(then[t]["missed"] - now[t]["missed"] for t in now) == len(changed)
    text = run(sla, "what-if", *MONTH, "--agreement", str(other)).stdout
    assert f"{len(changed):,} of {2 * CASES:,} cycles would have ended otherwise." in text
    rows = list(csv.DictReader(io.StringIO(
        run(sla, "what-if", *MONTH, "--agreement", str(other), "--csv").stdout)))  # fmt: skip
    assert {(row["reference"], row["target"]) for row in rows} == changed


def test_the_same_terms_change_nothing(address: str, reference: Reference, tmp_path: Path) -> None:
    terms = reference.agreement(sla_of(reference)).document
    path = tmp_path / "same.yaml"
    path.write_text(json.dumps(terms.model_dump(mode="json", by_alias=True)))
    answer = json.loads(run(sla, "what-if", *MONTH, "--agreement", str(path), "--json").stdout)
    assert answer["as_is"] == answer["what_if"]
    assert answer["differ"] == []


def test_another_calendar_for_one_case(
    address: str, recorded_case: list[list[Record]], tmp_path: Path
) -> None:
    """C8: a desk that is open day and night."""
    always = {"timezone": "UTC", "hours": {
        day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }}  # fmt: skip
    (tmp_path / "always.yaml").write_text(json.dumps(always))
    case = recorded_case[3][0].data.reference  # type: ignore[attr-defined]
    done = run(sla, "what-if", case, "--calendar", f"desk={tmp_path / 'always.yaml'}")
    assert done.exit_code == 0, done.output
    assert "As it is:" in done.stdout
    assert "What if:" in done.stdout


def test_a_case_is_explained_in_words_and_as_data(
    address: str, recorded_case: list[list[Record]]
) -> None:
    """P3: minute by minute, summing to the elapsed time."""
    case = recorded_case[3][0].data.reference  # type: ignore[attr-defined]
    done = run(sla, "explain", case, "--tenant", TENANT, "--json")
    for one in json.loads(done.stdout):
        counted = sum(line["counted_seconds"] for line in one["lines"])
        assert counted == pytest.approx(one["elapsed_seconds"], abs=1e-6)
    text = run(sla, "explain", case, "--target", "resolution")
    assert "paused by " in text.stdout
    assert text.exit_code == 0


def test_a_case_is_explained_in_dutch(address: str, recorded_case: list[list[Record]]) -> None:
    """C14: in the words of the desk, with the same times."""
    case = recorded_case[3][0].data.reference  # type: ignore[attr-defined]
    one = run(sla, "explain", case, "--target", "resolution", "--language", "nl")
    assert one.exit_code == 0, one.output
    first, head, *lines = one.stdout.splitlines()
    assert "afgesproken in" in first
    assert head.split() == ["van", "tot", "geteld", "totaal", "waarom"]
    assert any("stilgezet door Uw reactie nodig (versie " in line for line in lines)
    data = run(sla, "explain", case, "--target", "resolution", "--language", "nl", "--json")
    assert json.loads(data.stdout)[0]["sentence"] == first
    assert run(sla, "explain", case, "--language", "fr").exit_code == 2


def test_open_cases_that_an_agreement_would_move(address: str, tmp_path: Path) -> None:
    """C8: only those that are open, before it is published."""
    folder = tmp_path / TENANT
    shutil.copytree(FOLDER, folder)
    shutil.copy(FOLDER.parent / "definition.schema.json", tmp_path)
    (path,) = [p for p in (folder / "agreements").iterdir() if "targets:" in p.read_text()]
    path.write_text(path.read_text().replace("version: 1", "version: 2").replace("PT16H", "PT80H"))
    done = run(agreement, "preview", str(folder), "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert len({one["reference"] for one in found}) <= 10
    assert all(one["would_be"] != one["due"] for one in found)
    text = run(agreement, "preview", str(folder)).stdout
    assert text.rstrip().endswith("would be breached at once.")
    path.write_text(path.read_text().replace("version: 2", "version: 1"))
    refused = run(agreement, "preview", str(folder))
    assert refused.exit_code == 1
    assert "write a higher `version`" in refused.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("explain", "NO-1"), 1, "There is no such case"),
        (("explain", "NO-1", "--at", "yesterday"), 2, "ISO 8601"),
        (("what-if", *MONTH), 2, "name another"),
        (("what-if", "--tenant", "nobody", *MONTH[2:], "--calendar", "x=y"), 1, "y: "),
        (("what-if", "--since", "2026-03-01"), 2, "a period needs"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    address: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """C15: no traceback."""
    done = run(sla, *arguments)
    assert (done.exit_code, words in done.output) == (code, True), done.output


def test_a_platform_that_does_not_run_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEFOLD_WORKFLOW_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("CASEFOLD_SECRET", SECRET_TEXT)
    done = run(sla, "explain", "X-1")
    assert done.exit_code == 1
    assert "is the platform running?" in done.output
