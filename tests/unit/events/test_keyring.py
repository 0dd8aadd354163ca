"""The secret of a platform: what is refused, and a key for each purpose."""

import json

import pytest
from case_events.keyring import KEY_BYTES, BadKey, derive, keyring_of
from case_events.testing.keys import SECRET, SECRET_TEXT

RULE = "CASEFOLD_SECRET is 32 bytes or more in hexadecimal digits"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("a", "hexadecimal digits"),
        ("a secret of thirty-two letters or more", "hexadecimal digits"),
        ("ab" * 31, "at least 32 bytes"),
        ("{}", "there is no key"),
        ('{"1": "ab"}', "at least 32 bytes"),
        (json.dumps({"1": SECRET_TEXT, "2": ""}), "at least 32 bytes"),
        (json.dumps({"One": SECRET_TEXT}), "no id of a key"),
        ('{"1": 7}', "no text"),
        ('{"1": ', "no JSON"),
    ],
)
def test_an_empty_or_short_secret_is_refused_with_the_rule(text: str, why: str) -> None:
    """C16."""
    with pytest.raises(BadKey, match=why) as refused:
        keyring_of(text)
    assert str(refused.value).startswith(RULE)


def test_one_secret_or_several_by_id() -> None:
    assert keyring_of(f" {SECRET_TEXT}\n").keys("x") == SECRET.keys("x")
    several = keyring_of(json.dumps({"2": "1e5e" * 16, "1": SECRET_TEXT}))
    assert several.keys("x")[1:] == SECRET.keys("x")


def test_each_purpose_has_a_key_of_its_own() -> None:
    """RFC 5869: derived, so that none is the secret or leads to another."""
    keys = {SECRET.keys(purpose)[0] for purpose in ("a", "b", "c")}
    assert len({*keys, bytes.fromhex(SECRET_TEXT)}) == 4
    assert {len(key) for key in keys} == {KEY_BYTES}
    assert SECRET.keys("a") == (derive(bytes.fromhex(SECRET_TEXT), "a", KEY_BYTES),)


def test_a_signature_fits_its_purpose_and_message_alone() -> None:
    signature = SECRET.sign("a", b"text")
    assert SECRET.fits("a", b"text", signature)
    for purpose, message, given in (
        ("b", b"text", signature), ("a", b"texts", signature), ("a", b"text", signature[:-1]),
        ("a", b"text", b""),
    ):  # fmt: skip
        assert not SECRET.fits(purpose, message, given)
