"""What is said of a person is closed on the way out, and opened on the way in."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from case_events.contracts.base import type_name
from case_events.contracts.cases import CommentAdded, StatusChanged
from case_events.contracts.parts import Person, WrittenContent
from case_events.envelope import Record
from case_events.kernel import EffectDone
from case_events.keyring import BadKey, secrets_of
from case_events.wire.codec import Codec, UnreadableRecord, decode_opened, encode_opened
from case_events.wire.keys import Keys
from case_events.wire.personal import personal_members
from msgspec.structs import replace

from tests.contract.events.landed import GOLDEN
from tests.support.wire import KEYS, codec

WORDS = WrittenContent(text="My knee hurts", author=Person("anouk@example.org", "Anouk"))


def comment(words: WrittenContent = WORDS) -> Record:
    """A record with a personal part."""
    golden = codec.decode((GOLDEN / "nl.casefold.case.comment-added.v1.json").read_bytes())
    return replace(golden, data=CommentAdded("c1", "contact", True, personal=words))


def keys(**secrets: str) -> Keys:
    """Keys of one digit each."""
    sealing = {name: bytes.fromhex(digit * 64) for name, digit in secrets.items()}
    return Keys(sealing=sealing, signing={})


def texts(part: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    match part:
        case str():
            yield part
        case dict():
            for inner in part.values():
                yield from texts(inner)
        case list():
            for inner in part:
                yield from texts(inner)


@pytest.mark.parametrize(
    "path", [p for p in sorted(GOLDEN.iterdir()) if b'"sealed":"test.' in p.read_bytes()],
    ids=lambda path: path.stem,
)  # fmt: skip
def test_nothing_personal_can_be_read_without_the_key(path: Any) -> None:
    value = path.read_bytes()
    record = codec.decode(value)
    members = personal_members(type(record.data))
    data = json.loads(encode_opened(record))["data"]
    personal = {text for name in members for text in texts(data.get(name))}
    # A case or a language may stand in the open as well.
    elsewhere = {t for name in data.keys() - members.keys() for t in texts(data[name])}
    assert personal - elsewhere
    assert (personal - elsewhere) & set(texts(json.loads(value)["data"])) == set()


def test_a_record_comes_back_whole() -> None:
    value = codec.encode(comment())
    assert b"knee" not in value
    assert b"anouk" not in value
    assert codec.decode(value) == comment()
    assert codec.opened(value) == encode_opened(comment())
    assert decode_opened(codec.opened(value)) == comment()


def test_the_same_record_is_the_same_bytes_each_time() -> None:
    assert Codec(KEYS).encode(comment()) == Codec(KEYS).encode(comment())


def test_the_same_words_in_two_records_look_different() -> None:
    other = replace(comment(), id=UUID(int=5))
    parts = [json.loads(codec.encode(one))["sealed"] for one in (comment(), other)]
    assert parts[0] != parts[1]


def test_a_part_does_not_open_in_another_record() -> None:
    stolen = json.loads(codec.encode(comment())) | {"id": str(UUID(int=5))}
    with pytest.raises(UnreadableRecord, match="cannot be opened"):
        codec.decode(json.dumps(stolen).encode())


@pytest.mark.parametrize("sealed", ["test.AAAA", "test.", "test.é", "test.QUJD=", "test.A"])
def test_a_part_that_was_altered_does_not_open(sealed: str) -> None:
    altered = json.loads(codec.encode(comment())) | {"sealed": sealed}
    for read in (codec.decode, codec.opened):
        with pytest.raises(UnreadableRecord):
            read(json.dumps(altered).encode())


def test_where_nothing_is_said_nothing_is_closed() -> None:
    status = replace(comment(), type=type_name(StatusChanged), data=StatusChanged("new"))
    for record in (comment(WrittenContent()), status):
        assert "sealed" not in json.loads(codec.encode(record))
        assert codec.decode(codec.encode(record)) == record


def test_a_record_of_before_reads_as_it_did() -> None:
    assert codec.decode(encode_opened(comment())) == comment()


def test_tools_do_not_read_what_is_closed() -> None:
    with pytest.raises(UnreadableRecord, match="is closed"):
        decode_opened(codec.encode(comment()))


def test_keys_are_changed_without_a_stop() -> None:
    """First everybody accepts the new key, then it is used, then the old one is taken out."""
    before, between, after = keys(a="1"), keys(a="1", b="2"), keys(b="2", a="1")
    old, new = Codec(before).encode(comment()), Codec(after).encode(comment())
    assert json.loads(old)["sealed"].startswith("a.")
    assert json.loads(new)["sealed"].startswith("b.")
    for value in (old, new):
        assert Codec(between).decode(value) == Codec(after).decode(value) == comment()
    with pytest.raises(UnreadableRecord, match="no key 'a'"):
        Codec(keys(b="2")).decode(old)


def test_another_key_under_the_same_id_opens_nothing() -> None:
    with pytest.raises(UnreadableRecord, match="cannot be opened"):
        Codec(keys(a="2")).decode(Codec(keys(a="1")).encode(comment()))


def test_what_an_effect_was_to_send_is_closed_as_well() -> None:
    """Its result may have to wait, and then lies with the records that are parked."""
    done = EffectDone(key="k", kind="mail", payload=b"Dear Anouk", result="done", attempts=1)
    record = replace(comment(), type=type_name(done), data=done)
    value = codec.encode(record)
    assert json.loads(value)["data"]["payload"] == ""
    assert codec.decode(value) == record


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ({}, "there is no key"),
        ({"": "00" * 32}, "no id of a key"),
        ({"a.b": "00" * 32}, "no id of a key"),
        ({"a": "00" * 31}, "at least 32 bytes"),
        ({"a": "secret"}, "hexadecimal"),
    ],
)
def test_a_setting_that_holds_no_usable_key_is_refused(setting: dict[str, str], why: str) -> None:
    with pytest.raises(BadKey, match=why):
        secrets_of(setting, "sealing_keys")
