"""The priority: assessed by an agent, or asked to be assessed again."""
