"""Shared parts of the forms on pages."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Form

FIELD = "field."
"""The prefix of the name of an input for a field of the case."""
Text = Annotated[str, Form(max_length=100_000)]
Seen = Annotated[int, Form(ge=0, le=2**53)]


def plain(text: str) -> str:
    """A typed text as it is stored: with one kind of line end, and without characters that no store
    accepts."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def joined(typed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The fields that are filled in, each with all of its values. A form sends empty inputs too:
    these are not filled in."""
    filled = {name: [value for value in values if value] for name, values in typed.items()}
    return {name: ", ".join(values) for name, values in filled.items() if values}
