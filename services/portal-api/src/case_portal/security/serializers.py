"""Serializers of the security log for the API."""

from case_definition.lookup.reference import Reference
from msgspec.structs import asdict

from case_portal.security.ports import SecurityView
from case_portal.security.schemas import SecurityModel
from case_portal.web.schemas import ActorResponse
from case_portal.web.serializers import name_of


def security_model(event: SecurityView, reference: Reference) -> SecurityModel:
    """An event, with the name of whoever did it."""
    members = {
        name: value for name, value in asdict(event).items() if name in SecurityModel.model_fields
    }
    name = name_of(reference, event.tenant, event.who)
    return SecurityModel(**members | {"who": ActorResponse(**asdict(event.who), name=name)})
