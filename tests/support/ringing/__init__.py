"""A service of nothing but timers, run as a process of its own: `python -m tests.support.ringing`.

It says once for each timer that fires at which due it did; no version and no key keeps it from
saying so twice.
"""
