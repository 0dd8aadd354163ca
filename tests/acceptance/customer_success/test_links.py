"""S5, C11: different subjects go in separate cases, and the same subject twice in one."""

from collections import Counter

import pytest
from case_events.contracts.intake import CaseCreated
from case_events.contracts.links import MergeCase, NewPart, SplitCase
from case_events.contracts.parts import Person as Written
from case_events.contracts.parts import WrittenContent
from case_events.contracts.people import AddWatcher, RemoveWatcher
from case_events.runtime import Unavailable
from case_events.topics import INTAKE
from case_intake.adapters.memory import MemoryInboundRepository

from tests.acceptance.customer_success.conftest import simulated
from tests.acceptance.customer_success.people import (
    ADDRESS,
    CLAIRE,
    JEROEN,
    KARIM,
    LOTTE,
    MARK,
    MEREL,
    WOUTER,
)
from tests.acceptance.customer_success.steps import incident
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File
from tests.support.driver.several_tenants import SideBySideDriver
from tests.support.wire import codec

pytestmark = pytest.mark.acceptance

OUTSIDE = "inhuur@elsewhere.example"
PICTURE = File("rooster.png", bytes(range(256)), "image/png")


def part(title: str, *comments: str, case_type: str = "") -> NewPart:
    """A case to make of a part of another."""
    words = WrittenContent(title=title, text=f"{title}: as we discussed.")
    return NewPart(case_type=case_type, comments=comments, personal=words)


def test_an_agent_splits_one_case_into_several(desk: Desk) -> None:
    """S5, C2, C3, C11: each subject gets its own number, type and confirmation, with what was
    said about it; the first case stays what it is, and each refers to the other."""
    case = desk.mail_from(LOTTE, "Two questions", "The roster, and also invoices.").case
    case.agent(MEREL).takes_up()
    case.contact(LOTTE).comments("The invoice of March is empty.", [PICTURE])
    comment = case.events("comment_added")[0].what["comment"]
    case.agent(MEREL).splits(
        part("Empty invoice", comment, case_type="incident"), part("Exporting shifts")
    )
    by_title = {one.shown.title: one for one in case.linked("split", "from")}
    first, second = by_title["Empty invoice"], by_title["Exporting shifts"]
    assert len({case.reference, first.reference, second.reference}) == 3
    assert (first.shown.case_type, second.shown.case_type) == ("incident", "question")
    assert (first.status, case.status) == ("received", "in_progress")
    created = first.event("case_created")
    assert "as we discussed" in created.text
    assert "The invoice of March is empty." in created.text
    (file,) = created.files
    assert first.file_for(LOTTE, file.sha256) == PICTURE.data
    for one in (first, second):
        assert [link.reference for link in one.linked("split", "to", LOTTE)] == [case.reference]
        letter = one.mail_to(LOTTE, "split_off")
        assert case.reference in letter.text
        assert created.who.id == MEREL.id
        assert one.flaws == []
    assert case.flaws == []
    assert [entry.type for entry in case.events("case_requested")] == ["case_requested"] * 2
    assert "case_requested" not in [entry.type for entry in case.history_for(LOTTE)]


@pytest.mark.by_platform("C15")
def test_what_cannot_be_split_off_is_refused(desk: Desk) -> None:
    """S5, C15: nothing of it happens, and the reason says what to mend."""
    case = desk.form_from(LOTTE, incident())
    tries = case.agent(MEREL).tries
    assert tries.splits().field == "parts"
    assert tries.splits(part("Fine"), part("  ")).field == "title"
    assert tries.splits(part("Fine", case_type="riddle")).field == "case_type"
    assert tries.splits(NewPart(personal=WrittenContent(title="No text"))).field == "text"
    assert (
        case.contact(LOTTE).tries.asks_for(SplitCase(parts=(part("Fine"),))).code == "may_not_ask"
    )
    assert case.linked("split", "from") == []
    case.contact(LOTTE).closes()
    assert tries.splits(part("Too late")).rule == "status"


def two_about_one(desk: Desk) -> tuple[Case, Case]:
    """A colleague of Lotte reports what she has reported."""
    first = desk.form_from(LOTTE, incident())
    second = desk.mail_from(MARK).case
    second.agent(MEREL).takes_up()
    return first, second


