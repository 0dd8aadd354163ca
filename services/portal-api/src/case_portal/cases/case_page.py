"""The page of one case: its state in one sentence, the primary button, and the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from case_definition.lookup.definition import Definition
from case_definition.schema.definition import CaseField, Transition
from case_definition.schema.directory import Agent
from case_events.tokens.rating_link import RatingToken, rating_token
from fastapi import Request
from starlette.responses import Response

from case_portal.cases.timeline import HistoryPresenter
from case_portal.commands.permissions import may_comment, may_rate, steps_for
from case_portal.core.principal import Principal
from case_portal.core.problem import Problem
from case_portal.links.service import may_ask_of_others, may_follow_up, shown_links
from case_portal.read_model.history import names_another
from case_portal.read_model.reading import OpenCase, existing, shown_entries
from case_portal.read_model.view import CaseView, ClockView, HistoryEntry, LinkView
from case_portal.tags.permissions import may_tag
from case_portal.web.dependencies import site_of
from case_portal.web.reader import Reader
from case_portal.web.rendering import page
from case_portal.web.site import Site
from case_portal.work.section import work_section

NOTICES = ("done", "unchanged", "pending", "created")
STILL_RUNS = ("running", "warned")


@dataclass(frozen=True)
class StepForm:
    """A step with its requirements: none, a comment, fields. `ends` is true if the step finishes
    the case."""

    name: str
    title: str
    help: str
    ends: bool
    comment: bool
    fields: tuple[CaseField, ...]

    @property
    def at_once(self) -> bool:
        """Whether the step needs nothing but a press of its button."""
        return not (self.comment or self.fields or self.ends)


class _Read(NamedTuple):
    """All entries of a history, and the entries and links that a principal may see."""

    entries: list[HistoryEntry]
    shown: list[HistoryEntry]
    links: list[LinkView]


async def case_page(
    request: Request,
    reader: Reader,
    case: OpenCase,
    notice: str = "",
    problem: Problem | None = None,
    draft: str = "",
) -> Response:
    """The page of a case. With a `problem`, it shows the refused command and its draft."""
    site = site_of(request)
    view, definition, principal = case.view, case.definition, reader.principal
    presenter = HistoryPresenter(reader.words, definition, site.reference)
    read = await _read(site, principal, case)
    steps = [_step_form(step, view, definition, reader) for step in _steps(reader, case)]
    primary = _primary(reader, view, steps)
    return page(
        request,
        "case.html",
        reader,
        status=409 if problem else 200,
        view=view,
        case_definition=definition,
        presenter=presenter,
        lines=[presenter.line(entry) for entry in read.shown],
        sentence=_sentence(reader, view, definition),
        promise=_promise(reader, view),
        primary=primary,
        steps=[step for step in steps if step is not primary],
        rating=_rating_link(site, reader, case),
        may_write=may_comment(principal, view, definition),
        notice=notice if notice in NOTICES else "",
        refusal=_refusal(reader, problem) if problem else "",
        draft=draft,
        desk=_desk(site, reader, view, definition) if principal.kind == "agent" else None,
        fields=_fields(reader, view, presenter),
        clocks=_clocks(reader, view, presenter),
        people=_people(site, view),
        **_others(reader, case, read.links),
        work=work_section(site, reader, case, read.entries),
    )


async def _read(site: Site, principal: Principal, case: OpenCase) -> _Read:
    """The content of the page below its head. Each part is read once, and one query decides which
    of the other cases exist for the principal."""
    cases = site.cases(principal)
    entries = await cases.entries(case.case.id, True)
    links = await cases.links(case.case.id)
    named = [*(names_another(one.what) for one in entries), *(one.reference for one in links)]
    exist = await existing(cases, principal, case, named)
    return _Read(
        entries,
        shown_entries(principal, case, entries, exist),
        shown_links(principal, links, exist),
    )


def _others(reader: Reader, case: OpenCase, links: Sequence[LinkView]) -> dict[str, Any]:
    """The linked cases, the commands about other cases that the reader may send, and the mail that
    did not arrive."""
    principal, view, definition = reader.principal, case.view, case.definition
    return {
        "links": links,
        "bounces": list(view.bounces.values()) if principal.sees_internal else [],
        "merged": any((link.kind, link.direction) == ("merge", "to") for link in links),
        "may_follow_up": may_follow_up(principal, view, definition),
        "others": may_ask_of_others(principal, view, definition),
        "may_tag": may_tag(principal, case),
    }


def _steps(reader: Reader, case: OpenCase) -> list[Transition]:
    return steps_for(reader.principal, case)


def _step_form(
    step: Transition, view: CaseView, definition: Definition, reader: Reader
) -> StepForm:
    language = reader.principal.language
    wanted = definition.required_by(step, view.case_type)
    return StepForm(
        name=step.name,
        title=definition.name_of("transitions", step.name, language),
        help=definition.help_for("transitions", step.name, language),
        ends=definition.statuses[step.to].kind == "final",
        comment=step.requires.comment,
        fields=tuple(definition.fields[name] for name in wanted),
    )


def _primary(reader: Reader, view: CaseView, steps: list[StepForm]) -> StepForm | None:
    """The primary button of a contact: the step that agrees with an offer."""
    if reader.principal.kind != "contact" or view.status_kind != "resolved":
        return None
    return next((step for step in steps if step.ends and not step.comment), None)


def _rating_link(site: Site, reader: Reader, case: OpenCase) -> str:
    """The page on which a contact rates the case; empty while the contact may not."""
    principal, view = reader.principal, case.view
    if not may_rate(principal, view, case.definition):
        return ""
    token = RatingToken(view.tenant, view.reference, case.case.id, principal.id)
    return f"/rate/{rating_token(site.secret, token, site.now())}"


def _sentence(reader: Reader, view: CaseView, definition: Definition) -> str:
    """The state of the case: for its contact in the words of the definition, for agents who is
    next."""
    if not view.status:
        return ""
    if reader.principal.kind == "contact":
        return definition.help_for("statuses", view.status, reader.principal.language)
    words = reader.words
    who = f"{view.waits_for}_desk" if view.waits_for in ("contact", "agent") else view.waits_for
    return f"{words.text('column.waits_for')} {words.text(f'waits.{who}')}"


def _promise(reader: Reader, view: CaseView) -> str:
    """The time by which the contact gets an answer: the due of the first running clock."""
    if reader.principal.kind != "contact" or view.waits_for != "agent":
        return ""
    dues = [
        clock.due
        for clock in view.clocks.values()
        if clock.due and clock.state in STILL_RUNS and clock.due > reader.words.now
    ]
    return reader.words.text("case.promise", due=reader.words.exact(min(dues))) if dues else ""


def _clocks(
    reader: Reader, view: CaseView, presenter: HistoryPresenter
) -> list[tuple[str, str, ClockView]]:
    """Each clock with its name and state, for people who may see internal data."""
    if not reader.principal.sees_internal:
        return []
    targets = []
    for clock in view.clocks.values():
        due = reader.words.exact(clock.due) if clock.due else "–"
        sentence = reader.words.text(f"clock.{clock.state}", due=due)
        targets.append((presenter.named("metrics", clock.target), sentence, clock))
    return targets


def _refusal(reader: Reader, problem: Problem) -> str:
    """The reason of a refusal, in the reader's language if the rule has a text."""
    for key in (f"rule.{problem.rule}", f"error.{problem.kind}"):
        if reader.words.has(key):
            return reader.words.text(key)
    return problem.reason


