"""C11: `casefold definition migrate`, over the API that it asks: first said, then done."""

import copy
from collections.abc import Callable
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from case_definition.lookup.reference import Reference
from case_events.contracts.commands import Command
from case_events.contracts.migration import MigrateCase
from case_events.contracts.reference import DefinitionPublished, EntryChanged
from case_events.envelope import SYSTEM
from case_portal.app import make_app
from case_portal.commands.ports import CommandReceipt
from case_portal.core.principal import Principal, Scope
from case_portal.migrations import service as migrating
from case_portal.migrations.cli import migrate
from case_portal.read_model.ports import Listing, Page
from case_portal.read_model.view import CaseView, CommandOutcome, FoundCase
from click.testing import CliRunner, Result
from msgspec.structs import replace
from starlette.testclient import TestClient

from tests.unit.portal.portal_desk import portal_of_desk
from tests.unit.portal.portal_sample import definition_document, record, reference_data

MAPPING = "to: 2\nstatuses:\n  need_input: asked\n"
DONE = CommandOutcome(status="done", version=8)
Desk = Callable[..., Result]


class OpenCases:
    """Some open cases, which a desk migrates as workflow would: all that are asked, but those
    that it refuses."""

    def __init__(self) -> None:
        statuses = ("open", "need_input", "need_input", "open", "need_input")
        self.views = {
            UUID(int=number): CaseView(
                tenant="here", reference=f"CAS-{number}", case_type="incident", status=status,
                priority="P2", team="first", definition="here/1",
            )
            for number, status in enumerate(statuses, 1)
        }  # fmt: skip
        self.answers: dict[str, CommandOutcome | None] = {}

    def of(self, principal: Principal) -> "OpenCases":
        return self

    async def listed(self, scope: Scope, listing: Listing) -> Page:
        assert (listing.view, listing.sort) == ("active", "created_at")
        found = [FoundCase(id, v) for id, v in self.views.items() if v.status_kind != "final"]
        first = (listing.page - 1) * listing.size
        return Page(found[first : first + listing.size], len(found) > first + listing.size)

    async def ask(self, principal: Principal, case: FoundCase, command: Command) -> CommandReceipt:
        assert isinstance(command, MigrateCase)
        answer = self.answers.get(case.view.reference, DONE)
        if answer is DONE:
            names = command.mapping.get("statuses", {})
            status = names.get(case.view.status, case.view.status)
            self.views[case.id] = replace(
                case.view,
                definition=command.definition,
                status=status,
                status_kind="final" if status == "closed" else "active",
            )
        return CommandReceipt(command=case.id, reference=case.view.reference, answer=answer)

    async def asked(self, principal: Principal, command: UUID) -> CommandReceipt | None:
        return None

    @property
    def moved(self) -> list[str]:
        return [one.reference for one in self.views.values() if one.definition == "here/2"]


def second_version() -> Reference:
    """What waits for the contact is called otherwise, and Amy is an administrator."""
    known = reference_data()
    document = copy.deepcopy(definition_document("here")) | {"version": 2}
    document["statuses"][1]["name"] = document["transitions"][0]["to"] = "asked"
    known.apply(record(DefinitionPublished("here/2", document), 0, SYSTEM))
    amy = {"kind": "agent", "tenant": "here", "id": "amy", "name": "Amy", "language": "en",
           "email": "amy@desk.example", "roles": ["agent", "administrator"]}  # fmt: skip
    dirk = amy | {"id": "dirk", "name": "Dirk", "email": "dirk@desk.example", "roles": ["agent"]}
    for agent in (amy, dirk):
        known.apply(record(EntryChanged("agent", str(agent["id"]), agent), 0, SYSTEM))
    return known


@pytest.fixture
def cases() -> OpenCases:
    return OpenCases()


