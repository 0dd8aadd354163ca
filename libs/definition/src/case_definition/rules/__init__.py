"""A case under its definition: its state, the variables of rules, what rules decide."""
