"""H4, H3: what the product director decides, in which order, and how contacts rate."""

import pytest

from tests.acceptance.helpcenter.people import (
    FLOOR,
    GEERT,
    HELPDESK,
    INEKE,
    LOTTE,
    OLGA,
    PETER,
    THIJS,
)
from tests.acceptance.helpcenter.steps import form, parked, reopen, solve, taken_up
from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import Person

pytestmark = pytest.mark.acceptance

CHANGE = "software_change"


def weighed(desk: Desk, contact: Person, workaround: str, effort: str, priority: str = "") -> Case:
    """A fault that waits for the product director, with what the ranking weighs."""
    case = desk.form_from(contact, form("fault"))
    case.agent(FLOOR).takes_up()
    if priority:
        case.agent(FLOOR).sets_priority(priority)
    case.agent(FLOOR).fills_in(effort=effort)
    case.agent(FLOOR).takes_step("park", "This takes a new version.", workaround=workaround)
    return case


def test_what_is_parked_waits_for_the_product_director(desk: Desk) -> None:
    """H4: she is told, sees it among what waits, and says yes, and when."""
    case = parked(desk, INEKE, FLOOR)
    assert case.mail_to(OLGA, "to_decide").subject.startswith(f"[{case.reference}] Decision asked")
    (waits,) = desk.waiting_for(OLGA, CHANGE)
    assert (waits.reference, waits.yours) == (case.reference, True)
    case.agent(OLGA).decides(
        CHANGE, "yes", "SECRET: half the customers ask.", answer="Die komt er.", release="2026-04"
    )
    assert desk.waiting_for(OLGA, CHANGE) == []
    shown = case.seen_by(INEKE)
    assert shown is not None
    assert shown.status == "parked"
    assert shown.release is not None
    assert (shown.release.release, shown.release.week) == ("2026-04", "2026-W18")
    letter = case.mail_to(INEKE, "planned")
    assert "in week 18 van 2026" in " ".join(letter.text.split())
    assert "Die komt er." in letter.text

    case.agent(FLOOR).takes_step("release", "In versie 8.2.")
    assert case.status == "solved"
    assert "In versie 8.2." in case.mail_to(INEKE, "released").text
    assert case.reference in desk.cases_of(INEKE)
    assert all("SECRET" not in mail.text for mail in case.mails_to(INEKE))
    assert case.flaws == []


def test_declined_the_contact_hears_why_in_words_meant_for_them(desk: Desk) -> None:
    """H4, C11: the reason stays inside, with who decided and when; the case stays to be seen."""
    case = parked(desk, INEKE, FLOOR)
    case.agent(OLGA).decides(
        CHANGE, "no", "SECRET: the module goes away.", answer="Er komt een andere manier."
    )
    assert case.status == "solved"
    letter = case.mail_to(INEKE, "declined")
    assert "Er komt een andere manier." in letter.text
    assert case.seen_by(INEKE) is not None
    event = case.event("decision_made")
    assert (event.who.id, event.what["outcome"], event.text) == (
        OLGA.id, "no", "SECRET: the module goes away."
    )  # fmt: skip
    seen = case.history_for(INEKE)
    assert not {"decision_requested", "decision_made"} & {entry.type for entry in seen}
    assert all("SECRET" not in entry.text for entry in seen)
    assert all("SECRET" not in mail.text for mail in case.mails_to(INEKE))
    assert "SECRET" in case.mail_to(HELPDESK, "decided").text


def test_what_waits_is_ranked_with_its_reasons(desk: Desk) -> None:
    """H4: by workaround, reporters, work, urgency, and how many more urgent ones wait."""
    good = weighed(desk, INEKE, "good", "weeks")
    none = weighed(desk, PETER, "none", "days")
    urgent = weighed(desk, LOTTE, "none", "hours", priority="high")
    found = desk.waiting_for(OLGA, CHANGE)
    assert [one.reference for one in found] == [
        urgent.reference, none.reference, good.reference
    ]  # fmt: skip
    assert [one.points for one in found] == [95, 53, 3]
    reasons = {reason.criterion: (reason.value, reason.points) for reason in found[1].reasons}
    assert reasons == {
        "workaround": ("none", 40), "reporters": ("1", 5), "effort": ("days", 10),
        "urgent": ("false", 0), "more_urgent": ("1", -2),
    }  # fmt: skip
    assert found[0].reasons[0].title == "Workaround"
    none.agent(OLGA).fills_in(effort="hours")
    assert [one.points for one in desk.waiting_for(GEERT, CHANGE)] == [95, 63, 3]