def test_a_merged_case_goes_on_in_the_other(desk: Desk) -> None:
    """C4, C10, C11: its contact is told so; what is still written to it arrives in the other,
    whose answers its contact gets as well."""
    first, second = two_about_one(desk)
    letter = second.mail_to(MARK, "registered")
    second.agent(MEREL).merges(first)
    assert second.shown.status_kind == "final"
    assert second.linked("merge", "to")[0].reference == first.reference
    assert first.linked("merge", "from")[0].reference == second.reference
    assert first.reference in second.mail_to(MARK, "merged").text
    assert second.mails_to(MARK, "closed") == []

    second.contact(MARK).replies_by_mail("It is worse now.", to=letter, by="token")
    second.contact(MARK).replies_by_mail("Much worse.", to=letter, by="thread")
    second.contact(MARK).replies_by_mail("Hopeless.", to=letter, by="subject")
    second.contact(MARK).comments("And in the portal.")
    written = ["It is worse now.", "Much worse.", "Hopeless.", "And in the portal."]
    assert first.comments == written
    assert second.comments == []
    assert {entry.who.id for entry in first.events("comment_added")} == {MARK.id}

    first.agent(MEREL).comments("We are restoring the shifts.")
    assert "restoring" in first.mail_to(MARK, "answer").text
    assert "restoring" in first.mail_to(LOTTE, "answer").text
    assert (first.flaws, second.flaws) == ([], [])


def test_a_merge_can_be_undone(desk: Desk) -> None:
    """C11: the case lives again with the status it had, hears its own mail again, and both
    histories say it."""
    first, second = two_about_one(desk)
    letter = second.mail_to(MARK, "registered")
    second.agent(MEREL).merges(first)
    second.contact(MARK).replies_by_mail("Meanwhile.", to=letter, by="token")
    second.agent(MEREL).undoes_merge()
    assert second.status == "in_progress"
    assert (second.linked("merge", "to"), first.linked("merge", "from")) == ([], [])
    assert [e.type for e in second.events("case_merged", "merge_undone")] == [
        "case_merged", "merge_undone"
    ]  # fmt: skip
    assert [e.type for e in first.events("case_linked", "case_unlinked")] == [
        "case_linked", "case_unlinked"
    ]  # fmt: skip
    assert len(second.mails_to(MARK, "merge_undone")) == 1
    second.contact(MARK).replies_by_mail("And again.", to=letter, by="token")
    assert (first.comments, second.comments) == (["Meanwhile."], ["And again."])
    first.agent(MEREL).comments("For Lotte alone.")
    assert first.mails_to(MARK, "answer") == []
    assert second.agent(MEREL).tries.undoes_merge().rule == "merged"
    second.agent(MEREL).merges(first)
    assert second.shown.status_kind == "final"
    assert (first.flaws, second.flaws) == ([], [])


@pytest.mark.by_platform("C5")
def test_who_follows_a_merged_case_hears_of_the_other(desk: Desk) -> None:
    """C10, C5, S6: each once, with who follows it by themselves; they see no more of it than they
    did, and the desk sees through which case they came. Undone, all is as before."""
    first, second = two_about_one(desk)
    second.agent(MEREL).asks_for(AddWatcher(watcher=f"contact/{CLAIRE.id}"))
    second.agent(MEREL).asks_for(AddWatcher(personal=Written(OUTSIDE, "Ilse")))
    first.agent(MEREL).asks_for(AddWatcher(watcher=f"agent/{JEROEN.id}"))
    second.agent(MEREL).asks_for(AddWatcher(watcher=f"agent/{JEROEN.id}"))
    second.agent(MEREL).merges(first)
    for follower in (CLAIRE, OUTSIDE):
        assert first.reference in second.mail_to(follower, "merged").text
        assert first.mails_to(follower, "involved") == [], "the mail about the merge says it"

    first.agent(MEREL).comments("We are restoring the shifts.")
    for follower in (MARK, CLAIRE, OUTSIDE, JEROEN):
        assert "restoring" in first.mail_to(follower, "answer").text
    assert first.seen_by(CLAIRE) is None
    shown = {(one.watcher, one.through) for one in first.shown.watchers}
    assert (f"contact/{CLAIRE.id}", second.reference) in shown
    seen = first.seen_by(LOTTE)
    assert seen is not None
    assert [one.watcher for one in seen.watchers] == [f"agent/{JEROEN.id}"]
    assert "watchers_joined" not in [entry.type for entry in first.history_for(LOTTE)]

    second.contact(CLAIRE).asks_for(RemoveWatcher(watcher=f"contact/{CLAIRE.id}"))
    first.agent(MEREL).comments("Half of them are back.")
    assert len(first.mails_to(CLAIRE, "answer")) == 1
    assert len(first.mails_to(OUTSIDE, "answer")) == 2
    second.agent(MEREL).undoes_merge()
    first.agent(MEREL).comments("All of them are back.")
    second.agent(MEREL).comments("And your question?")
    assert [len(first.mails_to(one, "answer")) for one in (OUTSIDE, JEROEN)] == [2, 3]
    assert [len(second.mails_to(one, "answer")) for one in (OUTSIDE, JEROEN)] == [1, 1]
    assert [one.through for one in first.shown.watchers] == [""]
    assert (first.flaws, second.flaws) == ([], [])


