"""C1, C2, C15: a form of the portal goes to intake by its topic, and has exactly one outcome."""

from collections import Counter
from uuid import UUID

import pytest
from case_events.contracts.intake import CaseCreated
from case_events.contracts.refusals import InputRefused
from case_events.envelope import Record
from case_events.runtime import Unavailable
from case_events.topics import INTAKE, REFUSALS, SUBMISSIONS
from case_intake.adapters.memory import MemoryInboundRepository

from tests.acceptance.dtnext.conftest import simulated
from tests.acceptance.dtnext.people import ADDRESS, ANOUK, HENDRIK, PIETER
from tests.support.desk.new_case_page import NewCasePage
from tests.support.desk.scenario import Desk
from tests.support.desk.values import File, Person
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.wire import codec

pytestmark = pytest.mark.acceptance

REPORT = File("report.pdf", b"%PDF-1.7", "application/pdf")
FORM: dict[str, str | bool] = {
    "title": "The report is empty", "description": "It has no lines.",
    "product": "Reports", "recurring": True,
}  # fmt: skip
REQUIRED = "Vul dit in."
WRONG: dict[str, str | bool] = {"product": "Reports"}
Filled = dict[str, str | bool]


def filled_in(
    world: SideBySideDriver, values: Filled = FORM, *, who: Person = ANOUK
) -> NewCasePage:
    """The form of an incident, as somebody has filled it in."""
    form = world.browser(who).opens_form("incident")
    form.fills_in(values, [REPORT] if values == FORM else [])
    return form


@pytest.mark.by_platform("C1")
def test_a_form_of_the_portal_becomes_a_case_with_all_that_was_typed(
    timed_desk: Desk, world: SideBySideDriver
) -> None:
    """C1, C3: its files too; it is confirmed, and its history says that it came by the portal."""
    sent = filled_in(world).sends()
    assert sent.status == 303
    case = timed_desk.case(sent.reference)
    assert case.story[0] == "case_created"
    created = case.event("case_created")
    assert (created.text, created.channel, created.who.id) == (
        "It has no lines.", "portal", ANOUK.id)  # fmt: skip
    assert case.shown.title == "The report is empty"
    assert case.shown.fields == {"product": "Reports", "recurring": "true"}
    (file,) = created.files
    assert (file.name, case.file_for(ANOUK, file.sha256)) == ("report.pdf", b"%PDF-1.7")
    assert len(case.mails_to(ANOUK, "confirmation")) == 1
    assert case.flaws == []


@pytest.mark.by_platform("C15")
def test_everything_that_is_wrong_with_a_form_comes_back_with_what_was_typed(
    timed_desk: Desk, world: SideBySideDriver
) -> None:
    """C15: each at its field; and the desk sees what was refused."""
    form = filled_in(world, WRONG)
    sent = form.sends()
    assert sent.status == 422
    assert sent.problems == dict.fromkeys(("title", "description"), REQUIRED)
    assert sent.typed == {"product": "Reports"}
    (kept,) = timed_desk.refusals("invalid_input")
    assert kept.actor.id == ANOUK.id
    assert isinstance(kept.data, InputRefused)
    assert {(one.field, one.rule) for one in kept.data.faults} == {
        ("title", "required"), ("description", "required")}  # fmt: skip
    form.fills_in({"title": "Empty", "description": "It has no lines."})
    case = timed_desk.case(form.sends().reference)
    assert (case.shown.title, case.shown.fields["product"]) == ("Empty", "Reports")


