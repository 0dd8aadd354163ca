"""Migration: bringing a case under another version of its definition."""
