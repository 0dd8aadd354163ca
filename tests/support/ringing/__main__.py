"""Run it without a fault."""

from tests.support.ringing.bootstrap import main

main()
