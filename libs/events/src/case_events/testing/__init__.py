"""For fast tests of services: the one runtime in one process, without servers and without waiting.

`virtual_time` has an event loop whose time jumps. `memory` has the ports of the runtime in memory,
with faults to plan. `Simulation` runs services on them. `AsgiClient` (in `asgi_client`, which needs
httpx) asks web apps on that loop. docs/testing.md shows how they are used.
"""

from case_events.testing.keys import codec
from case_events.testing.simulation import SimulatedService, Simulation

__all__ = ["SimulatedService", "Simulation", "codec"]
