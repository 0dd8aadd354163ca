"""Lists of cases, and one case: over the API and on its page."""
