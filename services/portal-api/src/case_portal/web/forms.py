"""What the forms of pages are made of."""

from typing import Annotated

from fastapi import Form

FIELD = "field."
"""What stands before the name of a field of the case, in the name of its input."""
Text = Annotated[str, Form(max_length=100_000)]
Seen = Annotated[int, Form(ge=0, le=2**53)]


def plain(text: str) -> str:
    """What somebody typed, as it is kept: one kind of line end, nothing that no store takes."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
