"""For fast tests of services: virtual time, and the ports of the runtime in memory."""
