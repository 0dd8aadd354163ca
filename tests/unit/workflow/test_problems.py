"""A problem and its reports: solved once, heard once by each, whatever comes twice or late."""

from itertools import pairwise
from uuid import UUID

import pytest
from case_events.contracts.base import label_of
from case_events.contracts.commands import ChangeStatus
from case_events.contracts.links import (
    CaseUnlinked,
    LinkCase,
    MergeCase,
    OpenProblem,
    ProblemSolved,
    UnlinkCase,
)
from case_events.contracts.parts import WrittenContent
from case_events.kernel import replay
from case_workflow.domain.case import Case, fold

from tests.unit.workflow.linked_cases import Cases


def problem_with(cases: Cases, reports: list[UUID]) -> UUID:
    """A problem with these reports."""
    problem = cases.problem_of(reports)
    for report in reports[1:]:
        cases.ask(report, LinkCase(kind="problem", reference="S-0900", case=problem))
    return problem


def solve(cases: Cases, problem: UUID) -> None:
    cases.ask(
        problem, ChangeStatus(transition="solve", personal=WrittenContent(text="Switch it off."))
    )


def test_a_problem_with_500_reports_is_solved_once_and_each_hears_once() -> None:
    """H5: a hundred reporters with five reports each."""
    cases = Cases()
    reports = [cases.open(n, contact=f"c{n % 100}") for n in range(1, 501)]
    problem = problem_with(cases, reports)
    assert cases.case(problem).weight == 100
    assert cases.case(problem).version < 510
    before = len(cases.carried)
    solve(cases, problem)
    carried = cases.carried[before:]
    assert [one.case for one in carried] == reports
    assert len({one.id for one in carried}) == 500
    for again in (*carried, *reversed(carried)):  # whatever comes twice, whenever
        cases.take(again)
    for report in reports:
        assert cases.texts(report) == ["Switch it off."]
        assert cases.statuses(report) == ["new", "solved"]
        assert replay(fold, Case(channel="portal"), cases.history[report]) == cases.case(report)
    assert not cases.refused


def test_weight_counts_different_customers_where_the_definition_says_so() -> None:
    problems = {"case_types": ["problem"], "weight": "customers", "solved_in": ["solved"]}
    cases = Cases(problems=problems)
    reports = [cases.open(1, "anna"), cases.open(2, "grace"), cases.open(3, "zoe", "small")]
    problem = problem_with(cases, reports)
    assert cases.case(problem).weight == 2
    cases.ask(reports[2], UnlinkCase(kind="problem", reference="S-0900", case=problem))
    assert cases.case(problem).weight == 1
    cases.ask(problem, UnlinkCase(kind="problem", reference="S-0001", case=reports[0]))
    assert cases.case(reports[0]).links.others == {}
    assert cases.case(problem).weight == 1


def test_each_stranger_weighs_as_a_customer_does() -> None:
    problems = {"case_types": ["problem"], "weight": "customers", "solved_in": ["solved"]}
    cases = Cases(problems=problems)
    unregistered = [cases.open(number, f"address/{number}", "") for number in (1, 2)]
    problem = problem_with(cases, [*unregistered, cases.open(3)])
    assert cases.case(problem).weight == 3


def test_the_text_comes_just_before_the_step_that_it_travels_with() -> None:
    cases = Cases()
    report = cases.open(1)
    problem = problem_with(cases, [report])
    solve(cases, problem)
    kinds = [label_of(event) for event in cases.history[report]]
    assert kinds[-3:] == ["problem_solved", "comment_added", "status_changed"]
    comment, step = cases.history[report][-2:]
    assert getattr(comment, "transition", "") == getattr(step, "transition", None) == "heard"


def test_who_was_unlinked_while_the_solution_was_on_its_way_hears_nothing() -> None:
    cases = Cases()
    reports = [cases.open(1), cases.open(2)]
    problem = problem_with(cases, reports)
    cases.ask(problem, ChangeStatus(transition="solve"), carry=False)
    unlink = UnlinkCase(kind="problem", reference="S-0900", case=problem)
    cases.ask(reports[1], unlink, carry=False)
    cases.carry()
    assert any(isinstance(event, ProblemSolved) for event in cases.history[reports[0]])
    assert not any(isinstance(event, ProblemSolved) for event in cases.history[reports[1]])


def test_a_report_that_was_merged_passes_the_solution_on() -> None:
    """C10: its contact hears it where the case goes on."""
    cases = Cases()
    report, survivor = cases.open(1), cases.open(2)
    problem = problem_with(cases, [report])
    cases.ask(report, MergeCase(reference="S-0002", case=survivor))
    solve(cases, problem)
    assert cases.texts(survivor) == ["Switch it off."]
    assert cases.statuses(survivor)[-1] == "solved"
    assert cases.texts(report) == []


def test_what_is_solved_already_takes_no_report_and_says_so_to_it() -> None:
    cases = Cases()
    first, late = cases.open(1), cases.open(2)
    problem = problem_with(cases, [first])
    solve(cases, problem)
    cases.ask(late, LinkCase(kind="problem", reference="S-0900", case=problem))
    (gone,) = [event for event in cases.history[late] if isinstance(event, CaseUnlinked)]
    assert gone.reason == "ended"
    assert cases.case(late).links.others == {}


@pytest.mark.parametrize("other", [1, 77])
def test_what_cannot_be_a_problem_takes_no_report(other: int) -> None:
    """A case that is none, and one that there is not: the asking case is unlinked again."""
    cases = Cases()
    cases.open(1)
    report = cases.open(2)
    cases.ask(report, LinkCase(kind="problem", reference="?", case=UUID(int=other)))
    reasons = [event.reason for event in cases.history[report] if isinstance(event, CaseUnlinked)]
    assert reasons == ["no_problem" if other == 1 else "unknown"]


def test_a_new_problem_is_linked_to_the_case_that_it_was_opened_from() -> None:
    cases = Cases()
    case = cases.open(1)
    cases.ask(case, OpenProblem(personal=WrittenContent(title="All screens")))
    problem = cases.make(case, 2)
    assert [link.reference for link in cases.case(case).links.of("problem", "to")] == ["S-0002"]
    (report,) = cases.case(problem).links.of("problem", "from")
    assert (report.reference, report.contact, report.customer) == ("S-0001", "anna", "acme")
    versions = [cases.case(one).version for one in (case, problem)]
    for again in list(cases.carried):
        cases.take(again)
    assert [cases.case(one).version for one in (case, problem)] == versions


def test_times_never_run_back_between_cases() -> None:
    """What one case asks of another happens when it was asked, and is caused by it."""
    cases = Cases()
    reports = [cases.open(1), cases.open(2)]
    problem = problem_with(cases, reports)
    solve(cases, problem)
    times = [one.occurred_at for one in cases.carried]
    assert all(before <= after for before, after in pairwise(times))
    assert all(one.causation is not None for one in cases.carried)
