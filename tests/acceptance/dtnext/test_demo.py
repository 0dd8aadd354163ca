"""The story that `make demo` tells, twice: the second telling must not hear the first."""

import pytest
from casefold.demo import Demo

from tests.support.real.platform import RunningPlatform


@pytest.mark.real
def test_the_demo_tells_its_story_however_often(running_platform: RunningPlatform) -> None:
    """C3 C4 C9 D5 D17: over SMTP and HTTP, to the closed case and up the ladder of four."""
    environment = running_platform.environment("") | {
        "CASEFOLD_SINK_PORT": str(running_platform.ports["sink"]),
        "KAFKA_BOOTSTRAP_SERVERS": running_platform.kafka.bootstrap,
    }
    for _ in range(2):
        lines: list[str] = []
        Demo(environment, lines.append).play()
        story = "\n".join(lines)
        assert " is closed." in story
        assert [f"level {n}," in story for n in (1, 2, 3, 4)] == [True] * 4
        assert story.count("escalation_raised") == 4
