"""The ways in of the sample: one with a menu, and one that skips triage."""

from typing import Any

CHANNELS: list[dict[str, Any]] = [
    {"name": "mail", "by": ["contact"], "case_type": "incident"},
    {"name": "portal", "by": ["contact", "agent"]},
    {"name": "phone", "by": ["agent"], "menu": [{"name": "a", "team": "post"}, {"name": "b"}]},
    {"name": "line", "way": "portal", "by": ["contact"], "priority": "P1", "status": "asked"},
]
