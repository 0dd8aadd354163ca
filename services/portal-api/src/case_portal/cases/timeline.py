"""Entries of a history as people read them: messages, and thin lines between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from case_definition.amounts import in_words
from case_definition.lookup import Definition
from case_definition.reference import Reference

from case_portal.read_model.view import Entry, File
from case_portal.web.serializers import author_of
from case_portal.web.wording import Wording

NOTICEABLE = timedelta(minutes=5)


@dataclass(frozen=True)
class Line:
    """One entry. A message has a text or files; a line is one sentence. `side` is who wrote.
    `recorded` is when it was written down, where somebody said that it was received before."""

    version: int
    at: datetime
    who: str
    side: str
    channel: str
    internal: bool
    sentence: str
    text: str = ""
    files: tuple[File, ...] = ()
    recorded: datetime | None = None

    @property
    def is_message(self) -> bool:
        """Whether somebody wrote it."""
        return bool(self.text or self.files)


@dataclass(frozen=True)
class Teller:
    """Tells entries of one tenant's cases in one reader's words."""

    words: Wording
    definition: Definition
    reference: Reference

    def line(self, entry: Entry) -> Line:
        """An entry as a line or message."""
        who = author_of(self.reference, self.definition.tenant, entry)
        return Line(
            version=entry.version,
            at=entry.at,
            who=who,
            side="desk" if entry.who.kind in ("agent", "system") else "contact",
            channel=self.named("channels", entry.channel),
            internal=entry.internal,
            sentence=self._sentence(entry, who),
            text=entry.text,
            files=entry.files,
            recorded=entry.recorded_at if _was_received_before(entry) else None,
        )

    def named(self, section: str, name: str) -> str:
        """What people read for a name of the definition; the name where it knows none."""
        return self.definition.name_of(section, name, self.words.language)

    def agent(self, agent: str) -> str:
        """An agent's name."""
        known = self.reference.agent(self.definition.tenant, agent)
        return known.name if known else agent

    def _sentence(self, entry: Entry, who: str) -> str:
        key = f"entry.{_shape(entry)}"
        if not self.words.has(key):
            return self.words.text("entry.other", type=entry.type)
        return self.words.text(key, **self._values(entry, who))

    def _outcome(self, outcome: str) -> str:
        key = {"yes": "yes.true", "no": "yes.false"}.get(outcome, "")
        return self.words.text(key) if key else outcome

    def _values(self, entry: Entry, who: str) -> Mapping[str, Any]:
        what = entry.what
        due = what.get("due") or what.get("due_at")
        fields = [self.named("fields", name) for name in what.get("fields") or ()]
        return {
            "who": who,
            "type": self.named("case_types", what.get("case_type", "")),
            "priority": self.named("priorities", what.get("priority", "")),
            "agreement": what.get("agreement") or "–",
            "before": self.named("statuses", entry.before),
            "after": self.named("statuses", entry.after),
            "fields": ", ".join(fields),
            "team": self.named("teams", what.get("team", "")),
            "agent": self.agent(what.get("agent", "")),
            "target": self.named("metrics", what.get("target", "")),
            "due": self.words.exact(datetime.fromisoformat(due)) if due else "–",
            "share": f"{float(what.get('share', 0)):.0%}",
            "level": what.get("level", 0),
            "role": self.named("roles", what.get("role", "")),
            "notice": what.get("notice", ""),
            "recipient": what.get("recipient", ""),
            "error": what.get("error", ""),
            "reason": what.get("reason", ""),
            "phase": self.named("phases", what.get("phase", "")),
            "decision": self.named("decisions", what.get("decision", "")),
            "outcome": self._outcome(what.get("outcome", "")),
            "release": what.get("release", ""),
            "week": what.get("week", ""),
            "stars": what.get("stars", ""),
            "other": what.get("reference", "") or self.words.text("links.title"),
            "link": self._link(what),
            "because": self._because(what),
            "approval": self.named("approvals", what.get("approval", "")),
            "amount": in_words(what.get("minutes") or 0, self.words.language),
            "kind": self.named("work_kinds", what.get("kind", "")),
            "why": self.named("billing", what.get("why", "")),
        }

    def _because(self, what: Mapping[str, Any]) -> str:
        """Why another case could not be linked; empty where somebody took the link away."""
        key = f"unlinked.{what.get('reason', '')}"
        return self.words.text(key) if self.words.has(key) else ""

    def _link(self, what: Mapping[str, Any]) -> str:
        key = f"links.{what.get('kind', '')}_{what.get('direction', 'from')}"
        return self.words.text(key) if self.words.has(key) else ""


def _was_received_before(entry: Entry) -> bool:
    """Whether a case came in noticeably before it was written down."""
    return entry.type == "case_created" and entry.recorded_at - entry.at > NOTICEABLE


def _shape(entry: Entry) -> str:
    """Which sentence an entry has."""
    if entry.type == "status_changed" and not entry.before:
        return "status_set"
    if entry.type == "case_assigned" and entry.what.get("agent"):
        return "case_assigned_agent"
    if entry.type == "phase_changed" and not entry.what.get("phase"):
        return "phase_left"
    if entry.type == "watchers_joined" and not entry.what.get("watchers"):
        return "watchers_left"
    if entry.type == "deadline_set" and not entry.what.get("due"):
        return "deadline_paused"
    return entry.type