@pytest.fixture
def run(cases: OpenCases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The command, asked by an administrator of a portal whose pages are short."""
    portal = portal_of_desk(cases=cases, reference=second_version())
    app = make_app(replaced(portal, api_desk=cases))

    def reach(base_url: str, **_: Any) -> TestClient:
        return TestClient(app, base_url=base_url)

    monkeypatch.setattr(httpx, "Client", reach)
    monkeypatch.setattr(migrating, "A_PAGE", 2)
    monkeypatch.setenv("CASEFOLD_TOKEN", "amy")
    monkeypatch.chdir(tmp_path)

    def asked(mapping: str, *options: str) -> Result:
        Path("mapping.yaml").write_text(mapping)
        return CliRunner().invoke(migrate, ["mapping.yaml", *options])

    return asked


def lines(result: Result) -> list[list[str]]:
    return [line.split("   ") for line in result.output.splitlines()]


def test_without_apply_it_says_what_would_be_and_writes_nothing(
    run: Desk, cases: OpenCases
) -> None:
    done = run(MAPPING)
    assert done.exit_code == 0, done.output
    found = [" ".join(line.split()) for line in done.output.splitlines()]
    assert found == [
        "case version status phase",
        "CAS-1 here/1 → 2 open – can go over",
        "CAS-2 here/1 → 2 need_input → asked – can go over",
        "CAS-3 here/1 → 2 need_input → asked – can go over",
        "CAS-4 here/1 → 2 open – can go over",
        "CAS-5 here/1 → 2 need_input → asked – can go over",
        "5 can go over. Nothing was written. --apply brings them over.",
    ]
    assert cases.moved == []


def test_apply_brings_them_over_and_then_none_is_left(run: Desk, cases: OpenCases) -> None:
    done = run(MAPPING, "--apply")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "5 went over, 0 on their way."
    assert len(cases.moved) == 5
    assert run(MAPPING).output == "No open case is under another version.\n"


def test_cases_that_end_with_it_hide_no_others(run: Desk, cases: OpenCases) -> None:
    """They leave the list of open cases while its pages are asked for."""
    done = run("to: 2\nstatuses: {need_input: closed}", "--apply")
    assert done.exit_code == 0, done.output
    assert len(cases.moved) == 5


@pytest.mark.parametrize("options", [[], ["--apply"]])
def test_nothing_goes_over_while_a_case_cannot(
    run: Desk, cases: OpenCases, options: list[str]
) -> None:
    done = run("to: 2", *options)
    assert done.exit_code == 1
    assert "CAS-2" in done.output
    assert "here/2 has no need_input: say under statuses what it becomes." in done.output
    summary = "2 can go over, 3 cannot. Nothing was written. Map what is missing."
    assert done.output.splitlines()[-1] == summary
    assert cases.moved == []


def test_what_is_refused_or_not_answered_at_once_is_said(run: Desk, cases: OpenCases) -> None:
    cases.answers = {
        "CAS-1": CommandOutcome(status="refused", reason="A closed case stays."),
        "CAS-2": None,
    }
    done = run(MAPPING, "--apply")
    assert done.exit_code == 1
    assert "A closed case stays." in done.output
    assert "is on its way" in done.output
    assert done.output.splitlines()[-1] == "3 went over, 1 on their way, 1 cannot."


@pytest.mark.parametrize(
    ("mapping", "findings"),
    [
        (
            "to: 2\nstatuses:\n  need_inptu: asked\n  need_input: askd\n",
            [
                "mapping.yaml:3: statuses.need_inptu: unknown status `need_inptu`; "
                "did you mean `need_input`?",
                "mapping.yaml:4: statuses.need_input: unknown status `askd`; "
                "did you mean `asked`?",
            ],
        ),
        (
            "# soon\nto: 3\n",
            ["mapping.yaml:2: to: This version of the definition has not been published: "
             "publish it first."],
        ),
        ("to: 2\nstatusses: {}\n", ["mapping.yaml:2: statusses: `statusses` means nothing here; "
                                   "did you mean `statuses`?"]),
        ("to: 2\nstatuses: {a b: asked}\n", ["mapping.yaml:2: statuses.a b: 'a b' has not the "
                                             "right form; write letters, digits and _, "
                                             "beginning with a letter"]),
    ],
    ids=["names", "version", "section", "form"],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(
    run: Desk, cases: OpenCases, mapping: str, findings: list[str]
) -> None:
    done = run(mapping, "--apply")
    assert (done.exit_code, done.output.splitlines()) == (1, findings)
    assert cases.moved == []


def test_only_an_administrator_migrates(run: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """C6"""
    for who, sentence in (("dirk", "not ask this"), ("nobody", "Log in")):
        monkeypatch.setenv("CASEFOLD_TOKEN", who)
        done = run(MAPPING)
        assert done.exit_code == 1
        assert sentence in done.output


def test_who_it_is_can_be_said_by_name(run: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEFOLD_TOKEN")
    monkeypatch.setenv("CASEFOLD_PASSWORD", "amy")
    assert "say who you are: --user" in run(MAPPING).output
    assert run(MAPPING, "--user", "amy").exit_code == 0


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("CASEFOLD_PORTAL_URL", "http://127.0.0.1:1", "the portal does not answer at"),
        ("CASEFOLD_PORTAL_URL", "nowhere", "the portal does not answer at nowhere"),
        ("CASEFOLD_PORTAL_URL", "http://[", "the portal does not answer at http://["),
        ("CASEFOLD_TOKEN", "\udcff", "who you are cannot be sent as it is"),
        ("CASEFOLD_TOKEN", "two\nlines", "the portal does not answer at"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, sentence: str
) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(MAPPING)
    monkeypatch.setenv("CASEFOLD_PORTAL_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("CASEFOLD_TOKEN", "amy")
    monkeypatch.setenv(setting, value)
    done = CliRunner().invoke(migrate, [str(file)])
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 1
    assert sentence in done.output


def test_something_else_that_answers_there_is_no_portal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(MAPPING)
    answers = iter([httpx.Response(200, text="<html>"), httpx.Response(502, text="Bad gateway")])
    transport = httpx.MockTransport(lambda _: next(answers))
    client = httpx.Client

    def reach(**given: Any) -> httpx.Client:
        return client(transport=transport, **given)

    monkeypatch.setattr(httpx, "Client", reach)
    monkeypatch.setenv("CASEFOLD_TOKEN", "amy")
    for sentence in ("is no portal of this version", "the portal answered 502"):
        done = CliRunner().invoke(migrate, [str(file)])
        assert done.exit_code == 1
        assert sentence in done.output
