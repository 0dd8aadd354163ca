"""Cases that have to do with each other: each decides by itself, and both agree in the end."""

from uuid import UUID

import pytest
from case_events.contracts.cases import StatusChanged
from case_events.contracts.commands import AddComment, ChangeStatus, SetFields
from case_events.contracts.intake import ReplyReceived
from case_events.contracts.links import (
    AcceptLink,
    CaseLinked,
    CaseMerged,
    CommentPassedOn,
    ForwardComment,
    ForwardSolution,
    InterCaseCommand,
    LinkCase,
    MergeCase,
    MergeUndone,
    OpenProblem,
    RemoveLink,
    RequestFollowUp,
    SplitCase,
    UndoMerge,
)
from case_events.contracts.parts import WrittenContent
from msgspec.structs import replace

from tests.unit.workflow.linked_cases import Cases
from tests.unit.workflow.workflow_desk import ANNA, BO, record

SOLUTION = ChangeStatus(
    transition="solve", fields={"cause": "x"}, personal=WrittenContent(text="Switch it off.")
)


def test_two_cases_that_are_merged_into_each_other_are_not_both_gone() -> None:
    cases = Cases()
    one, two = cases.open(1), cases.open(2)
    cases.ask(one, MergeCase(reference="S-0002", case=two), carry=False)
    cases.ask(two, MergeCase(reference="S-0001", case=one), carry=False)
    cases.ask(one, AddComment(public=True, personal=WrittenContent(text="Lost?")), carry=False)
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
    reply = ReplyReceived("token", True, personal=WrittenContent(text="Here."))
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


def test_cases_of_two_strangers_do_not_become_one_and_those_of_one_do() -> None:
    cases = Cases()
    first, same, other = (
        cases.open(n, f"address/{who}", "") for n, who in ((1, 1), (2, 1), (3, 2))
    )
    cases.ask(other, MergeCase(reference="S-0001", case=first))
    undone = [event for event in cases.history[other] if isinstance(event, MergeUndone)]
    assert [event.reason for event in undone] == ["other_customer"]
    cases.ask(same, MergeCase(reference="S-0001", case=first))
    assert cases.case(same).links.merged is not None


def test_a_merged_case_stands_as_the_definition_says_and_then_as_before() -> None:
    cases = Cases()
    case, other = cases.open(1), cases.open(2)
    ask = ChangeStatus(transition="ask", personal=WrittenContent(text="Which one?"))
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
        AcceptLink(case=UUID(int=2), reference="S-0002", kind="duplicate", direction="from"),
        RemoveLink(case=UUID(int=2), reference="S-0002", kind="merge", direction="to"),
        ForwardComment(case=UUID(int=2), reference="S", comment="c", author="agent", public=True),
        ForwardSolution(case=UUID(int=2), reference="S-0002", solution="s", passed_on=True),
    ],
)
def test_only_cases_ask_of_each_other(command: InterCaseCommand) -> None:
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
    follow_up = RequestFollowUp(personal=WrittenContent(text="Again."))
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
    reply = ReplyReceived("token", True, personal=WrittenContent(text="Again.", title="Re: Noise"))
    cases.ask(case, reply, ANNA)
    follow_up = cases.make(case, 2)
    (there,) = [event for event in cases.history[case] if isinstance(event, CaseLinked)]
    (back,) = [event for event in cases.history[follow_up] if isinstance(event, CaseLinked)]
    assert (there.kind, there.direction, there.reference) == ("follow_up", "from", "S-0002")
    assert (back.kind, back.direction, back.reference) == ("follow_up", "to", "S-0001")
    cases.ask(case, reply, ANNA)
    assert cases.texts(follow_up) == ["Again."]
    assert cases.case(case).status == "closed"


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
        OpenProblem(personal=WrittenContent(title="x")),
        UndoMerge(),
    ):
        assert cases.ask(case, command) == []
    assert cases.ask(case, RequestFollowUp(personal=WrittenContent(text="x")), ANNA) == []
    assert len(cases.refused) == 8
    assert all(one.reason for one in cases.refused)
