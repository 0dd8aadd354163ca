"""The schemas of the people of a case in the API."""

from pydantic import BaseModel


class WatcherResponse(BaseModel):
    """A person who follows the case: `contact/<id>`, `agent/<id>` or `address/<fingerprint>`.
    `through` names a case that was merged into this one, if the person follows that case. It is
    shown to agents and auditors only, and such a watcher is removed in that case."""

    watcher: str
    name: str
    through: str = ""


class ConsultationResponse(BaseModel):
    """A question to a team about the case, without an answer yet."""

    id: str
    team: str
