"""Stories that end the same way at every desk: a reply, an automatic answer, an unregistered
sender, a bad form."""

from case_events.contracts.refusals import InputRefused

from tests.support.desk.scenario import Case, Desk
from tests.support.desk.values import File, Form, Person

NOBODY = "somebody@nowhere.example"
FILE = File("screen.png", bytes(range(256)), "image/png")


def reply_is_a_comment(case: Case, who: Person, by: str) -> None:
    """A contact's reply by mail, with an attachment, found `by` token, thread or subject."""
    reply = case.contact(who).replies_by_mail("Here it is.", by=by, attachments=[FILE])
    assert reply.case.reference == case.reference
    comment = case.event("comment_added")
    assert (comment.text, comment.who.id, comment.channel) == ("Here it is.", who.id, "mail")
    assert case.file_for(who, comment.files[0].sha256) == FILE.data


def machines_answer_changes_nothing(desk: Desk, case: Case, who: Person, notice: str) -> None:
    """A notice gets an automatic answer: no loop, no case, no comment, no step."""
    letter, before, mails = case.mail_to(who, notice), case.story, len(desk.mails_to(who))
    arrival = desk.mail_from(
        who, f"Afwezig: {letter.subject}", "Ik ben er niet.", to=letter.reply_to,
        headers={"Auto-Submitted": "auto-replied", "In-Reply-To": letter.message_id},
    )  # fmt: skip
    assert arrival.taken
    assert not arrival.has_case
    assert case.story == before
    assert len(desk.mails_to(who)) == mails


def unregistered_sender_is_answered(desk: Desk, tenant: str, *sentences: str) -> None:
    """A mail from an unregistered sender makes no case. It is refused by field and rule, stored as
    it came, and answered once, with these sentences."""
    arrival = desk.mail_from(NOBODY, "Vraag", "Kunt u helpen?")
    assert not arrival.has_case
    [refusal] = desk.refusals("unknown_sender")
    assert isinstance(refusal.data, InputRefused)
    assert (refusal.tenant, refusal.data.field, refusal.data.rule) == (
        tenant, "from", "known_contact",
    )  # fmt: skip
    raw = desk.driver.arrived(tenant, refusal.data.raw)
    assert raw is not None
    assert b"Kunt u helpen?" in raw
    text = " ".join(desk.mail_to(NOBODY).text.split())
    for sentence in sentences:
        assert sentence in text


def form_is_refused(desk: Desk, who: Person, form: Form, field: str, rule: str) -> None:
    """A bad form gets a sentence for each mistake, this one among them. The typed values are
    stored."""
    answers = desk.refused_form_from(who, form)
    assert (field, rule) in {(answer.field, answer.rule) for answer in answers}
    assert all(answer.reason for answer in answers)
    refusal = desk.refusals()[-1]
    assert isinstance(refusal.data, InputRefused)
    assert refusal.actor.id == who.id
    assert desk.driver.arrived(who.tenant, refusal.data.raw) is not None
