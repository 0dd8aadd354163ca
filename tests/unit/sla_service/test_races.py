"""However late sla and workflow read of each other, time is as it is worked out from the history.

CASEFOLD_RACES says how many races are run.
"""

import os
from datetime import timedelta

import pytest

from tests.support.world.recomputed_clocks import check_recomputed, check_warned
from tests.unit.sla_service.races import Race

RACES = int(os.environ.get("CASEFOLD_RACES", "320"))
PARTS = 4
TURNS = 160
LATER = (timedelta(), timedelta(hours=30), timedelta(hours=1))


@pytest.mark.parametrize("part", range(PARTS))
def test_deadlines_and_breaches_are_as_recorded_after_every_race(part: int) -> None:
    """C8, C9, C11: both come to rest, nothing fails, and each explanation sums up."""
    for seed in range(part, RACES, PARTS):
        race = Race(seed)
        try:
            race.goes(TURNS)
            race.comes_to_rest(LATER[seed // PARTS % 3])
        except Exception as error:
            raise AssertionError(f"race {seed}: {error}\n{race.story()}") from error
        check_recomputed(race.history, race.known, race.now, (f"race {seed}",))
        check_warned(race.history, race.known, race.now)
