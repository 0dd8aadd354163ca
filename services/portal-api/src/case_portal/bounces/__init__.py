"""Mail about a case that did not arrive, and addresses that take mail again."""
