"""C4: `mail explain` shows how intake reads a message, without a server."""

import json
from pathlib import Path

from case_intake.entrypoints.cli import mail
from click.testing import CliRunner

from tests.unit.intake.intake_mails import message

KEYS = [
    "file", "from", "to", "cc", "reply_to", "subject", "date", "message_id", "references", "text",
    "reply", "attachments", "automatic", "bounce", "problems",
]  # fmt: skip


def test_each_message_is_one_json_line_in_order(tmp_path: Path) -> None:
    first, second = tmp_path / "a.eml", tmp_path / "b.eml"
    first.write_bytes(message("één\n> twee".encode(), b"Content-Type: text/plain; charset=utf-8"))
    second.write_bytes(b"\xff\x00")
    result = CliRunner().invoke(mail, ["explain", str(first), str(second)])
    shown = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [list(line) for line in shown] == [KEYS, KEYS]
    assert [line["file"] for line in shown] == [str(first), str(second)]
    assert shown[0]["from"] == {"address": "jan@example.org", "name": "Jan Jansen"}
    assert shown[0]["date"] == "2026-03-02T09:00:00Z"
    assert (shown[0]["text"], shown[0]["reply"]) == ("één\n> twee", "één")
    assert shown[0]["automatic"] == {"is": False, "why": None, "quiet": False}


def test_standard_input_is_a_dash() -> None:
    result = CliRunner().invoke(mail, ["explain", "-"], input=message(b"hallo"))
    assert json.loads(result.stdout)["text"] == "hallo"


def test_a_file_that_cannot_be_read_is_named_after_the_others_are_done(tmp_path: Path) -> None:
    good = tmp_path / "a.eml"
    good.write_bytes(message(b"hallo"))
    missing = tmp_path / "missing.eml"
    result = CliRunner().invoke(mail, ["explain", str(missing), str(tmp_path), str(good)])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["text"] == "hallo"
    assert str(missing) in result.stderr
    assert str(tmp_path) in result.stderr


def test_the_envelope_sender_can_be_given() -> None:
    arguments = ["explain", "--envelope-from", "", "-"]
    result = CliRunner().invoke(mail, arguments, input=message(b"hallo"))
    assert json.loads(result.stdout)["automatic"] == {
        "is": True, "why": "null sender", "quiet": True,
    }  # fmt: skip
