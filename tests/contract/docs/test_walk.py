"""The way of one mail leads through functions that are there, and says so as committed."""

import ast
import re

from tests.contract.docs.walk import PAGE, ROOT, WALK, walk


def test_the_committed_walk_is_that_of_the_functions() -> None:
    """After a change: `python -m tests.contract.docs.walk`."""
    assert PAGE.read_text() == walk()


def test_every_hop_names_a_function_of_the_file_that_it_leads_to() -> None:
    hops = re.findall(r"^1\. \[`([\w.]+)`\]\(([^)]+)\)", walk(), re.MULTILINE)
    assert len(hops) == sum(len(part.hops) for part in WALK)
    for name, target in hops:
        body: list[ast.stmt] = ast.parse((PAGE.parent / target).read_text()).body
        for word in name.split("."):
            found = [node for node in body if getattr(node, "name", "") == word]
            assert found, f"{target} has no {name}"
            body = getattr(found[0], "body")  # noqa: B009


def test_the_walk_leads_through_all_five_services() -> None:
    for service in ("intake", "workflow", "sla", "notify", "portal-api"):
        assert f"](../services/{service}/src/" in walk()
    assert (ROOT / "docs/walk.md").is_file()
