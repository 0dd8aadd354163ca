"""Mail that wants no answer, and reports of mail servers (C4, C1)."""

import pytest
from case_events.contracts.bounces import BounceReceived
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.refusals import InputRefused
from case_events.topics import INTAKE, REFUSALS
from case_intake.domain.inbound import CaseAccess, Thread
from case_intake.domain.mail_routing import Known, route_mail
from case_intake.domain.returned_mail import ReturnedMail

from tests.unit.intake_service.intake_desk import ANNA, BEN, arrival, raw_mail
from tests.unit.intake_service.test_route_mail import CASE, known

QUIET = ("X-Auto-Response-Suppress: All", "List-Id: <desk.acme.example>", "Precedence: list",
         "Precedence: bulk", "X-Loop: yes")  # fmt: skip


@pytest.mark.parametrize("field", QUIET)
def test_a_known_persons_mail_that_wants_no_answer_makes_a_case_without_one_c4(field: str) -> None:
    """It is told by who wrote: lists and companies add such fields to what people write."""
    created = route_mail(arrival(raw_mail(field)), known()).created
    assert created is not None
    assert created.no_answer
    plain = route_mail(arrival(raw_mail()), known()).created
    assert plain is not None
    assert not plain.no_answer


@pytest.mark.parametrize("field", QUIET)
def test_a_strangers_mail_that_wants_no_answer_is_kept_without_one_c4(field: str) -> None:
    """Newsletters are so; no list hears from the desk."""
    routed = route_mail(arrival(raw_mail(field)), known(None, answered=Thread(CASE, True)))
    assert routed.why == "automatic_mail"
    assert [draft.topic for draft in routed.drafts] == [REFUSALS]


@pytest.mark.parametrize(
    "facts",
    [
        known(None, addressed=Thread(CASE, True)),
        known(None, answered=Thread(CASE, True, CaseAccess.SEES)),
        known(ANNA, answered=Thread(CASE, True, CaseAccess.SEES)),
    ],
    ids=["signed address", "contact of the case", "known"],
)
def test_a_reply_that_wants_no_answer_is_a_reply_without_one_c4(facts: Known) -> None:
    (draft,) = route_mail(arrival(raw_mail(QUIET[0])), facts).drafts
    assert isinstance(draft.event, ReplyReceived)
    assert draft.event.no_answer


def test_a_refused_mail_that_wants_no_answer_gets_none_c4() -> None:
    routed = route_mail(arrival(raw_mail(QUIET[0])), known(BEN))
    assert (routed.why, [draft.topic for draft in routed.drafts]) == ("not_allowed", [REFUSALS])


BOUNCE = raw_mail(
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    sender="mailer-daemon@x.example",
    body="--b\r\n\r\nNot delivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; who@x.example\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\n--b--",
)


def test_a_bounce_of_our_mail_belongs_to_its_case_c4() -> None:
    returned = ReturnedMail(CASE, message_id="a.b@desk.example")
    came = arrival(BOUNCE, envelope_from="")
    routed = route_mail(came, known(None, returned=returned))
    (draft,) = routed.drafts
    event = draft.event
    assert isinstance(event, BounceReceived)
    assert (routed.outcome, routed.case, draft.topic, draft.case) == (
        "bounce", CASE.id, INTAKE, CASE.id)  # fmt: skip
    assert (event.message_id, event.status, event.hard) == ("a.b@desk.example", "5.1.1", True)
    assert event.personal.addresses == ("who@x.example",)
    assert event.raw == came.raw_key


def test_a_bounce_of_another_mail_is_kept_for_the_desk_c4() -> None:
    routed = route_mail(arrival(BOUNCE, envelope_from=""), known(None))
    (draft,) = routed.drafts
    assert isinstance(draft.event, InputRefused)
    assert (routed.outcome, draft.event.code, draft.event.rule) == (
        "refused", "bounce", "our_mail")  # fmt: skip


def test_what_comes_to_a_return_address_and_is_no_bounce_is_a_machines_c4() -> None:
    """People answer to another address; servers and automatic replies use this one."""
    facts = known(ANNA, returned=ReturnedMail(CASE, mark="0a1b2c"))
    assert route_mail(arrival(raw_mail()), facts).why == "automatic_mail"
