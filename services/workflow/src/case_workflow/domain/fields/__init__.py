"""Fields: who may change them, which values are good, which a step requires."""
