"""From a checked folder to published documents: loading, diff, migration."""
