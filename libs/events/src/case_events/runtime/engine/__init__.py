"""The loop of the runtime and its parts. Begin with `loop.py`."""
