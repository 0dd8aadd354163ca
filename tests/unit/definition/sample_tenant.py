"""A small tenant that is sound, to be spoilt by one change at a time."""

import copy
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from case_definition.check.folder import check
from case_definition.source.findings import Finding

ROOT = Path(__file__).parents[3]

DEFINITION: dict[str, Any] = {
    "tenant": "sample",
    "name": "Sample desk",
    "version": 1,
    "languages": ["en", "nl"],
    "default_language": "en",
    "mail": {
        "sender": {"address": "help@sample.example", "name": "Sample desk"},
        "receives": ["help@sample.example"],
    },
    "references": {"format": "S-{number:04}"},
    "channels": [{"name": "mail", "by": ["contact"], "case_type": "request"}],
    "fields": [
        {"name": "title", "type": "text", "max_length": 50},
        {"name": "description", "type": "text"},
        {"name": "impact", "type": "choice", "options": ["big", "small"]},
        {"name": "haste", "type": "choice", "options": ["big", "small"]},
        {"name": "cause", "type": "text", "editable_by": ["agent"]},
    ],
    "case_types": [
        {
            "name": "request",
            "start_status": "new",
            "start_priority": {"priority": "P2", "by_matrix": True},
            "created_by": ["contact"],
            "fields": [
                {"field": "title", "required": True},
                {"field": "description", "required": True},
                {"field": "impact"},
                {"field": "cause"},
            ],
        }
    ],
    "priorities": {
        "scale": ["P1", "P2"],
        "matrix": {
            "axes": ["impact", "haste"],
            "priority": {
                "big": {"big": "P1", "small": "P2"},
                "small": {"big": "P2", "small": "P2"},
            },
        },
    },
    "statuses": [
        {"name": "new", "kind": "active", "waits_for": "agent"},
        {"name": "asked", "kind": "waiting", "waits_for": "contact", "pauses": ["resolution"]},
        {"name": "done", "kind": "final", "waits_for": "none"},
    ],
    "transitions": [
        {"name": "ask", "from": ["new"], "to": "asked", "by": ["agent"]},
        {"name": "answered", "from": ["asked"], "to": "new", "on": "contact_replied"},
        {
            "name": "finish",
            "from": ["new"],
            "to": "done",
            "by": ["agent"],
            "requires": {"comment": True, "fields": ["cause"]},
        },
    ],
    "calendars": {"desk": {"timezone": "Europe/Amsterdam", "hours": {"mon": [["09:00", "17:00"]]}}},
    "escalation": [
        {
            "level": 1,
            "role": "lead",
            "address": "lead@sample.example",
            "language": "en",
            "raised": [{"on": "breach", "after": "PT1H"}],
        }
    ],
    "teams": [
        {"name": "desk", "line": 1, "address": "team@sample.example", "language": "en"},
        {"name": "experts", "line": 2, "address": "experts@sample.example", "language": "nl"},
    ],
    "routing": [{"team": "experts", "when": "case.priority == 'P1'"}, {"team": "desk"}],
    "visibility": {"normal": "own", "key": "customer"},
    "notices": [
        {"name": "confirmation", "on": "case_created", "to": ["contact"]},
        {
            "name": "told",
            "on": "comment_added",
            "when": "actor.capacity == 'agent' && event.public",
            "to": ["contact", "watchers"],
        },
    ],
}

TEXTS: dict[str, Any] = {
    "statuses": {"new": {"name": "New"}, "asked": {"name": "Asked"}, "done": {"name": "Done"}},
    "transitions": {
        "ask": {"name": "Ask"},
        "answered": {"name": "Answered"},
        "finish": {"name": "Finish", "help": "Ends the case."},
    },
    "case_types": {"request": {"name": "Request", "title": {"help": "What do you want?"}}},
    "fields": {
        "title": {"name": "Title", "help": "In one line."},
        "description": {"name": "Description", "help": "All of it."},
        "impact": {"name": "Impact", "options": {"big": "Big", "small": "Small"}},
        "haste": {"name": "Haste", "options": {"big": "Big", "small": "Small"}},
        "cause": {"name": "Cause"},
    },
    "priorities": {"P1": {"name": "High"}, "P2": {"name": "Low"}},
    "teams": {"desk": {"name": "Desk"}, "experts": {"name": "Experts"}},
    "roles": {"lead": {"name": "Lead"}},
    "metrics": {
        name: {"name": name}
        for name in ("first_response", "next_response", "assessment", "resolution")
    },
    "channels": {"mail": {"name": "Mail"}},
    "messages": {
        "unknown_sender": {"subject": "Who are you?", "body": "We do not know {address}."},
        "reply_refused": {"subject": "{reference} is closed", "body": "It takes no more."},
    },
    "notices": {
        "confirmation": {"subject": "[{reference}] {title}", "body": "Hello {recipient}"},
        "told": {"subject": "[{reference}] news", "body": "{author}: {comment}"},
    },
}

AGREEMENT: dict[str, Any] = {
    "id": "gold",
    "tenant": "sample",
    "customer": "acme",
    "version": 3,
    "kind": "sla",
    "calendar": "desk",
    "targets": [
        {"metric": "first_response", "priorities": {"P1": "PT1H"}, "warnings": [0.5, 0.75]},
        {"metric": "resolution", "length": "2 working days", "promised": 0.95},
    ],
}

DIRECTORY: dict[str, Any] = {
    "customers": [{"id": "acme", "name": "Acme"}],
    "contacts": [
        {
            "id": "ann",
            "customer": "acme",
            "name": "Ann",
            "email": "ann@acme.example",
            "language": "nl",
        }
    ],
    "agents": [
        {
            "id": "bob",
            "name": "Bob",
            "email": "bob@sample.example",
            "language": "en",
            "teams": ["desk"],
        }
    ],
}


@dataclass
class Tenant:
    """A tenant's documents, to change at will and then to check."""

    folder: Path
    definition: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(DEFINITION))
    texts: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"en": copy.deepcopy(TEXTS), "nl": copy.deepcopy(TEXTS)}
    )
    agreements: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"gold": copy.deepcopy(AGREEMENT)}
    )
    directory: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(DIRECTORY))

    def write(self) -> Path:
        """The folder, written out. JSON is YAML too."""
        (self.folder / "agreements").mkdir(exist_ok=True)
        self._file("definition.yaml", self.definition)
        self._file("directory.yaml", self.directory)
        for language, texts in self.texts.items():
            self._file(f"texts.{language}.yaml", texts)
        for name, agreement in self.agreements.items():
            self._file(f"agreements/{name}.yaml", agreement)
        return self.folder

    def write_part(self, name: str, data: dict[str, Any]) -> None:
        """One more file beside the definition."""
        self._file(name, data)

    def findings(self) -> list[Finding]:
        return check(self.write())

    def codes(self) -> list[str]:
        return sorted({finding.code for finding in self.findings()})

    def only(self) -> Finding:
        """The one finding that a change is meant to cause."""
        (finding,) = self.findings()
        return finding

    def _file(self, name: str, data: dict[str, Any]) -> None:
        (self.folder / name).write_text(json.dumps(data, indent=1, ensure_ascii=False), "utf-8")
