"""Run it without a fault."""

from tests.support.faults.timer_service.bootstrap import main

main()
