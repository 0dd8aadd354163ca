"""C1, C2, C15: a form of the portal goes to intake by its topic, and has exactly one outcome."""

from collections import Counter
from contextlib import suppress
from uuid import UUID

import pytest
from case_events.contracts.intake import CaseCreated
from case_events.contracts.refusals import InputRefused
from case_events.runtime import Unavailable
from case_events.topics import INTAKE, REFUSALS
from case_intake.adapters.memory import MemoryInboundRepository
from case_portal.core.problem import Problem
from case_portal.new_case.ports import Submission

from tests.acceptance.dtnext.conftest import simulated
from tests.acceptance.dtnext.people import ADDRESS, ANOUK, HENDRIK, PIETER
from tests.support.desk.scenario import Desk
from tests.support.desk.values import File, Form
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.wire import codec

pytestmark = pytest.mark.acceptance

FORM = Form(
    case_type="incident",
    values={"title": "The report is empty", "description": "It has no lines.",
            "product": "Reports", "recurring": True},
    files=(File("report.pdf", b"%PDF-1.7", "application/pdf"),),
    key="a form",
)  # fmt: skip
WRONG = Form(case_type="incident", values={"product": "Reports"}, key="a wrong form")


def submitted(world: SideBySideDriver, form: Form = FORM) -> Submission:
    """A form that was sent in by Anouk, and published."""
    sent = world.submit(ANOUK, form)
    assert isinstance(sent, Submission)
    return sent


@pytest.mark.by_platform("C1")
def test_a_form_of_the_portal_becomes_a_case_with_all_that_was_typed(
    timed_desk: Desk, world: SideBySideDriver
) -> None:
    """C1, C3: its files too; it is confirmed, and its history says that it came by the portal."""
    outcome = submitted(world).outcome
    assert outcome is not None
    assert (outcome.status, outcome.version) == ("done", 1)
    case = timed_desk.case(outcome.reference)
    created = case.event("case_created")
    assert (created.text, created.channel, created.who.id) == (
        "It has no lines.", "portal", ANOUK.id)  # fmt: skip
    assert case.told.title == "The report is empty"
    assert case.told.fields == {"product": "Reports", "recurring": "true"}
    (file,) = created.files
    assert (file.name, case.file_for(ANOUK, file.sha256)) == ("report.pdf", b"%PDF-1.7")
    assert len(case.mails_to(ANOUK, "confirmation")) == 1
    assert case.flaws == []


@pytest.mark.by_platform("C15")
def test_everything_that_is_wrong_with_a_form_comes_back_with_what_was_typed(
    timed_desk: Desk, world: SideBySideDriver
) -> None:
    """C15: each at its field; and the desk sees what was refused."""
    sent = submitted(world, WRONG)
    assert sent.outcome is not None
    assert (sent.outcome.status, sent.outcome.code) == ("refused", "invalid_input")
    assert {(one.field, one.rule) for one in sent.outcome.faults} == {
        ("title", "required"), ("description", "required")}  # fmt: skip
    assert sent.typed == {"product": "Reports"}
    (kept,) = timed_desk.refusals("invalid_input")
    assert kept.actor.id == ANOUK.id


@pytest.mark.by_platform("C2")
def test_a_form_that_is_sent_twice_is_one_case(timed_desk: Desk, world: SideBySideDriver) -> None:
    """C2: also while nobody is there who makes it; another person's form is another case."""
    world.stop("intake")
    first = submitted(world)
    assert first.outcome is None
    assert submitted(world) == first
    world.start("intake")
    done = submitted(world)
    assert done.outcome is not None
    assert done.id == first.id
    assert timed_desk.cases_of(ANOUK) == [done.outcome.reference]
    other = world.submit(PIETER, FORM)
    assert isinstance(other, Submission)
    assert other.id != done.id


def test_what_is_submitted_while_intake_is_away_happened_then(
    timed_desk: Desk, world: SideBySideDriver
) -> None:
    """C1: its clocks begin when it was sent in, not when it was taken in."""
    world.stop("intake")
    sent, at = submitted(world), timed_desk.now
    timed_desk.time_passes(hours=5)
    world.start("intake")
    timed_desk.time_passes(seconds=5)
    outcome = submitted(world).outcome
    assert outcome is not None
    created = timed_desk.case(outcome.reference).event("case_created")
    assert abs((created.at - at).total_seconds()) < 1
    assert sent.outcome is None


CRASHES = [
    (service, step, at)
    for service in ("portal", "intake", "workflow")
    for step in ("commit", "answer", "send", "acknowledge")
    for at in range(4)
]


def submit_with_a_crash(form: Form, service: str, step: str, at: int) -> None:
    """Send a form in, while a service dies at its `at`th step from then on; then every service
    dies once more, and the form is sent again. It has one outcome."""
    with simulated() as world:
        desk = Desk(world, ADDRESS, HENDRIK)
        faults = world.platform.services[service].faults
        faults.plan(step, *[None] * at, Unavailable("it died"))
        with suppress(Unavailable):  # then the page says so, and the form is sent again
            world.submit(ANOUK, form)
        for one in ("portal", "intake", "workflow"):
            world.stop(one)
            world.start(one)
        desk.time_passes(minutes=10)
        again = world.submit(ANOUK, form)
        assert not isinstance(again, Problem)
        named = Counter(_submissions(world))
        assert named, "the form has no outcome"
        assert named == {again.id: 1}, "the form has two outcomes"
        assert again.outcome is not None, "the outcome did not arrive"
        for reference in desk.cases_of(ANOUK):
            assert desk.case(reference).flaws == []


def _submissions(world: SideBySideDriver) -> list[UUID]:
    """The submission that each new case and each refusal names, of every record once."""
    published = {
        record.id: record
        for topic in (INTAKE, REFUSALS)
        for record in (codec.decode(one.value) for one in world.platform.bus.records(topic))
    }
    return [
        record.data.submission
        for record in published.values()
        if isinstance(record.data, CaseCreated | InputRefused) and record.data.submission
    ]


@pytest.mark.by_platform("C1", "C2")
@pytest.mark.parametrize(("service", "step", "at"), CRASHES)
def test_a_form_has_one_outcome_whatever_crashes(service: str, step: str, at: int) -> None:
    """C1, C2: nothing is lost, and nothing is made twice."""
    submit_with_a_crash(FORM, service, step, at)


@pytest.mark.by_platform("C15")
@pytest.mark.parametrize(("service", "step", "at"), [one for one in CRASHES if one[0] == "intake"])
def test_a_wrong_form_is_refused_once_whatever_crashes(service: str, step: str, at: int) -> None:
    """C15: the refusal is the outcome, and there is one."""
    submit_with_a_crash(WRONG, service, step, at)


@pytest.mark.parametrize("form", [FORM, WRONG])
def test_the_check_finds_a_form_with_two_outcomes(
    form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what makes taking in happen once taken out, the same crash makes a second outcome."""

    async def knows_nothing(self: MemoryInboundRepository, tenant: str, arrived: object) -> bool:
        return False

    monkeypatch.setattr(MemoryInboundRepository, "exists", knows_nothing)
    failed = 0
    for step in ("commit", "answer"):
        for at in range(6):
            try:
                submit_with_a_crash(form, "intake", step, at)
            except AssertionError as error:
                assert "outcomes" in str(error)
                failed += 1
    assert failed
