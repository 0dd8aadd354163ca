"""People next to the contact and the agent: watchers, consultations, and agents from whom a case
is hidden (`visibility`)."""
