"""Replies by mail: a comment of the sender, or the beginning of a follow-up."""
