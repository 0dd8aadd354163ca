"""What a form says to intake, and what is wrong with one before it is sent."""

from hashlib import sha256

import msgspec
from case_definition.lookup.definition import Definition
from case_events.contracts.parts import Attachment, WrittenContent
from case_events.contracts.submissions import SubmitCase

from case_portal.core.files import Files
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.new_case.ports import Intake, NewCase, Submission

CHANNEL = "portal"
"""The way in by which forms of the portal come."""
TITLE_FIELD = "title"
TEXT_FIELD = "description"
"""The fields of a form that every case has by itself: its title and its first text."""
LONGEST_TEXT = 100_000
"""Characters of all fields together. A record has to fit a broker."""

OTHER_CASE = Problem(
    kind="invalid",
    code="same_body",
    field="Idempotency-Key",
    rule="same_body",
    reason="This form was sent before, filled in otherwise.",
)
_TOO_LONG = Problem(
    kind="invalid",
    code="invalid_input",
    field="fields",
    rule="max_length",
    reason=f"All fields together: {LONGEST_TEXT} characters.",
)


async def submit(
    intake: Intake, files: Files, principal: Principal, definition: Definition, case: NewCase
) -> Submission | Problem:
    """Store the files of a new case, then publish it; wait a moment for its outcome.

    Raises `ServiceUnavailable` or `Interrupted` where it could not be kept.
    """
    if sum(len(text) for text in case.typed.values()) > LONGEST_TEXT:
        return _TOO_LONG
    keys = await files.put(principal.tenant, *(file.data for file in case.files))
    attachments = tuple(
        Attachment(sha256=key, size=len(file.data), type=file.type)
        for key, file in zip(keys, case.files, strict=True)
    )
    return await intake.submit(principal, case, attachments, definition.key)


def submit_case(case: NewCase, attachments: tuple[Attachment, ...]) -> SubmitCase:
    """What intake is told of a new case, whose files are stored."""
    own = {name: str(case.values.get(name, "")) for name in (TITLE_FIELD, TEXT_FIELD)}
    words = WrittenContent(
        title=own[TITLE_FIELD],
        text=own[TEXT_FIELD],
        file_names=tuple(file.name for file in case.files),
    )
    return SubmitCase(
        case_type=case.case_type,
        fields={name: value for name, value in case.values.items() if name not in own},
        attachments=attachments,
        personal=words,
    )


def digest_of(submitted: SubmitCase) -> str:
    """The same for the same case. SHA-256 (hex)."""
    return sha256(msgspec.json.encode(submitted, order="deterministic")).hexdigest()
