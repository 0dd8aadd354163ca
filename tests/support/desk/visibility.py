"""Who sees a case: what holds at every desk, for whomever a story names."""

from collections.abc import Sequence

from tests.support.desk.mails import Letter
from tests.support.desk.scenario import Case
from tests.support.desk.values import Person


def does_not_exist_for(case: Case, who: Person) -> None:
    """Neither the case, nor its history, nor anything to ask of it."""
    before, driver = case.story, case.desk.driver
    assert case.seen_by(who) is None
    assert driver.history(who, case.reference) is None
    assert case.reference not in driver.references(who, "all")
    answer = case.agent(who).tries.comments("Let me in.")
    assert (answer.status, answer.code) == ("refused", "unknown_case")
    assert case.story == before


def may_only_read(case: Case, who: Person) -> None:
    """The case is in their overview, and they may ask nothing of it."""
    before = case.story
    assert case.reference in case.desk.cases_of(who)
    answer = case.agent(who).tries.comments("I disagree.")
    assert (answer.status, answer.code) == ("refused", "may_not_ask")
    assert case.story == before


def steps_of(case: Case, who: Person) -> list[str]:
    """What somebody may do with a case, as it is called for them."""
    told = case.seen_by(who)
    assert told is not None
    return [step.title for step in told.steps]


def are_in(language: str, letters: Sequence[Letter], notices: Sequence[str],
           words: Sequence[str]) -> None:  # fmt: skip
    """These mails came, and no other; each says that it is in this language, and is."""
    assert [letter.notice for letter in letters] == list(notices)
    assert {letter.header("Content-Language") for letter in letters} == {language}
    for letter, said in zip(letters, words, strict=True):
        assert said in letter.subject
