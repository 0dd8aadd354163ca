"""Cases by topic, counted in memory: the replacement of the counting in PostgreSQL."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from case_portal.read_model.view import CaseView
from case_portal.topics.service import Counted, TopicQuestion

FORMATS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}


class SimulatedTopics:
    """`case_portal.topics.service.TopicCounts`, over the cases that are known at the time of the
    question."""

    def __init__(self, cases: Callable[[], Iterable[CaseView]]) -> None:
        self._cases = cases

    async def counted(self, question: TopicQuestion) -> list[Counted]:
        """A line for each topic and group."""
        contacts: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
        for view in self._cases():
            if _is_asked(view, question):
                group = tuple(_value(view, name, question) for name in question.by)
                contacts[view.fields.get(question.field, ""), group].append(view.contact)
        return [
            Counted(topic, group, len(by), len(set(by))) for (topic, group), by in contacts.items()
        ]


def _is_asked(view: CaseView, question: TopicQuestion) -> bool:
    return (
        view.tenant == question.tenant
        and view.created_at is not None
        and question.since <= view.created_at < question.until
        and all(_value(view, name, question) in values for name, values in question.only.items())
    )


def _value(view: CaseView, name: str, question: TopicQuestion) -> str:
    if name in FORMATS and view.created_at is not None:
        return view.created_at.astimezone(ZoneInfo(question.zone)).strftime(FORMATS[name])
    value: str = getattr(view, name)
    return value