@pytest.mark.by_platform("C5")
def test_nobody_else_decides_and_no_contact_sees_what_waits(desk: Desk) -> None:
    """H4, C5, C15: agents look on; a decision needs the role, a reason and words to the contact."""
    case = parked(desk, INEKE, FLOOR)
    (waits,) = desk.waiting_for(FLOOR, CHANGE)
    assert waits.yours is False
    refused = case.agent(FLOOR).tries.decides(CHANGE, "yes", answer="Ja.")
    assert (refused.status, refused.field, refused.rule) == ("refused", "decision", "role")
    unreasoned = case.agent(OLGA).tries.decides(CHANGE, "yes", "", answer="Ja.")
    assert (unreasoned.field, unreasoned.rule) == ("reason", "string_too_short")
    untold = case.agent(OLGA).tries.decides(CHANGE, "yes")
    assert (untold.field, untold.rule) == ("answer", "required")
    theirs = case.contact(INEKE).tries.decides(CHANGE, "yes")
    assert theirs.status == "refused"
    assert desk.driver.waiting(INEKE, CHANGE) is None
    assert desk.driver.waiting(OLGA, "lunch") is None


def test_what_is_taken_up_again_waits_no_more(desk: Desk) -> None:
    """H4: nor can it be decided; parked again, it is asked anew."""
    case = parked(desk, INEKE, FLOOR)
    case.agent(FLOOR).takes_step("unpark")
    assert desk.waiting_for(OLGA, CHANGE) == []
    refused = case.agent(OLGA).tries.decides(CHANGE, "no", answer="Nee.")
    assert (refused.status, refused.rule) == ("refused", "waits")
    asked = case.agent(FLOOR).tries.asks_decision(CHANGE)
    assert (asked.status, asked.field, asked.rule) == ("refused", "status", "statuses")
    case.agent(FLOOR).takes_step("park", "After all.")
    assert len(desk.waiting_for(OLGA, CHANGE)) == 1
    assert len(case.mails_to(OLGA, "to_decide")) == 2
    assert case.agent(FLOOR).asks_decision(CHANGE).status == "unchanged"


def test_decided_it_can_be_put_to_her_again(desk: Desk) -> None:
    """H4: with a reason, which she reads and the contact does not."""
    case = parked(desk, INEKE, FLOOR)
    case.agent(OLGA).decides(CHANGE, "yes", answer="Ooit.")
    assert case.shown.release is None
    case.agent(FLOOR).asks_decision(CHANGE, "SECRET: a hundred more asked.")
    assert "a hundred more" in case.mails_to(OLGA, "to_decide")[-1].text
    assert all("SECRET" not in entry.text for entry in case.history_for(INEKE))
    case.agent(OLGA).decides(CHANGE, "yes", answer="In mei.", week="2026-W21")
    release = case.shown.release
    assert release is not None
    assert (release.release, release.week) == ("2026-05", "2026-W21")


def test_a_day_after_it_was_solved_the_contact_is_asked_how_it_was(timed_desk: Desk) -> None:
    """H3, C8: once, with a link; not when it was reopened before."""
    case = taken_up(timed_desk, LOTTE, FLOOR)
    case.agent(FLOOR).assigns("helpdesk", to=FLOOR)
    solve(case, FLOOR)
    reopened = taken_up(timed_desk, INEKE, FLOOR)
    solve(reopened, FLOOR)
    reopen(reopened, INEKE)
    timed_desk.time_passes(hours=23)
    assert case.mails_to(LOTTE, "rating_asked") == []
    timed_desk.time_passes(hours=1, seconds=5)
    letter = case.mail_to(LOTTE, "rating_asked")
    assert "/rate/" in letter.text
    assert reopened.mails_to(INEKE, "rating_asked") == []
    case.contact(LOTTE).rates(2, "Het duurde lang.")
    shown = case.seen_by(THIJS)
    assert shown is not None
    assert shown.rating is not None
    assert shown.rating.stars == 2
    assert "Het duurde lang." in case.mail_to(FLOOR, "rated").text
    timed_desk.time_passes(days=3)
    assert case.status == "closed"
    case.contact(LOTTE).rates(4)
    assert [entry.what["stars"] for entry in case.events("case_rated")] == [2, 4]
    assert len(case.mails_to(LOTTE, "rating_asked")) == 1


def test_only_the_contact_rates_what_is_solved_on_the_scale(desk: Desk) -> None:
    """H3, C6, C15."""
    case = taken_up(desk, LOTTE, FLOOR)
    early = case.contact(LOTTE).tries.rates(5)
    assert (early.status, early.field, early.rule) == ("refused", "status", "statuses")
    solve(case, FLOOR)
    beyond = case.contact(LOTTE).tries.rates(6)
    assert (beyond.status, beyond.field, beyond.rule) == ("refused", "stars", "scale")
    own = case.agent(FLOOR).tries.rates(5)
    assert (own.status, own.rule) == ("refused", "by")
    case.contact(LOTTE).rates(5)
    assert case.contact(LOTTE).rates(5).status == "unchanged"
