"""Run a small platform: real servers and the sink, one stand-in for a service.

Usage: platform_under_test.py DATA_FOLDER
"""

import sys
from pathlib import Path

from casefold import plan
from casefold.platform import EXPECTED_ERRORS, Platform

PORTAL = plan.Service("portal", "stand_in", plan.PORTAL, "portal")
SINK = plan.Service("sink", "casefold.sink", plan.SINK_WEB)
PLAN = plan.Plan(services=(SINK, PORTAL))

if __name__ == "__main__":
    try:
        Platform(PLAN, Path(sys.argv[1])).run()
    except EXPECTED_ERRORS as error:
        sys.exit(str(error))
