"""Cases that have to do with each other: each decides by itself, and both agree in the end."""

from itertools import pairwise
from uuid import UUID

import pytest
from case_events.contracts.cases import StatusChanged
from case_events.contracts.commands import AddComment, ChangeStatus, SetFields
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.links import (
    BetweenCases,
    CaseLinked,
    CaseMerged,
    CaseUnlinked,
    CommentPassedOn,
    DropLink,
    LinkCase,
    MergeCase,
    MergeUndone,
    OpenProblem,
    ProblemSolved,
    RequestFollowUp,
    SplitCase,
    TakeComment,
    TakeLink,
    TakeSolution,
    UndoMerge,
    UnlinkCase,
)
from case_events.contracts.parts import Words
from case_events.kernel import replay
from case_workflow.domain.case import Case, fold
from msgspec.structs import replace

from tests.unit.workflow.linked_cases import Cases
from tests.unit.workflow.workflow_desk import ANNA, BO, record

SOLUTION = ChangeStatus(
    transition="solve", fields={"cause": "x"}, personal=Words(text="Switch it off.")
)


def problem_with(cases: Cases, reports: list[UUID]) -> UUID:
    """A problem with these reports."""
    problem = cases.problem_of(reports)
    for report in reports[1:]:
        cases.ask(report, LinkCase(kind="problem", reference="S-0900", case=problem))
    return problem


def solve(cases: Cases, problem: UUID) -> None:
    cases.ask(problem, ChangeStatus(transition="solve", personal=Words(text="Switch it off.")))


def test_a_problem_with_500_reports_is_solved_once_and_each_hears_once() -> None:
    """H5: a hundred reporters with five reports each."""
    cases = Cases()
    reports = [cases.open(n, contact=f"c{n % 100}") for n in range(1, 501)]
    problem = problem_with(cases, reports)
    assert cases.case(problem).links.weight == 100
    assert cases.case(problem).version < 510
    before = len(cases.carried)
    solve(cases, problem)
    told = cases.carried[before:]
    assert [one.case for one in told] == reports
    assert len({one.id for one in told}) == 500
    for again in (*told, *reversed(told)):  # whatever comes twice, whenever
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
    assert cases.case(problem).links.weight == 2
    cases.ask(reports[2], UnlinkCase(kind="problem", reference="S-0900", case=problem))
    assert cases.case(problem).links.weight == 1
    cases.ask(problem, UnlinkCase(kind="problem", reference="S-0001", case=reports[0]))
    assert cases.case(reports[0]).links.others == {}
    assert cases.case(problem).links.weight == 1


def test_the_text_comes_just_before_the_step_that_it_travels_with() -> None:
    cases = Cases()
    report = cases.open(1)
    problem = problem_with(cases, [report])
    solve(cases, problem)
    kinds = [type(event).__name__ for event in cases.history[report]]
    assert kinds[-3:] == ["ProblemSolved", "CommentAdded", "StatusChanged"]
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


def test_two_cases_that_are_merged_into_each_other_are_not_both_gone() -> None:
    cases = Cases()
    one, two = cases.open(1), cases.open(2)
    cases.ask(one, MergeCase(reference="S-0002", case=two), carry=False)
    cases.ask(two, MergeCase(reference="S-0001", case=one), carry=False)
    cases.ask(one, AddComment(public=True, personal=Words(text="Lost?")), carry=False)
    cases.carry()
    assert not (cases.case(one).links.merged and cases.case(two).links.merged)
    assert cases.texts(one) + cases.texts(two) == ["Lost?"]
    assert [cases.case(case).status for case in (one, two)].count("new") >= 1


def test_a_chain_of_merges_ends_in_the_case_that_lives() -> None:
    """C4: what is written on the first arrives in the last; and one undo leads back to the
    middle."""
    cases = Cases()
    a, b, c = (cases.open(n) for n in (1, 2, 3))
    cases.ask(a, MergeCase(reference="S-0002", case=b))
    cases.ask(b, MergeCase(reference="S-0003", case=c))
    reply = ReplyReceived("token", True, personal=Words(text="Here."))
    cases.ask(a, reply, ANNA)
    assert (cases.texts(a), cases.texts(b), cases.texts(c)) == ([], [], ["Here."])
    comments = [e.comment for e in cases.history[b] if isinstance(e, CommentPassedOn)]
    assert comments == [e.comment for e in cases.history[a] if isinstance(e, CommentPassedOn)]
    cases.ask(b, UndoMerge())
    cases.ask(a, reply, ANNA)
    assert (cases.texts(b), cases.texts(c)) == (["Here."], ["Here."])


def test_a_merge_that_the_other_refuses_is_undone_with_the_reason() -> None:
    cases = Cases()
    case, ended, small = cases.open(1), cases.open(2), cases.open(3, "zoe", "small")
    cases.ask(ended, MergeCase(reference="S-0004", case=cases.open(4)))
    for other, reason in ((ended, "ended"), (small, "other_customer")):
        cases.ask(case, MergeCase(reference="?", case=other))
        undone = [event for event in cases.history[case] if isinstance(event, MergeUndone)]
        assert undone[-1].reason == reason
        assert cases.case(case).status == "new"
        assert cases.case(case).links.merged is None


