"""JSON input and output for the tools: one document, or one a line."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from case_definition.calendar.model import InvalidCalendar

EXIT_OK, EXIT_BAD_INPUT = 0, 2


class InputDocument(NamedTuple):
    """A document, and the line on which it begins."""

    line: int
    value: dict[str, Any]


class BadLine(ValueError):
    """A text that is no document: its line, and the reason."""

    def __init__(self, line: int, rule: str) -> None:
        super().__init__(rule)
        self.line = line
        self.rule = rule


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is there twice in one object")
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text} is out of all range") from None


_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_number, parse_constant=_no_constant
)


def read_documents(data: bytes) -> Iterator[InputDocument]:
    """The documents of the input, in order: JSON Lines, or documents over several lines.

    Fractions become Decimal. Raises BadLine at the first text that is no JSON object in UTF-8.
    """
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    written = [number for number, line in enumerate(lines, 1) if line.strip()]
    if not written:
        raise BadLine(1, "there is no document")
    if _one_a_line(text, [lines[number - 1] for number in written[:2]]):
        for number in written:
            yield InputDocument(number, _decode(lines[number - 1], 0, number)[0])
    else:
        yield from _over_many_lines(text)


def _one_a_line(text: str, first_lines: list[str]) -> bool:
    # A truncated first line must be reported itself, not the line that is read as its continuation.
    return _is_object(first_lines[0]) or (
        not _is_object(text) and any(map(_is_object, first_lines))
    )


def _over_many_lines(text: str) -> Iterator[InputDocument]:
    at, line = 0, 1
    while True:
        following = _SPACE.match(text, at)
        begin = following.end() if following else at
        line += text.count("\n", at, begin)
        if begin == len(text):
            return
        value, at = _decode(text, begin, line)
        yield InputDocument(line, value)
        line += text.count("\n", begin, at)


def _is_object(text: str) -> bool:
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict)


def _decode(text: str, begin: int, line: int) -> tuple[dict[str, Any], int]:
    """The document that begins here, and the position of its end."""
    try:
        value, end = _DECODER.raw_decode(text, begin + _indent(text, begin))
    except json.JSONDecodeError as error:
        fault = line + text.count("\n", begin, error.pos)
        raise BadLine(fault, f"not JSON: {error.msg}") from None
    except RecursionError:
        raise BadLine(line, "not JSON that can be read: nested too deep") from None
    except ValueError as error:
        raise BadLine(line, f"not JSON: {error}") from None
    if text[end : _line_end(text, end)].strip():
        fault = line + text.count("\n", begin, end)
        raise BadLine(fault, "not JSON: more after the document")
    if not isinstance(value, dict):
        raise BadLine(line, "a document is a JSON object")
    try:
        text[begin:end].encode()
    except UnicodeEncodeError:
        raise BadLine(line, "not UTF-8") from None
    return value, end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _indent(text: str, begin: int) -> int:
    found = _SPACE.match(text, begin)
    return found.end() - begin if found else 0


def answer_documents(data: bytes, answer: Callable[[dict[str, Any]], Any]) -> int:
    """Print the answer to each document on a line of its own. Returns the exit code.

    At the first bad document it prints line, field and rule on standard error, and stops.
    """
    try:
        for document in read_documents(data):
            try:
                line = json.dumps(answer(document.value), ensure_ascii=False)
            except InvalidCalendar as refused:
                _complain(document.line, f"{refused.field}: {refused.rule}")
                return EXIT_BAD_INPUT
            _write(sys.stdout, line)
    except BadLine as bad:
        _complain(bad.line, f"document: {bad.rule}")
        return EXIT_BAD_INPUT
    return EXIT_OK


def _complain(line: int, text: str) -> None:
    sys.stdout.flush()
    _write(sys.stderr, f"line {line}: {text}")


def _write(stream: Any, text: str) -> None:
    stream.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
