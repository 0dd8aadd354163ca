"""The application of notify: which mails and calls an event of a case leads to."""
