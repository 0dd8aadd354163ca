"""The loop of the runtime and all that it is made of. `loop.py` is the page to read first."""
