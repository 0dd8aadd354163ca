"""The tags of a case, over the API and on its page."""
