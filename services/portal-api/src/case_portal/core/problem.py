"""What is wrong with what somebody asked, said so that they can mend it."""

from typing import Literal

from msgspec import Struct

Kind = Literal["invalid", "forbidden", "unknown", "refused", "too_large", "limited", "unavailable"]


class ValidationFault(Struct, frozen=True):
    """One of several things that are wrong."""

    field: str
    rule: str
    reason: str


class Problem(Struct, frozen=True, kw_only=True):
    """`code` is stable for machines, `reason` a sentence for people; `field` and `rule` name
    what to mend, where there is something; `faults` all of it, where it is more than one thing.
    `retry_after` is in seconds, where waiting helps."""

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
    """Another part of the platform did not answer; what was asked was not taken in."""
