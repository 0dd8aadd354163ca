"""D16, C3: a mail carries its case, and nobody can make one up."""

from uuid import UUID, uuid4

import pytest
from case_events.keyring import Keyring
from case_events.testing.keys import ANOTHER_SECRET, SECRET
from case_events.tokens.thread import (
    LONGEST_LOCAL_PART,
    ReturnToken,
    ThreadToken,
    mark_of,
    message_id,
    read_return,
    read_token,
    reply_address,
    return_address,
)

CASE = UUID("01930000-0000-7000-8000-00000000cafe")


def address(*, public: bool = True, tenant: str = "sample", secret: Keyring = SECRET) -> str:
    return reply_address(secret, tenant, CASE, "support@desk.example", public=public)


def identifier(distinct: str = "1/confirmation", *, public: bool = True) -> str:
    return message_id(SECRET, "sample", CASE, distinct, "desk.example", public=public)


@pytest.mark.parametrize("public", [True, False])
def test_an_address_gives_back_its_case_and_vouches(public: bool) -> None:
    assert read_token(SECRET, "sample", address(public=public)) == ThreadToken(CASE, public, True)


@pytest.mark.parametrize("public", [True, False])
def test_a_message_id_gives_back_its_case_and_does_not_vouch(public: bool) -> None:
    expected = ThreadToken(CASE, public, False)
    assert read_token(SECRET, "sample", identifier(public=public)) == expected
    assert read_token(SECRET, "sample", identifier(public=public)) == expected


def test_any_case_survives_the_way_there_and_back() -> None:
    for _ in range(200):
        case = uuid4()
        sent = reply_address(SECRET, "sample", case, "a@b.example", public=True)
        token = read_token(SECRET, "sample", sent)
        assert token is not None
        assert token.case == case


def test_mail_systems_may_fold_case() -> None:
    assert read_token(SECRET, "sample", address().upper()) == ThreadToken(CASE, True, True)
    assert read_token(SECRET, "sample", identifier().upper()) == ThreadToken(CASE, True, False)


def test_local_parts_are_as_short_as_mail_systems_want() -> None:
    assert len(address().rpartition("@")[0]) <= LONGEST_LOCAL_PART
    assert len(identifier().rpartition("@")[0]) <= LONGEST_LOCAL_PART
    long = "the-service-desk-of-everything@desk.example"
    assert reply_address(SECRET, "sample", CASE, long, public=True) == long


def test_every_changed_character_is_noticed() -> None:
    signed = address()
    start = signed.index("+") + 1
    for place in range(start, signed.index("@")):
        other = "b" if signed[place] != "b" else "c"
        forged = signed[:place] + other + signed[place + 1 :]
        assert read_token(SECRET, "sample", forged) is None


def test_another_secret_or_tenant_does_not_fit() -> None:
    assert read_token(ANOTHER_SECRET, "sample", address()) is None
    assert read_token(SECRET, "other", address()) is None


def test_a_message_id_cannot_be_made_into_a_reply_address() -> None:
    token = identifier().partition(".")[0]
    assert read_token(SECRET, "sample", f"support+{token}@desk.example") is None
    token = address().partition("+")[2].partition("@")[0]
    assert read_token(SECRET, "sample", f"<{token}.aaaa@desk.example>") is None


@pytest.mark.parametrize(
    "text",
    ["", "@", "support@desk.example", "support+@desk.example", "support+abc@desk.example",
     "<abc@desk.example>", "+" * 44 + "@x", f"a+{'a' * 44}@x", f"a+{'1' * 44}@x", "a+é@x",
     f"{'x' * 100_000}@x", f"<{'a' * 44}.b@x>"],
)  # fmt: skip
def test_what_is_no_token_is_none(text: str) -> None:
    assert read_token(SECRET, "sample", text) is None


def test_the_same_mail_has_the_same_message_id_and_others_another() -> None:
    assert identifier("3/told/contact/anna/mail") == identifier("3/told/contact/anna/mail")
    assert identifier("3/told/contact/anna/mail") != identifier("4/told/contact/anna/mail")


def test_a_return_address_gives_back_its_case_and_the_mark_of_its_mail() -> None:
    back = return_address(SECRET, "sample", CASE, "support@desk.example", identifier())
    assert read_return(SECRET, "sample", back.upper()) == ReturnToken(CASE, mark_of(identifier()))
    assert read_return(SECRET, "other", back) is None
    assert read_return(ANOTHER_SECRET, "sample", back) is None
    assert len(back.rpartition("@")[0]) <= LONGEST_LOCAL_PART


def test_a_return_address_is_no_reply_address_and_the_other_way_round() -> None:
    """Nobody can answer in a case by the address that every mail server on the way saw."""
    back = return_address(SECRET, "sample", CASE, "support@desk.example", identifier())
    assert read_token(SECRET, "sample", back) is None
    assert read_return(SECRET, "sample", address()) is None
    assert read_return(SECRET, "sample", f"support+{'a' * 48}@desk.example") is None


def test_a_return_address_that_would_be_too_long_is_the_address() -> None:
    long = "the-service-desk@desk.example"
    assert return_address(SECRET, "sample", CASE, long, identifier()) == long
