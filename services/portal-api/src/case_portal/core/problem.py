"""The problem with a request, worded so that people can correct it."""

from typing import Literal

from msgspec import Struct

Kind = Literal["invalid", "forbidden", "unknown", "refused", "too_large", "limited", "unavailable"]


class ValidationFault(Struct, frozen=True):
    """One of several problems of a request."""

    field: str
    rule: str
    reason: str


class Problem(Struct, frozen=True, kw_only=True):
    """The problem with a request.

    `code` is stable for machines, `reason` a sentence for people. `field` and `rule` name what to
    correct, if there is such a thing; `faults` lists all problems, if there are several.
    `retry_after` is in seconds, if waiting helps.
    """

    kind: Kind
    code: str
    field: str = ""
    rule: str = ""
    reason: str
    retry_after: int = 0
    faults: tuple[ValidationFault, ...] = ()


UNKNOWN_CASE = Problem(kind="unknown", code="unknown_case", reason="There is no such case.")
UNKNOWN_FILE = Problem(kind="unknown", code="unknown_file", reason="There is no such file.")
UNKNOWN_PLACE = Problem(kind="unknown", code="unknown_place", reason="There is nothing here.")
UNKNOWN_COMMAND = Problem(
    kind="unknown", code="unknown_command", reason="There is no such command."
)
UNKNOWN_WATCHER = Problem(
    kind="unknown",
    code="unknown_watcher",
    field="watcher",
    rule="known",
    reason="This is nobody who follows the case.",
)
UNKNOWN_ADDRESS = Problem(
    kind="unknown",
    code="unknown_address",
    field="address",
    rule="known",
    reason="No mail about this case was lost at this address.",
)
UNKNOWN_TAG = Problem(
    kind="unknown",
    code="unknown_tag",
    field="tag",
    rule="known",
    reason="The case does not have that tag.",
)
UNKNOWN_CONSULTATION = Problem(
    kind="unknown",
    code="unknown_consultation",
    field="consultation",
    rule="open",
    reason="This was not asked here, or needs no answer any more.",
)
BRINGS_NOTHING_IN = Problem(
    kind="forbidden",
    code="brings_nothing_in",
    rule="capacity",
    reason="Contacts and agents bring cases in.",
)
MAY_NOT_ASK = Problem(
    kind="forbidden",
    code="may_not_ask",
    rule="capacity",
    reason="You may read this case, not ask this of it.",
)


class ServiceUnavailable(Exception):
    """Another part of the platform did not answer. The request was not stored."""
