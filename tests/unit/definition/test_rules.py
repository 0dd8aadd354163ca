"""Rules are limited: what they ask is known, what they compute is little."""

from datetime import UTC, datetime

import pytest
from case_definition.cel.rules import RuleFailed, compile_rule, rule_defaults

from tests.unit.definition.sample_tenant import Tenant


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("case.priority ==", "no CEL rule"),
        ("ticket.priority == 'P1'", "unknown variable `ticket`"),
        ("case.urgency == 'P1'", "`case` has no `urgency`"),
        ("case['urgency'] == 'P1'", "gives no yes or no"),
        ("case.fields.colour == 'red'", "unknown field `colour`"),
        ("case.priority.lowerAscii() == 'p1'", "unknown function `lowerAscii`"),
        ("case.priority", "gives no yes or no"),
        ("case.priority + 1 == 2", "gives no yes or no"),
        ("my_own(case.priority)", "unknown function `my_own`"),
        ("[1].all(a, [1]. // more\n all(b, [1].existsOne(c, c > 0)))", "loop 2 times at most"),
        ("[1].all(a, [1].all(b, [1].all(c, a + b + c > 0)))", "loop 2 times at most"),
    ],
)
def test_a_rule_that_cannot_be_answered_is_found(tenant: Tenant, rule: str, says: str) -> None:
    tenant.definition["routing"][0]["when"] = rule
    finding = tenant.only()
    assert (finding.code, finding.path) == ("rule", "routing[0].when")
    assert says in finding.sentence


def test_a_rule_may_not_be_endless(tenant: Tenant) -> None:
    tenant.definition["routing"][0]["when"] = " || ".join(["case.priority == 'P1'"] * 100)
    assert tenant.only().path == "routing[0].when"


def test_text_in_a_rule_is_no_name(tenant: Tenant) -> None:
    tenant.definition["routing"][0]["when"] = "case.title.contains('case.urgency and foo.all(x')"
    assert tenant.findings() == []


def test_a_rule_may_ask_the_time() -> None:
    known = rule_defaults({})
    rule = compile_rule("now >= timestamp('2026-01-01T00:00:00Z')", known)
    assert rule.holds({"now": datetime(2026, 3, 1, tzinfo=UTC)})
    assert not rule.holds({"now": datetime(2025, 3, 1, tzinfo=UTC)})


def test_a_rule_that_does_not_answer_yes_or_no_fails_loudly() -> None:
    with pytest.raises(RuleFailed, match="not yes or no"):
        compile_rule("case.priority", rule_defaults({})).holds({})


@pytest.mark.parametrize(
    ("rule", "value", "holds"),
    [
        ("case.fields.count > 3", "5", True),
        ("case.fields.count > 3", "2", False),
        ("case.fields.count > 3", "", False),
        ("double(case.fields.count) > 3.4", "3.5", True),
        ("case.fields.urgent", "true", True),
        ("case.fields.urgent", "false", False),
        ("!case.fields.urgent", "", True),
        ("case.fields.files.size() == 2", "a.pdf, b.pdf", True),
    ],
)
def test_a_field_is_asked_as_what_it_is(rule: str, value: str, holds: bool) -> None:
    """D8: histories carry texts; a rule sees a number, a yes or no, a list."""
    known = rule_defaults({"count": 0, "urgent": False, "files": []})
    name = rule.partition("fields.")[2].split()[0].split(".")[0].rstrip(")")
    assert compile_rule(rule, known).holds({"case": {"fields": {name: value}}}) is holds
