"""The cases that wait for a decision, in the order of their points."""

from collections.abc import Sequence

from case_definition.lookup.definition import Definition
from case_definition.lookup.reference import Reference
from case_definition.rules.ranking import Score, score
from msgspec import Struct

from case_portal.core.principal import Principal, scope_of
from case_portal.core.problem import UNKNOWN_PLACE, Problem
from case_portal.read_model.ports import Cases
from case_portal.read_model.rule_variables import variables_of
from case_portal.read_model.view import CaseView, FoundCase

MOST = 1000
"""The number of cases that are ranked. Later requests wait until some of these are decided."""


class Waiting(Struct, frozen=True, kw_only=True):
    """A case that waits for a decision, with its points. `yours` is true if the principal has the
    role."""

    case: FoundCase
    definition: Definition
    decision: str
    score: Score
    yours: bool

    @property
    def view(self) -> CaseView:
        """The case."""
        return self.case.view


async def waiting(
    cases: Cases, reference: Reference, principal: Principal, decision: str
) -> list[Waiting] | Problem:
    """The cases that wait for a decision, most points first, for people who may see internal
    data."""
    newest = reference.newest(principal.tenant)
    if not principal.sees_internal or newest is None or decision not in newest.decisions:
        return UNKNOWN_PLACE
    found = await cases.undecided(scope_of(principal), decision, MOST)
    under = [(case, reference.definition(case.view.definition)) for case in found]
    waits = [(case, known) for case, known in under if _waits(case.view, known, decision)]
    views = [case.view for case, _ in waits]
    ranked = [
        Waiting(
            case=case,
            definition=known,
            decision=decision,
            score=_weighed(case.view, views, known, decision, reference),
            yours=known.decisions[decision].role in principal.roles,
        )
        for case, known in waits
    ]
    # Sorting keeps the order of cases with equal points: the longest requested first.
    return sorted(ranked, key=lambda one: -one.score.points)


def _waits(view: CaseView, definition: Definition, decision: str) -> bool:
    terms = definition.decisions.get(decision)
    return terms is not None and view.status in terms.statuses


def _weighed(
    view: CaseView,
    others: Sequence[CaseView],
    definition: Definition,
    decision: str,
    reference: Reference,
) -> Score:
    ranking = definition.rankings.get(definition.decisions[decision].ranking or "")
    if ranking is None:
        return Score(0.0, ())
    scale = definition.document.priorities.scale
    place = _urgency(view.priority, scale)
    more_urgent = sum(_urgency(other.priority, scale) < place for other in others)
    return score(definition, ranking, variables_of(view, reference), more_urgent)


def _urgency(priority: str, scale: Sequence[str]) -> int:
    return scale.index(priority) if priority in scale else len(scale)
