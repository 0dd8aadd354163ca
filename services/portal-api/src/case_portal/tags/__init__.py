"""Tags of a case: who may put them on it, by API and on its page."""
