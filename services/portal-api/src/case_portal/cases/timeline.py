"""Entries of a history as people read them: messages, and lines between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.schema.amounts import in_words

from case_portal.read_model.view import CaseFile, HistoryEntry
from case_portal.web.serializers import author_of
from case_portal.web.wording import Wording

NOTICEABLE = timedelta(minutes=5)


@dataclass(frozen=True)
class TimelineEntry:
    """One entry.

    A message has a text or files; a line is one sentence. `side` is the side of its author.
    `recorded` is the time of recording, if the case was received earlier.
    """

    version: int
    at: datetime
    who: str
    side: str
    channel: str
    internal: bool
    sentence: str
    text: str = ""
    files: tuple[CaseFile, ...] = ()
    recorded: datetime | None = None

    @property
    def is_message(self) -> bool:
        """Whether the entry is a message of a person."""
        return bool(self.text or self.files)


@dataclass(frozen=True)
class HistoryPresenter:
    """Presents entries of the cases of one tenant in the language of one reader."""

    words: Wording
    definition: Definition
    reference: Reference

    def line(self, entry: HistoryEntry) -> TimelineEntry:
        """An entry as a line or a message."""
        who = author_of(self.reference, self.definition.tenant, entry)
        return TimelineEntry(
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
        """The text for a name of the definition; the name itself if the definition does not have
        it."""
        return self.definition.name_of(section, name, self.words.language)

    def agent(self, agent: str) -> str:
        """An agent's name."""
        known = self.reference.agent(self.definition.tenant, agent)
        return known.name if known else agent

    def _sentence(self, entry: HistoryEntry, who: str) -> str:
        key = f"entry.{_shape(entry)}"
        if not self.words.has(key):
            return self.words.text("entry.other", type=entry.type)
        return self.words.filled(key, _Values(self, entry, who))


Value = Callable[[HistoryPresenter, HistoryEntry, str], Any]
"""Computes the value of a placeholder in an entry's sentence. The text argument is the name of the
person."""


class _Values(dict[str, Any]):
    """The values of the placeholders of a sentence, each computed only if the sentence has it."""

    def __init__(self, presenter: HistoryPresenter, entry: HistoryEntry, who: str) -> None:
        super().__init__()
        self._of = (presenter, entry, who)

    def __missing__(self, place: str) -> Any:
        return VALUES[place](*self._of)


def _named(section: str, member: str) -> Value:
    """The text for a name of the definition."""
    return lambda presenter, entry, who: presenter.named(section, entry.what.get(member, ""))


def _plain(member: str, nothing: Any = "") -> Value:
    return lambda presenter, entry, who: entry.what.get(member, nothing)


def _due(presenter: HistoryPresenter, entry: HistoryEntry, who: str) -> str:
    due = entry.what.get("due") or entry.what.get("due_at")
    return presenter.words.exact(datetime.fromisoformat(due)) if due else "–"


def _fields(presenter: HistoryPresenter, entry: HistoryEntry, who: str) -> str:
    return ", ".join(presenter.named("fields", name) for name in entry.what.get("fields") or ())


def _outcome(presenter: HistoryPresenter, entry: HistoryEntry, who: str) -> str:
    outcome: str = entry.what.get("outcome", "")
    key = {"yes": "yes.true", "no": "yes.false"}.get(outcome, "")
    return presenter.words.text(key) if key else outcome


def _because(presenter: HistoryPresenter, entry: HistoryEntry, who: str) -> str:
    """Why another case could not be linked; empty if somebody removed the link."""
    return _text_if_any(presenter, f"unlinked.{entry.what.get('reason', '')}")


def _link(presenter: HistoryPresenter, entry: HistoryEntry, who: str) -> str:
    kind, direction = entry.what.get("kind", ""), entry.what.get("direction", "from")
    return _text_if_any(presenter, f"links.{kind}_{direction}")


def _text_if_any(presenter: HistoryPresenter, key: str) -> str:
    return presenter.words.text(key) if presenter.words.has(key) else ""


VALUES: Mapping[str, Value] = {
    "who": lambda presenter, entry, who: who,
    "type": _named("case_types", "case_type"),
    "priority": _named("priorities", "priority"),
    "agreement": lambda presenter, entry, who: entry.what.get("agreement") or "–",
    "before": lambda presenter, entry, who: presenter.named("statuses", entry.before),
    "after": lambda presenter, entry, who: presenter.named("statuses", entry.after),
    "fields": _fields,
    "team": _named("teams", "team"),
    "agent": lambda presenter, entry, who: presenter.agent(entry.what.get("agent", "")),
    "target": _named("metrics", "target"),
    "due": _due,
    "share": lambda presenter, entry, who: f"{float(entry.what.get('share', 0)):.0%}",
    "level": _plain("level", 0),
    "role": _named("roles", "role"),
    "notice": _plain("notice"),
    "recipient": _plain("recipient"),
    "error": _plain("error"),
    "reason": _plain("reason"),
    "phase": _named("phases", "phase"),
    "decision": _named("decisions", "decision"),
    "outcome": _outcome,
    "tag": _named("tags", "tag"),
    "release": _plain("release"),
    "week": _plain("week"),
    "stars": _plain("stars"),
    "other": lambda presenter, entry, who: (
        entry.what.get("reference", "") or presenter.words.text("links.title")
    ),
    "link": _link,
    "because": _because,
    "approval": _named("approvals", "approval"),
    "amount": lambda presenter, entry, who: in_words(
        entry.what.get("minutes") or 0, presenter.words.language
    ),
    "kind": _named("work_kinds", "kind"),
    "why": _named("billing", "why"),
}
"""The function for each placeholder that the sentence of an entry may have."""


def _was_received_before(entry: HistoryEntry) -> bool:
    """Whether a case was received noticeably earlier than it was recorded."""
    return entry.type == "case_created" and entry.recorded_at - entry.at > NOTICEABLE


def _shape(entry: HistoryEntry) -> str:
    """The key of an entry's sentence."""
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
