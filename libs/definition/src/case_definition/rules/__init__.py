"""A case under its definition: its state, the variables of rules, and the decisions of rules."""
