"""The people of a case in addition to its contact and its agent: watchers, consultations, and
agents from whom the case is hidden (`visibility`)."""
