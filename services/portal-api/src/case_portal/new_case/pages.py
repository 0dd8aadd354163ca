"""The page of a new case: first its type, then the form of that type, which goes to intake."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID, uuid4

from case_definition.lookup.redirects import redirect_text
from case_definition.rules.case_state import CaseState
from case_definition.rules.editing import edit_limit
from case_definition.rules.variables import Variables, new_case_variables
from case_definition.schema.definition import CaseField, CaseType
from case_events.contracts.parts import InputFault
from case_events.envelope import Actor
from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from starlette.responses import RedirectResponse, Response

from case_portal.core.files import Files
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.new_case.ports import Intake, NewCase, Submission
from case_portal.new_case.service import CHANNEL, submit
from case_portal.web.dependencies import OWN_FORM, ReaderHere, SiteHere, port, site_of
from case_portal.web.forms import FIELD, plain
from case_portal.web.problems import ProblemError
from case_portal.web.reader import Reader
from case_portal.web.rendering import page
from case_portal.web.site import Site
from case_portal.web.uploads import received

router = APIRouter(prefix="/cases/new", include_in_schema=False)

IntakeHere = Annotated[Intake, port("intake")]


@router.get("")
async def choose(
    request: Request, site: SiteHere, reader: ReaderHere, case_type: str = ""
) -> Response:
    """The case types that the reader may create, or the form of the chosen one."""
    types = _types(site, reader)
    chosen = next((kind for kind in types if kind.name == case_type), None)
    if chosen is None:
        return _choice(request, site, reader)
    return _form(request, reader, chosen, values={}, problems={}, key=str(uuid4()))


class SentForm:
    """The form of a new case as it was sent. `key` identifies the form that was issued."""

    def __init__(
        self, request: Request, case_type: str, key: str, files: Sequence[UploadFile]
    ) -> None:
        self.request, self.case_type, self.key, self.files = request, case_type, key, files

    async def typed(self, fields: Sequence[CaseField]) -> dict[str, str]:
        """The typed values of these fields, by field name."""
        form = await self.request.form()
        return {
            field.name: plain(value)
            for field in fields
            if isinstance(value := form.get(f"{FIELD}{field.name}"), str)
        }


async def sent_form(
    request: Request,
    case_type: Annotated[str, Form()],
    key: Annotated[str, Form(min_length=1, max_length=255)],
    files: Annotated[Sequence[UploadFile], File()] = (),
) -> SentForm:
    """The form of this request."""
    return SentForm(request, case_type, key, files)


@router.post("", dependencies=OWN_FORM)
async def send(
    request: Request,
    site: SiteHere,
    intake: IntakeHere,
    files: Annotated[Files, port("files")],
    reader: ReaderHere,
    form: Annotated[SentForm, Depends(sent_form)],
) -> Response:
    """Send the form to intake. A problem is shown at its field, and no typed value is lost."""
    chosen = next((kind for kind in _types(site, reader) if kind.name == form.case_type), None)
    if chosen is None:
        return _choice(request, site, reader)
    fields = _fields(site, reader, chosen)
    typed = await form.typed(fields)
    case = NewCase(
        key=plain(form.key),
        case_type=form.case_type,
        values=_values(fields, typed),
        typed=typed,
        files=tuple(await received(form.files)),
    )
    submission = await submit(intake, files, reader.principal, reader.definition, case)
    if isinstance(submission, Problem):
        sentence = _sentence(reader, submission)
        return _form(request, reader, chosen, typed, {submission.field: sentence}, form.key)
    return _outcome(request, reader, chosen, submission)


@router.get("/{submission:uuid}")
async def look(
    submission: UUID, request: Request, intake: IntakeHere, reader: ReaderHere
) -> Response:
    """The outcome of a form: its case, the form again, or the message that it is still on its
    way."""
    found = await intake.submitted(reader.principal, submission)
    chosen = reader.definition.case_types.get(found.case_type) if found else None
    if found is None or chosen is None:
        raise ProblemError(UNKNOWN_PLACE)
    return _outcome(request, reader, chosen, found)


def _outcome(
    request: Request, reader: Reader, chosen: CaseType, submission: Submission
) -> Response:
    """Redirect to the case; or show the form again, as a new form; or ask the reader to wait."""
    outcome, place = submission.outcome, f"/cases/new/{submission.id}"
    if outcome is None:
        waiting = page(request, "submitted.html", reader, status=202, look=place)
        waiting.headers["Location"] = place
        return waiting
    if outcome.status != "refused":
        return RedirectResponse(f"/cases/{outcome.reference}?notice=created", 303)
    faults = outcome.faults or (InputFault(outcome.field, outcome.rule, outcome.reason),)
    problems = {fault.field: _sentence(reader, fault) for fault in faults}
    return _form(request, reader, chosen, submission.typed, problems, key=str(uuid4()))


def _choice(request: Request, site: Site, reader: Reader) -> Response:
    types = _types(site, reader)
    pointers = [] if types else _pointers(site, reader)
    return page(request, "new.html", reader, types=types, pointers=pointers)


def _pointers(site: Site, reader: Reader) -> list[str]:
    """The redirects of a contact who may not create any case."""
    principal, definition = reader.principal, reader.definition
    contact = site.reference.contact(principal.tenant, principal.id)
    if principal.kind != "contact" or contact is None:
        return []
    texts = [
        redirect_text(definition, name, contact, site.reference) for name in definition.case_types
    ]
    return [text for text in dict.fromkeys(texts) if text]


def _form(
    request: Request,
    reader: Reader,
    chosen: CaseType,
    values: Mapping[str, str],
    problems: Mapping[str, str],
    key: str,
) -> Response:
    return page(
        request,
        "new_form.html",
        reader,
        status=422 if problems else 200,
        kind=chosen,
        suggests=_suggests(reader, chosen),
        fields=_fields(site_of(request), reader, chosen),
        required={use.field for use in chosen.fields if use.required or use.accept},
        values=values,
        problems=problems,
        key=key,
    )


def _suggests(reader: Reader, kind: CaseType) -> bool:
    """Whether articles are suggested while a case of this type is typed."""
    knowledge = reader.definition.document.knowledge
    return knowledge is not None and knowledge.suggests(kind.name)


def _types(site: Site, reader: Reader) -> list[CaseType]:
    """The case types that a contact may create here."""
    principal, definition = reader.principal, reader.definition
    contact = site.reference.contact(principal.tenant, principal.id)
    channel = definition.channels.get(CHANNEL)
    if principal.kind != "contact" or contact is None or channel is None:
        return []
    return [
        kind
        for kind in definition.case_types.values()
        if "contact" in channel.by
        and "contact" in kind.created_by
        and definition.holds(kind.when, _variables(site, reader, kind))
    ]


def _variables(site: Site, reader: Reader, kind: CaseType) -> Variables:
    """The variables of rules about a case of this type that the reader creates here."""
    who = reader.principal
    new_case = CaseState(
        case_type=kind.name, channel=CHANNEL, customer=who.customer, contact=who.id
    )
    actor = Actor(kind=who.kind, id=who.id)
    return new_case_variables(new_case, actor, reader.definition, site.reference, reader.words.now)


def _fields(site: Site, reader: Reader, kind: CaseType) -> list[CaseField]:
    """The fields that the form shows to its reader."""
    capacity, definition = reader.principal.kind, reader.definition
    asked = _variables(site, reader, kind)
    return [
        definition.fields[name]
        for name in kind.field_names
        if edit_limit(definition, name, capacity, asked) is None
    ]


def _values(fields: Sequence[CaseField], typed: Mapping[str, str]) -> dict[str, str | bool | float]:
    """The typed values converted to the types of the fields; files come separately."""
    values: dict[str, str | bool | float] = {}
    for field in fields:
        if field.type == "boolean":
            values[field.name] = field.name in typed
        elif field.type != "files" and typed.get(field.name):
            text = typed[field.name]
            values[field.name] = _number(text) if field.type == "number" else text
    return values


def _number(text: str) -> float | str:
    """The typed number; the text itself if it is no number, so that intake refuses it."""
    try:
        return float(text)
    except ValueError:
        return text


def _sentence(reader: Reader, problem: Problem | InputFault) -> str:
    """The problem of a field: what its type requires, or the text of its rule."""
    field = reader.definition.fields.get(problem.field)
    for key in (f"error.{problem.rule}_{field.type}" if field else "", f"error.{problem.rule}"):
        if reader.words.has(key):
            return reader.words.text(key)
    return problem.reason
