"""The application of workflow: its reaction, the requester of a record, and the outcomes of
requests."""
