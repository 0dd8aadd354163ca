"""Assertions about who sees a case, for every desk and every person."""

from collections.abc import Sequence

from tests.support.desk.mails import Letter
from tests.support.desk.scenario import Case
from tests.support.desk.values import Person


def does_not_exist_for(case: Case, who: Person) -> None:
    """Neither the case nor its history exists for the person, and they cannot send it a command."""
    before, driver = case.story, case.desk.driver
    assert case.seen_by(who) is None
    assert driver.history(who, case.reference) is None
    assert case.reference not in driver.references(who, "all")
    answer = case.agent(who).tries.comments("Let me in.")
    assert (answer.status, answer.code) == ("refused", "unknown_case")
    assert case.story == before


def may_only_read(case: Case, who: Person) -> None:
    """The case is in the person's overview, and they can send it no command."""
    before = case.story
    assert case.reference in case.desk.cases_of(who)
    answer = case.agent(who).tries.comments("I disagree.")
    assert (answer.status, answer.code) == ("refused", "may_not_ask")
    assert case.story == before


def steps_of(case: Case, who: Person) -> list[str]:
    """The names of the steps that a person may take on a case, in their language."""
    shown = case.seen_by(who)
    assert shown is not None
    return [step.title for step in shown.steps]


def are_in(language: str, letters: Sequence[Letter], notices: Sequence[str],
           words: Sequence[str]) -> None:  # fmt: skip
    """Exactly these mails arrived, each in this language."""
    assert [letter.notice for letter in letters] == list(notices)
    assert {letter.header("Content-Language") for letter in letters} == {language}
    for letter, expected in zip(letters, words, strict=True):
        assert expected in letter.subject
