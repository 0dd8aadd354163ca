"""How the API is asked about approvals and work."""

from typing import Any

from case_events.contracts.approvals import DeclineApproval, GrantApproval, RequestApproval
from case_events.contracts.commands import Command
from case_events.contracts.work import CorrectWork, LogWork


def work_request(command: Command) -> tuple[str, dict[str, Any]]:
    """The API's path under a case, and the body, that ask this command."""
    seen = {"seen": command.seen}
    match command:
        case RequestApproval(approval=name, minutes=minutes, estimate=estimate, personal=words):
            asked = {"approval": name, "minutes": minutes, "estimate": estimate}
            return "approvals", {**asked, "text": words.text, **seen}
        case GrantApproval(request=request, minutes=minutes, personal=words):
            body = {"minutes": minutes, "text": words.text, **seen}
            return f"approvals/{request}/grant", body
        case DeclineApproval(request=request, personal=words):
            return f"approvals/{request}/decline", {"text": words.text, **seen}
        case LogWork(minutes=minutes, kind=kind, began=began, personal=words):
            said = {"minutes": minutes, "kind": kind, "text": words.text}
            return "work", {**said, "began": began.isoformat() if began else None, **seen}
        case CorrectWork(entry=entry, minutes=minutes, kind=kind, began=began, personal=words):
            said = {"minutes": minutes, "kind": kind, "text": words.text}
            return f"work/{entry}/correction", {
                **said, "began": began.isoformat() if began else None, **seen
            }  # fmt: skip
        case _:
            raise TypeError(f"the API has no way to ask {command}")
