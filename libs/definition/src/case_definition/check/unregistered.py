"""Checks channels for unregistered contacts: their rules read nothing that only customers have."""

from collections.abc import Iterator

from case_definition.cel.rules import members_asked
from case_definition.schema.channels import Channel
from case_definition.schema.definition import CaseType, DefinitionDocument
from case_definition.source.findings import DefinitionProblem
from case_definition.source.yaml import DocPath

OF_CUSTOMERS = ("customer", "agreement")
"""The variables that have no value for unregistered contacts."""


def unregistered_problems(
    path: DocPath, channel: Channel, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    """Why a channel cannot accept the cases of unregistered contacts."""
    if channel.unregistered_contacts == "refused":
        return
    where, kinds = (*path, "unregistered_contacts"), _kinds(channel, document)
    bringer = _bringer(channel)
    if bringer not in channel.by or not kinds:
        sentence = (
            "unregistered contacts write mail as contacts do, or an agent names them; "
            f"let a {bringer} use this channel and create such a case, or refuse them"
        )
        yield DefinitionProblem(where, "for-nobody", sentence)
        return
    if asked := _asks_too_much(channel.when, channel):
        sentence = f"the rule of this channel asks `{asked}`, which they do not have"
        yield DefinitionProblem(where, "needs-a-customer", f"{sentence}; change it, or refuse them")
    for kind in kinds:
        yield from _of_type(where, kind, channel, document)


def _of_type(
    where: DocPath, kind: CaseType, channel: Channel, document: DefinitionDocument
) -> Iterator[DefinitionProblem]:
    if asked := _asks_too_much(kind.when, channel):
        sentence = f"who creates a `{kind.name}` is asked `{asked}`, which they do not have"
        yield DefinitionProblem(
            where, "needs-a-customer", f"{sentence}; take another type, or refuse them"
        )
    for approval in document.approvals:
        if approval.is_for(kind.name):
            sentence = (
                f"only a customer's contacts approve `{approval.name}` of a `{kind.name}`; "
                "leave the type out of `case_types` there, or refuse unregistered contacts"
            )
            yield DefinitionProblem(where, "needs-a-customer", sentence)


def _asks_too_much(rule: str | None, channel: Channel) -> str:
    """The first variable of a rule without a value for unregistered contacts; empty if there is
    none."""
    for member in sorted(members_asked(rule)) if rule else ():
        of_role = channel.comes_by == "mail" and member == "contact.role"
        if of_role or member.partition(".")[0] in OF_CUSTOMERS:
            return member
    return ""


def _bringer(channel: Channel) -> str:
    """The capacity of the person who creates such a case: by mail, the unregistered contact."""
    return "contact" if channel.comes_by == "mail" else "agent"


def _kinds(channel: Channel, document: DefinitionDocument) -> list[CaseType]:
    """The possible types of such a case: by mail, the type that the channel names."""
    named = channel.case_types
    if channel.comes_by == "mail" and channel.case_type:
        named = (channel.case_type,)
    return [
        kind
        for kind in document.case_types
        if _bringer(channel) in kind.created_by and (not named or kind.name in named)
    ]