def _fields(reader: Reader, view: CaseView, presenter: HistoryPresenter) -> list[tuple[str, str]]:
    return [
        (presenter.named("fields", name), _value(reader, presenter, name, value))
        for name, value in view.fields.items()
        if name in presenter.definition.fields and value
    ]


def _value(reader: Reader, presenter: HistoryPresenter, name: str, value: str) -> str:
    definition = presenter.definition
    field = definition.fields[name]
    if field.type == "agent":
        return presenter.agent(value)
    if field.type == "choice" and value in field.options:
        return definition.text(f"fields.{name}.options.{value}", reader.principal.language)
    if field.type == "boolean" and value in ("true", "false"):
        return reader.words.text(f"yes.{value}")
    return reader.words.day(value) if field.type == "date" else value


def _desk(site: Site, reader: Reader, view: CaseView, definition: Definition) -> dict[str, Any]:
    """The choices of agents."""
    agents: list[Agent] = [a for a in site.reference.agents(view.tenant) if a.active]
    kind = definition.case_types.get(view.case_type)
    return {
        "teams": list(definition.teams),
        "agents": agents,
        "priorities": definition.document.priorities.scale,
        "types": kind.reclassify_to if kind else (),
    }


def _people(site: Site, view: CaseView) -> dict[str, str]:
    contact = site.reference.contact(view.tenant, view.contact)
    customer = site.reference.customer(view.tenant, view.customer)
    agent = site.reference.agent(view.tenant, view.agent) if view.agent else None
    return {
        "contact": contact.name if contact else _unregistered(view) or view.contact,
        "customer": customer.name if customer else view.customer or "–",
        "agent": agent.name if agent else view.agent,
    }


def _unregistered(view: CaseView) -> str:
    """The unregistered contact, as they named themselves; empty for a contact of the directory."""
    person = view.unregistered
    if person.name and person.address:
        return f"{person.name} ({person.address})"
    return person.name or person.address
