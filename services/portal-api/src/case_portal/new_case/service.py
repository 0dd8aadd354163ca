"""Submits the form of a new case to intake."""

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
"""The channel of the portal's forms."""
TITLE_FIELD = "title"
TEXT_FIELD = "description"
"""The fields that every form has: the title of a case, and its first text."""
LONGEST_TEXT = 100_000
"""The maximum length of all fields together, in characters. A record must fit the broker's
limit."""

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
    """Store the files of a new case, then publish it, and wait a moment for its outcome.

    Raises `ServiceUnavailable` or `Unavailable` if the case could not be stored.
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
    """The command to intake for a new case whose files are stored."""
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
    """The SHA-256 (hex) of a case, which is the same for the same case."""
    return sha256(msgspec.json.encode(submitted, order="deterministic")).hexdigest()
