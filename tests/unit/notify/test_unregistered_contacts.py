"""Who is in no directory is written to as a contact is, but for what only contacts can follow."""

from case_events.contracts.notices import NoticeSuppressed
from case_events.contracts.parts import UnregisteredContact, WrittenContent
from case_events.contracts.ratings import RatingRequested
from case_events.contracts.unregistered import unregistered_id, with_submitter
from msgspec.structs import replace

from tests.unit.notify.sample_desk import ANNA, BO, Story, created, mails, places
from tests.unit.notify.test_notices import COMMENT

RIA = UnregisteredContact(address="ria@home.example", name="Ria", language="nl")
CONTACT = f"contact/{unregistered_id(RIA.address)}"


def of_unregistered() -> Story:
    """The case of a stranger, typed in by an agent."""
    story = Story()
    event = replace(
        created(unregistered_id(RIA.address)),
        customer="",
        language="nl",
        personal=with_submitter(WrittenContent(title="Broken printer"), RIA),
    )
    story.tell(event, BO)
    return story


def test_they_are_written_to_at_their_own_address_without_a_link_to_log_in() -> None:
    mail = mails(of_unregistered().tell(COMMENT, BO))[CONTACT]
    assert (mail.to.address, mail.to.name, mail.language) == (RIA.address, RIA.name, "nl")
    assert places(mail)["link"] == ""
    story = Story()
    story.tell(created(), ANNA)
    assert places(mails(story.tell(COMMENT, BO))["contact/anna"])["link"] != ""


def test_they_are_not_asked_to_rate() -> None:
    outcome = of_unregistered().tell(RatingRequested(1, 5))
    assert CONTACT not in mails(outcome)
    suppression_reason = [
        draft.event for draft in outcome.events if isinstance(draft.event, NoticeSuppressed)
    ]
    assert (CONTACT, "stranger") in [(one.recipient, one.reason) for one in suppression_reason]
