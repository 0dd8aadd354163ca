"""How each command is asked by the API of the portal."""

from typing import Any

from case_events.contracts.commands import (
    AddComment,
    AssessPriority,
    AssignCase,
    ChangeStatus,
    ClassifyCase,
    Command,
    SetFields,
)
from case_events.contracts.links import (
    LinkCase,
    MergeCase,
    NewPart,
    OpenProblem,
    RequestFollowUp,
    SplitCase,
    UndoMerge,
    UnlinkCase,
)


def request_of(command: Command) -> tuple[str, dict[str, Any]]:
    """The path of the API under a case, and the body, that ask this command."""
    seen = {"seen": command.seen}
    match command:
        case AddComment(public=public, personal=words):
            return "comments", {"text": words.text, "public": text_of(public), **seen}
        case ChangeStatus(transition=name, fields=fields, personal=words):
            return f"transitions/{name}", {"comment": words.text, "fields": fields, **seen}
        case AssignCase(team=team, agent=agent):
            return "assignment", {"team": team, "agent": agent, **seen}
        case AssessPriority(priority=priority, axes=axes):
            return "priority", {"priority": priority, "axes": axes, **seen}
        case ClassifyCase(case_type=case_type):
            return "type", {"case_type": case_type, **seen}
        case SetFields(fields=fields):
            return "fields", {"fields": fields, **seen}
        case _:
            return _of_another_case(command, seen)


def _of_another_case(command: Command, seen: dict[str, int]) -> tuple[str, dict[str, Any]]:
    match command:
        case LinkCase(kind=kind, reference=reference):
            return "link", {"kind": kind, "reference": reference, **seen}
        case UnlinkCase(kind=kind, reference=reference):
            return f"links/{kind}/{reference}", {}
        case MergeCase(reference=reference):
            return "merge", {"reference": reference, **seen}
        case UndoMerge():
            return "merge/undo", {**seen}
        case OpenProblem(case_type=case_type, personal=words):
            return "problem", {
                "case_type": case_type, "title": words.title, "text": words.text, **seen
            }  # fmt: skip
        case RequestFollowUp(personal=words):
            return "follow-up", {"title": words.title, "text": words.text, **seen}
        case SplitCase(parts=parts):
            return "split", {"parts": [_part(part) for part in parts], **seen}
        case _:
            raise TypeError(f"the API has no way to ask {command}")


def _part(part: NewPart) -> dict[str, Any]:
    words = part.personal
    return {
        "case_type": part.case_type, "title": words.title, "text": words.text,
        "comments": list(part.comments),
    }  # fmt: skip


def text_of(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value
