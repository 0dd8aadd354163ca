"""What the API takes and gives about who takes part in a case."""

from pydantic import BaseModel


class WatcherResponse(BaseModel):
    """Somebody who follows the case: `contact/<id>`, `agent/<id>` or `address/<fingerprint>`.
    `through` names the case that went on in this one, where they follow that: shown to the desk
    alone, and taken away there."""

    watcher: str
    name: str
    through: str = ""


class ConsultationResponse(BaseModel):
    """What a team was asked inside the case, and has not answered yet."""

    id: str
    team: str
