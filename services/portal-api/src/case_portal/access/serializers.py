"""Serializers of access for the API."""

from msgspec.structs import asdict

from case_portal.access.ports import ApiToken, OpenSession
from case_portal.access.schemas import SessionModel, TokenModel
from case_portal.core.sessions import Session


def session_model(one: OpenSession, present: Session) -> SessionModel:
    """A session of the person who is logged in."""
    return SessionModel(**asdict(one), current=one.id == present.id)


def token_model(one: ApiToken) -> TokenModel:
    """An API token, without its secret."""
    return TokenModel(**asdict(one))