@pytest.mark.by_platform("C2")
def test_a_form_that_is_sent_twice_is_one_case(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C2: also while nobody is there who makes it; another person's form is another case."""
    form, other = filled_in(world), filled_in(world, who=PIETER)
    world.stop("intake")
    first = form.sends()
    assert (first.status, form.sends()) == (202, first)
    world.start("intake")
    done = form.looks(first.waits_at)
    assert done.status == 303
    assert form.sends() == done
    assert timed_desk.cases_of(ANOUK) == [done.reference]
    other.key = form.key
    assert other.sends().reference not in ("", done.reference)


def test_what_is_submitted_while_intake_is_away_happened_then(
    timed_desk: Desk, world: SideBySideDriver
) -> None:
    """C1: its clocks begin when it was sent in, not when it was taken in."""
    form = filled_in(world)
    world.stop("intake")
    sent, at = form.sends(), timed_desk.now
    timed_desk.time_passes(hours=1)
    world.start("intake")
    timed_desk.time_passes(seconds=5)
    done = form.looks(sent.waits_at)
    created = timed_desk.case(done.reference).event("case_created")
    assert abs((created.at - at).total_seconds()) < 1


CRASHES = [
    (service, step, at)
    for service in ("portal", "intake", "workflow")
    for step in ("commit", "answer", "send", "acknowledge")
    for at in range(4)
]


def send_with_a_crash(values: Filled, service: str, step: str, at: int) -> None:
    """Send a form in, while a service dies at its `at`th step from then on; then every service
    dies once more, and the form is sent again. It has one outcome."""
    with simulated() as world:
        desk = Desk(world, ADDRESS, HENDRIK)
        form = filled_in(world, values)
        faults, key = world.platform.services[service].faults, form.key
        faults.plan(step, *[None] * at, Unavailable("it died"))
        form.sends()  # where it could not be taken in, the page says so
        for one in ("portal", "intake", "workflow"):
            world.stop(one)
            world.start(one)
        desk.time_passes(minutes=10)
        form.key = key  # a form that was refused came back with another
        again = form.sends()
        (submission,) = {record.id for record in _published(world, SUBMISSIONS)}
        named = Counter(_submissions(world))
        assert named, "the form has no outcome"
        assert named == {submission: 1}, "the form has two outcomes"
        assert again.reference or again.problems, "the outcome did not arrive"
        for reference in desk.cases_of(ANOUK):
            assert desk.case(reference).flaws == []


def _published(world: SideBySideDriver, *topics: str) -> list[Record]:
    """Every record of these topics, once."""
    found = (
        codec.decode(one.value) for topic in topics for one in world.platform.bus.records(topic)
    )
    return list({record.id: record for record in found}.values())


def _submissions(world: SideBySideDriver) -> list[UUID]:
    """The submission that each new case and each refusal names."""
    return [
        record.data.submission
        for record in _published(world, INTAKE, REFUSALS)
        if isinstance(record.data, CaseCreated | InputRefused) and record.data.submission
    ]


@pytest.mark.by_platform("C1", "C2")
@pytest.mark.parametrize(("service", "step", "at"), CRASHES)
def test_a_form_has_one_outcome_whatever_crashes(service: str, step: str, at: int) -> None:
    """C1, C2: nothing is lost, and nothing is made twice."""
    send_with_a_crash(FORM, service, step, at)


@pytest.mark.by_platform("C15")
@pytest.mark.parametrize(("service", "step", "at"), [one for one in CRASHES if one[0] == "intake"])
def test_a_wrong_form_is_refused_once_whatever_crashes(service: str, step: str, at: int) -> None:
    """C15: the refusal is the outcome, and there is one."""
    send_with_a_crash(WRONG, service, step, at)


@pytest.mark.parametrize("form", [FORM, WRONG])
def test_the_check_finds_a_form_with_two_outcomes(
    form: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what makes taking in happen once taken out, the same crash makes a second outcome."""

    async def knows_nothing(self: MemoryInboundRepository, tenant: str, arrived: object) -> bool:
        return False

    monkeypatch.setattr(MemoryInboundRepository, "exists", knows_nothing)
    failed = 0
    for step in ("commit", "answer"):
        for at in range(6):
            try:
                send_with_a_crash(form, "intake", step, at)
            except AssertionError as error:
                assert "outcomes" in str(error)
                failed += 1
    assert failed