def test_a_merged_case_stands_as_the_definition_says_and_then_as_before() -> None:
    cases = Cases()
    case, other = cases.open(1), cases.open(2)
    ask = ChangeStatus(transition="ask", personal=Words(text="Which one?"))
    cases.ask(case, ask)
    facts = cases.ask(case, MergeCase(reference="S-0002", case=other))
    assert facts == [
        CaseMerged(other, "S-0002", "asked"),
        StatusChanged("closed", "asked", reason="merged"),
    ]
    assert cases.ask(case, MergeCase(reference="S-0002", case=other)) == []
    cases.ask(case, UndoMerge())
    assert cases.statuses(case) == ["new", "asked", "closed", "asked"]
    assert cases.case(other).links.others == {}


@pytest.mark.parametrize(
    "command",
    [
        TakeLink(case=UUID(int=2), reference="S-0002", kind="duplicate", direction="from"),
        DropLink(case=UUID(int=2), reference="S-0002", kind="merge", direction="to"),
        TakeComment(case=UUID(int=2), reference="S", comment="c", author="agent", public=True),
        TakeSolution(case=UUID(int=2), reference="S-0002", solution="s", passed_on=True),
    ],
)
def test_only_cases_ask_of_each_other(command: BetweenCases) -> None:
    """Whoever is at the door is no case, whatever they send."""
    cases = Cases()
    case = cases.open(1)
    assert cases.ask(case, command) == []
    assert [(one.code, one.rule) for one in cases.refused] == [("not_allowed", "by")]


def test_a_case_of_another_tenant_does_not_exist() -> None:
    """C16: whatever comes under another tenant's name."""
    cases = Cases()
    case = cases.open(1)
    asked = record(SetFields(fields={"cause": "x"}), BO, 9)
    assert cases.take(replace(asked, case=case, tenant="other")) == []
    assert cases.refused[-1].code == "unknown"


def test_the_same_request_asks_for_the_same_case() -> None:
    """C2: the id of a new case comes from the record that asked for it."""
    follow_up = RequestFollowUp(personal=Words(text="Again."))
    asked = []
    for _ in range(2):
        cases = Cases()
        case = cases.open(1)
        cases.ask(case, SOLUTION)
        cases.ask(case, ChangeStatus(transition="agree"), ANNA)
        cases.ask(case, follow_up, ANNA)
        asked.append(cases.requested(case))
    assert asked[0] == asked[1]
    assert asked[0].case not in (UUID(int=1), None)


def test_a_follow_up_and_what_it_follows_point_to_each_other() -> None:
    """H3: and a reply to the old case goes on in the new one."""
    cases = Cases()
    case = cases.open(1)
    cases.ask(case, SOLUTION)
    cases.ask(case, ChangeStatus(transition="agree"), ANNA)
    reply = ReplyReceived("token", True, personal=Words(text="Again.", title="Re: Noise"))
    cases.ask(case, reply, ANNA)
    follow_up = cases.make(case, 2)
    (there,) = [event for event in cases.history[case] if isinstance(event, CaseLinked)]
    (back,) = [event for event in cases.history[follow_up] if isinstance(event, CaseLinked)]
    assert (there.kind, there.direction, there.reference) == ("follow_up", "from", "S-0002")
    assert (back.kind, back.direction, back.reference) == ("follow_up", "to", "S-0001")
    cases.ask(case, reply, ANNA)
    assert cases.texts(follow_up) == ["Again."]
    assert cases.case(case).status == "closed"


def test_a_new_problem_is_linked_to_the_case_that_it_was_opened_from() -> None:
    cases = Cases()
    case = cases.open(1)
    cases.ask(case, OpenProblem(personal=Words(title="All screens")))
    problem = cases.make(case, 2)
    assert [link.reference for link in cases.case(case).links.of("problem", "to")] == ["S-0002"]
    (report,) = cases.case(problem).links.of("problem", "from")
    assert (report.reference, report.contact, report.customer) == ("S-0001", "anna", "acme")
    versions = [cases.case(one).version for one in (case, problem)]
    for again in list(cases.carried):
        cases.take(again)
    assert [cases.case(one).version for one in (case, problem)] == versions


def test_a_desk_without_links_links_nothing() -> None:
    nothing: dict[str, None] = dict.fromkeys(
        ("problems", "duplicates", "merge", "split", "follow_up")
    )
    cases = Cases(**nothing)
    case, other = cases.open(1), cases.open(2)
    for command in (
        LinkCase(kind="problem", reference="S-0002", case=other),
        LinkCase(kind="duplicate", reference="S-0002", case=other),
        LinkCase(kind="split", reference="S-0002", case=other),
        MergeCase(reference="S-0002", case=other),
        SplitCase(parts=()),
        OpenProblem(personal=Words(title="x")),
        UndoMerge(),
    ):
        assert cases.ask(case, command) == []
    assert cases.ask(case, RequestFollowUp(personal=Words(text="x")), ANNA) == []
    assert len(cases.refused) == 8
    assert all(one.reason for one in cases.refused)


def test_times_never_run_back_between_cases() -> None:
    """What one case asks of another happens when it was asked, and is caused by it."""
    cases = Cases()
    reports = [cases.open(1), cases.open(2)]
    problem = problem_with(cases, reports)
    solve(cases, problem)
    times = [one.occurred_at for one in cases.carried]
    assert all(before <= after for before, after in pairwise(times))
    assert all(one.causation is not None for one in cases.carried)
