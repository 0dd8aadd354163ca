"""A service of nothing but timers, with a process of its own.

Run it with `python -m tests.support.faults.timer_service`.

It says once for each timer that fires at which due it did; no version and no key keeps it from
saying so twice.
"""
