"""The pure domain of workflow: the state of a case, decisions, and consequences."""
