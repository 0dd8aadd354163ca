"""Run a small platform: real servers and the sink, one stand-in for a service.

Usage: platform_under_test.py DATA_FOLDER
"""

import sys
from pathlib import Path

from casefold import topology
from casefold.platform import EXPECTED_ERRORS, Platform

PORTAL = topology.ServiceProcess("portal", "stand_in", topology.PORTAL, "portal")
SINK = topology.ServiceProcess("sink", "casefold.sink", topology.SINK_WEB)
TOPOLOGY = topology.Topology(services=(SINK, PORTAL))

if __name__ == "__main__":
    try:
        Platform(TOPOLOGY, Path(sys.argv[1])).run()
    except EXPECTED_ERRORS as error:
        sys.exit(str(error))
