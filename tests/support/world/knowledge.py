"""The knowledge base in the simulated world: asked as the portal's API asks it."""

from collections.abc import Coroutine, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_portal.core.principal import Account, Principal, principal_of
from case_portal.core.problem import Problem
from case_portal.core.zones import zone_of
from case_portal.knowledge.routes import A_PAGE
from case_portal.knowledge.serializers import article_model
from case_portal.knowledge.service import read, suggestions
from case_portal.knowledge.service import search as looked_for
from case_portal.read_model.view import CaseView
from case_portal.topics.schemas import TopicQuery
from case_portal.topics.serializers import topic_model
from case_portal.topics.service import most_reported, topic_field

from tests.support.desk.values import ArticleTold, Form, Person, TopicTold
from tests.support.world.articles import SimulatedArticles
from tests.support.world.platform import SimulatedPlatform
from tests.support.world.reference_data import Shelved
from tests.support.world.topics import SimulatedTopics

T = TypeVar("T")


class SimulatedKnowledge:
    """The part of `scenario.Driver` that is about articles and topics."""

    reference: Reference
    platform: SimulatedPlatform

    def now(self) -> datetime:
        """What time it is in this world."""
        raise NotImplementedError

    def suggestions(self, who: Person, form: Form) -> list[str]:
        principal, definition = self._reader(who)
        typed = (str(form.values["title"]), str(form.values["description"]))
        found = _done(suggestions(self._articles(), principal, definition, form.case_type, typed))
        assert not isinstance(found, Problem), found
        return [one.id for one in found]

    def articles(self, who: Person, search: str) -> list[str]:
        principal, _ = self._reader(who)
        page = _done(looked_for(self._articles(), principal, search, "", 1, A_PAGE))
        return [one.id for one in page.articles]

    def article(self, who: Person, article: str) -> ArticleTold | None:
        principal, definition = self._reader(who)
        found = _done(read(self._articles(), principal, article))
        if isinstance(found, Problem):
            return None
        told = article_model(found, definition, principal.language)
        return msgspec.convert(told.model_dump(), ArticleTold)

    def topics(self, who: Person, query: Mapping[str, str]) -> list[TopicTold] | None:
        principal, definition = self._reader(who)
        field = topic_field(definition)
        assert not isinstance(field, Problem), field
        asked = TopicQuery.model_validate(
            {name: [value] if name == "by" else value for name, value in query.items()}
        )
        question = asked.question(who.tenant, field, zone_of(definition), self.now())
        counts = SimulatedTopics(self._views)
        found = _done(most_reported(counts, self._articles(), principal, question))
        if isinstance(found, Problem):
            return None
        told = [topic_model(line, question, definition, principal.language) for line in found]
        return [msgspec.convert(line.model_dump(), TopicTold) for line in told]

    def _articles(self) -> SimulatedArticles:
        known = self.reference
        assert isinstance(known, Shelved), "this world was made without articles"
        return SimulatedArticles(list(known.articles.values()))

    def _views(self) -> Iterator[CaseView]:
        for kept in self.platform.processes["portal"].log.state.snapshots.values():
            yield msgspec.json.decode(kept.state, type=CaseView)

    def _reader(self, who: Person) -> tuple[Principal, Definition]:
        account = Account(tenant=who.tenant, kind=who.kind, person=who.id, user=who.address)
        principal = principal_of(account, self.reference)
        definition = self.reference.newest(who.tenant)
        assert principal is not None, f"{who} is nobody"
        assert definition is not None
        return principal, definition


def _done(step: Coroutine[Any, Any, T]) -> T:
    """What is in memory answers without waiting, so the world's own loop need not turn."""
    try:
        step.send(None)
    except StopIteration as done:
        answer: T = done.value
        return answer
    raise AssertionError("memory does not wait")
