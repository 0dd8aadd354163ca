"""Serializers of refusals for the API."""

from case_definition.lookup.reference import Reference
from msgspec.structs import asdict

from case_portal.refusals.ports import KeptRefusal
from case_portal.refusals.schemas import RefusalModel
from case_portal.web.schemas import ActorResponse, Author
from case_portal.web.serializers import name_of


def refusal_model(kept: KeptRefusal, tenant: str, reference: Reference) -> RefusalModel:
    """A refusal, with the link to its raw input."""
    members = asdict(kept.refusal)
    who, author, raw = kept.refusal.who, kept.refusal.author, members.pop("raw")
    return RefusalModel(
        **{name: value for name, value in members.items() if name in RefusalModel.model_fields}
        | {
            "who": ActorResponse(**asdict(who), name=name_of(reference, tenant, who)),
            "author": Author(**asdict(author)),
            "reference": kept.reference,
            "href": f"/api/v1/refusals/{kept.refusal.id}/raw" if raw else "",
        }
    )
