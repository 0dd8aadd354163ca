"""Any change by chance is refused with its place, or gives a desk on which each case can end.

CASEFOLD_MUTANTS says how many are made.
"""

import os
from collections.abc import Iterator
from random import Random

import pytest
from case_definition.check.folder import examine
from case_definition.publishing.loading import TenantDocuments, documents_of

from tests.support.random_cases.case_lifecycles import Life, World
from tests.unit.definition.mistakes.folders import TENANTS, Copies, copies
from tests.unit.definition.mistakes.mutating import mutant

MUTANTS = int(os.environ.get("CASEFOLD_MUTANTS", "150"))
PARTS = 10
STEPS = 25


@pytest.fixture(scope="module")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    with copies(tmp_path_factory.mktemp("tenants")) as folders:
        yield folders


@pytest.mark.parametrize("part", range(PARTS))
def test_a_mutant_is_refused_with_its_place_or_lives(part: int, tenants: Copies) -> None:
    folders, refused = list(tenants), 0
    for seed in range(part, MUTANTS, PARTS):
        changed = mutant(folders[seed % len(TENANTS)], Random(seed))
        with tenants.spoilt(changed.file, changed.text):
            found = examine(changed.file.parent if changed.file.parent in folders
                            else changed.file.parent.parent)  # fmt: skip
        for one in found.findings:
            assert one.file and one.line > 0 and one.path and one.sentence, changed.described
        if found.findings:
            refused += 1
        else:
            survives(documents_of(found), seed, changed.described)
    assert refused


def survives(documents: TenantDocuments, seed: int, report: str) -> None:
    """Cases of each type live under the definition, and each can always still end."""
    try:
        world = World(documents)
        for case_type in world.definition.case_types:
            Life(world, seed).goes(STEPS, case_type)
    except Exception as failure:
        raise AssertionError(f"seed {seed}: {report} passes the check") from failure
