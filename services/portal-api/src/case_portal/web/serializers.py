"""Serializers of people and files for all features."""

from urllib.parse import quote

from case_definition.lookup.reference import Reference
from msgspec.structs import asdict

from case_portal.read_model.view import ActorView, CaseFile, HistoryEntry
from case_portal.web.schemas import FileModel


def name_of(reference: Reference, tenant: str, who: ActorView) -> str:
    """The name of a person; for the platform itself, the tenant's name."""
    find = {"contact": reference.contact, "agent": reference.agent, "auditor": reference.auditor}
    look_up = find.get(who.kind)
    person = look_up(tenant, who.id) if look_up else None
    if person is not None:
        return person.name
    definition = reference.newest(tenant)
    if who.kind == "system" and definition is not None:
        return definition.document.name
    return who.id


def author_of(reference: Reference, tenant: str, entry: HistoryEntry) -> str:
    """The name of the author; for a person in no directory, the name that they gave."""
    name = name_of(reference, tenant, entry.who)
    return name if entry.who.is_listed else entry.author or name


def file_href(case_reference: str, file: CaseFile) -> str:
    """The link to an attachment."""
    name = quote(file.name, safe="")
    return f"/api/v1/cases/{case_reference}/attachments/{file.sha256}?name={name}"


def file_model(case_reference: str, file: CaseFile) -> FileModel:
    """An attachment."""
    members = asdict(file)
    del members["internal"]
    return FileModel(**members, href=file_href(case_reference, file))
