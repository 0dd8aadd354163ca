"""Whatever is asked of a case of any tenant, in whatever order: it can still end.

CASEFOLD_LIVES says how many cases of each type live.
"""

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from case_definition.publishing.loading import load_tenant
from case_events.contracts.base import Event

from tests.support.random_cases.case_lifecycles import COMMANDS, Life, World
from tests.unit.definition.sample_tenant import Tenant

FOLDERS = sorted(
    path for path in (Path(__file__).parents[3] / "deploy/tenants").iterdir() if path.is_dir()
)
LIFECYCLES = int(os.environ.get("CASEFOLD_LIVES", "5"))
STEPS = 150


@cache
def world_of(folder: Path) -> World:
    """A tenant's world after cases of all its types have lived in it."""
    world = World(load_tenant(folder))
    for case_type in world.definition.case_types:
        for seed in range(LIFECYCLES):
            Life(world, seed).goes(STEPS, case_type)
    return world


def test_a_case_that_cannot_end_is_seen(tmp_path: Path) -> None:
    """What no check can know: the one way out has a rule that never holds."""
    tenant = Tenant(tmp_path)
    finish = tenant.definition["transitions"][2]
    finish["when"] = "case.priority == 'P1' && case.priority == 'P2'"
    world = World(load_tenant(tenant.write()))
    with pytest.raises(AssertionError, match="this cannot end"):
        Life(world, 1).goes(1, "request")


@pytest.mark.parametrize("folder", FOLDERS, ids=range(len(FOLDERS)))
def test_every_case_can_always_still_end(folder: Path) -> None:
    """No reaction fails, and from each state that a case comes to an end can be reached."""
    world = world_of(folder)
    assert sum(world.taken.values()) > 10 * LIFECYCLES


def test_every_command_that_there_is_was_asked_and_most_were_taken() -> None:
    """A new command is made from its contract; where that cannot be, this says so."""
    asked: Counter[type[Event]] = Counter()
    taken: Counter[type[Event]] = Counter()
    for folder in FOLDERS:
        asked.update(world_of(folder).asked)
        taken.update(world_of(folder).taken)
    assert set(COMMANDS) <= asked.keys()
    assert len(set(COMMANDS) & taken.keys()) > 0.7 * len(COMMANDS)