@pytest.mark.by_platform("C5", "C15")
def test_only_cases_of_one_customer_are_merged_into_one_that_is_open(desk: Desk) -> None:
    """C5, C15: another customer's case never comes near."""
    first, second = two_about_one(desk)
    other = desk.form_from(KARIM, incident())
    tries = second.agent(MEREL).tries
    assert tries.merges(other).rule == "same_customer"
    assert tries.merges(second).rule == "another"
    assert (
        second.contact(MARK).tries.asks_for(MergeCase(reference=first.reference)).rule == "capacity"
    )
    first.contact(LOTTE).closes()
    assert tries.merges(first).rule == "open"
    assert second.status == "in_progress"


def test_a_contact_sees_no_link_to_a_case_that_they_may_not_see(desk: Desk) -> None:
    """C5: Mark sees his own cases only; Lotte, as key contact, those of all Duinzicht."""
    first, second = two_about_one(desk)
    second.agent(MEREL).merges(first)
    assert second.linked("merge", "to", MARK) == []
    assert len(second.linked("merge", "to", LOTTE)) == 1
    assert first.reference not in str(second.history_for(MARK))
    assert first.reference in str(second.history_for(LOTTE))
    assert first.seen_by(MARK) is None
    assert second.seen_by(CLAIRE) is None


def test_cases_that_were_merged_into_each_other_both_live(world: SideBySideDriver) -> None:
    """C11: two agents merge two cases into each other at one moment: each asks the other, and
    neither disappears."""
    desk = Desk(world, ADDRESS, WOUTER)
    first, second = two_about_one(desk)
    first.agent(MEREL).takes_up()
    world.stop("workflow")
    first.agent(MEREL).tries.merges(second)
    second.agent(MEREL).tries.merges(first)
    world.start("workflow")
    alive = [one for one in (first, second) if one.shown.status_kind != "final"]
    assert alive
    first.contact(LOTTE).comments("Is anybody there?")
    assert "Is anybody there?" in alive[0].comments + alive[-1].comments
    assert (first.flaws, second.flaws) == ([], [])


CRASHES = [
    (service, step, at)
    for service in ("intake", "workflow")
    for step in ("commit", "answer")
    for at in range(6)
]


def split_with_a_crash(service: str, step: str, at: int) -> None:
    """A split into two, while a service dies at its `at`th commit from then on, before or after
    it was kept; and dies once more in the middle. Each part becomes one case."""
    with simulated() as world:
        desk = Desk(world, ADDRESS, WOUTER)
        case = desk.form_from(LOTTE, incident())
        faults = world.platform.services[service].faults
        faults.plan(step, *[None] * at, Unavailable("it died"))
        case.agent(MEREL).tries.splits(part("One"), part("Two"))
        for one in ("intake", "workflow"):
            world.stop(one)
            world.start(one)
        desk.time_passes(minutes=10)
        made = [codec.decode(record.value) for record in world.platform.bus.records(INTAKE)]
        created = Counter(one.case for one in made if isinstance(one.data, CaseCreated))
        assert len(created) == 3, f"{len(created)} cases were made"
        assert set(created.values()) == {1}, "a case was numbered twice"
        parts = case.linked("split", "from")
        assert {one.shown.title for one in parts} == {"One", "Two"}
        assert [one.flaws for one in (case, *parts)] == [[], [], []]


@pytest.mark.by_platform("C1")
@pytest.mark.parametrize(("service", "step", "at"), CRASHES)
def test_one_request_is_one_case_whatever_crashes(service: str, step: str, at: int) -> None:
    """S5, C1, C2: nothing is lost, and nothing is made twice."""
    split_with_a_crash(service, step, at)


def test_the_check_finds_a_case_that_is_numbered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what makes numbering happen once taken out, the same crash makes a second number."""

    async def knows_nothing(self: MemoryInboundRepository, tenant: str, case: object) -> None:
        return None

    monkeypatch.setattr(MemoryInboundRepository, "case", knows_nothing)
    failed = 0
    for step in ("commit", "answer"):
        for at in range(6):
            try:
                split_with_a_crash("intake", step, at)
            except AssertionError as error:
                assert "numbered twice" in str(error)
                failed += 1
    assert failed
