"""A service of timers only, with a process of its own.

Run it with `python -m tests.support.faults.timer_service`.

It publishes one record for each timer that fires, with its due. No version and no key would hide a
second one.
"""
